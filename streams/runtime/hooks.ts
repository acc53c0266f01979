import type { Position } from '../log/log.ts'

/** A record that was given up on, as it went to the dead letters. */
export type DeadLetterEvent = {
  readonly app: string
  readonly taskId: string
  /** `decode`, `process`, `parked` (its key waits now) or `discarded` (by a control record). */
  readonly reason: 'decode' | 'process' | 'parked' | 'discarded'
  /** The node at which it failed. */
  readonly step: string
  /** Where the record stands in its input topic. */
  readonly at: Position
  readonly code: string
  readonly message: string
}

/**
 * What a task tells whoever observes it. All are optional, called synchronously, and must not throw. They are called
 * when the records in question are committed, so that nothing is told twice after a retry.
 */
export type StreamsHooks = {
  /** A batch of a task was committed: how many input records it took and how many records it wrote. */
  onRecords?(event: {
    readonly app: string
    readonly taskId: string
    readonly processed: number
    readonly written: number
    readonly bytes: number
  }): void
  onDeadLetter?(event: DeadLetterEvent): void
}
