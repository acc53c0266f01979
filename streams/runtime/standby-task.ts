import { appliedBy, type ChangelogCursor, lagOf } from './changelog-cursors.ts'
import { RestorePace, type RestoreProgress } from './restore-pace.ts'

/** How far a standby is, and how old what it has may be. */
export type StandbyProgress = RestoreProgress & {
  /**
   * Milliseconds since it last was known to have everything; null where it never was since it follows the task. A
   * standby that lags by nothing is as old as its last look at the log.
   */
  readonly ageMs: number | null
}

/** A task that is followed: its stores, and how far they are. */
export class StandbyTask {
  /** `<sub-topology>.<partition>` */
  readonly id: string
  readonly partition: number
  readonly stores: readonly string[]
  /** Whether it is to become active here, and whether that was asked for. */
  warmUp: 'no' | 'wanted' | 'asked' = 'no'
  askedAtMs = Number.NEGATIVE_INFINITY
  private readonly nowMs: () => number
  private currentCursors: readonly ChangelogCursor[] | null = null
  private pace: RestorePace
  private wholeAtMs: number | null = null

  constructor(id: string, partition: number, stores: readonly string[], nowMs: () => number) {
    this.id = id
    this.partition = partition
    this.stores = stores
    this.nowMs = nowMs
    this.pace = new RestorePace(nowMs, 0)
  }

  /** False until it is known how far its stores are. */
  get isOpen(): boolean {
    return this.currentCursors !== null
  }

  get cursors(): readonly ChangelogCursor[] {
    return this.currentCursors ?? []
  }

  /** Changelog records to go, as of the last look. */
  get lag(): number {
    return lagOf(this.cursors)
  }

  open(cursors: readonly ChangelogCursor[]): void {
    this.currentCursors = cursors
    this.pace = new RestorePace(this.nowMs, this.lag)
    this.lookAtClock()
  }

  /** It has to be opened again. */
  close(): void {
    this.currentCursors = null
  }

  /** A step is done. True where it brought something. */
  advanced(): boolean {
    const done = appliedBy(this.cursors)
    const isMore = done.records > this.pace.progress().records
    this.pace.mark(done, this.lag)
    this.lookAtClock()
    return isMore
  }

  progress(): StandbyProgress {
    return { ...this.pace.progress(), ageMs: this.wholeAtMs === null ? null : this.nowMs() - this.wholeAtMs }
  }

  private lookAtClock(): void {
    if (this.lag === 0) this.wholeAtMs = this.nowMs()
  }
}
