import { StreamsError } from '../../errors.ts'
import type { LogRecord, Position } from '../log.ts'
import type { GroupPosition, LogStorage, RecordBatch } from './log-storage.ts'
import type { OpenBatch, PartitionState } from './partition-state.ts'
import type { PreparedRecords } from './prepared-records.ts'

/** Where a step landed. */
export type CommittedStep = {
  /** The offset of each record, in the order given; only where asked for. */
  readonly offsets: readonly number[]
  /** For each partition written, the offset after its last record. */
  readonly positions: readonly Position[]
}

type Step = {
  readonly prepared: PreparedRecords
  readonly positions: readonly GroupPosition[]
  readonly wantOffsets: boolean
  readonly resolve: (landed: CommittedStep) => void
  readonly reject: (error: Error) => void
}

/** A write on its way, and what it will mean. */
type Draft = { readonly steps: readonly Step[]; readonly landings: CommittedStep[]; readonly touched: PartitionState[] }

/** Where a queue writes, and whom it tells. */
export type CommitQueueOptions = {
  readonly storage: LogStorage
  /** Steps that arrive while a write runs are put together into the next one, up to about so many bytes. */
  readonly writeBytesMax: number
  /** Offsets left free after each step in every partition it wrote, as Kafka's commit markers take them. */
  readonly offsetGap: number
  /** Makes a batch visible. Called for all batches and positions of a write, with nothing in between. */
  readonly onBatch: (state: PartitionState, batch: OpenBatch) => void
  readonly onPosition: (position: GroupPosition) => void
  /** Told once, of the write that failed: no other one follows it. */
  readonly onPoisoned?: ((error: StreamsError) => void) | undefined
}

const NOTHING: PreparedRecords = { records: [], partitions: [], bytes: 0 }
const NO_HEADERS: LogRecord['headers'] = []

/**
 * Group commit: one write at a time, in the order asked. A step is visible when its promise resolves and never before
 * its write is done. After a failed write nothing more is written: what the storage holds in memory is not to be
 * trusted until it is opened again.
 */
export class CommitQueue {
  private readonly options: CommitQueueOptions
  private waiting: Step[] = []
  private running: Promise<void> | null = null
  private failure: StreamsError | null = null

  constructor(options: CommitQueueOptions) {
    this.options = options
  }

  submit(prepared: PreparedRecords, positions: readonly GroupPosition[], wantOffsets = false): Promise<CommittedStep> {
    if (this.failure !== null) return Promise.reject(again(this.failure))
    return new Promise((resolve, reject) => {
      this.waiting.push({ prepared, positions, wantOffsets, resolve, reject })
      this.running ??= this.run()
    })
  }

  /** Resolves when every step submitted so far is written or has failed, whatever comes after. */
  async settled(): Promise<void> {
    if (this.running === null) return
    // A step of nothing, in the queue behind them; that it fails with them is no news here.
    await this.submit(NOTHING, []).catch(() => undefined)
  }

  private async run(): Promise<void> {
    // Whatever is asked for in the same turn of the event loop goes into the first write together.
    await Promise.resolve()
    while (this.waiting.length > 0) await this.writeNext()
    this.running = null
  }

  private async writeNext(): Promise<void> {
    const draft = this.draft(this.takeSteps())
    const batches: RecordBatch[] = draft.touched.map((state) => ({ at: state, ...(state.open as OpenBatch) }))
    const positions = draft.steps.flatMap((step) => step.positions)
    try {
      if (batches.length > 0 || positions.length > 0) await this.options.storage.write(batches, positions)
    } catch (error) {
      this.fail(draft, error)
      return
    }
    this.publish(draft)
  }

  private takeSteps(): Step[] {
    let bytes = 0
    let count = 0
    while (count < this.waiting.length) {
      bytes += (this.waiting[count] as Step).prepared.bytes
      if (count > 0 && bytes > this.options.writeBytesMax) break
      count++
    }
    return this.waiting.splice(0, count)
  }

  private draft(steps: readonly Step[]): Draft {
    const touched: PartitionState[] = []
    const landings = steps.map((step) => this.place(step, touched))
    return { steps, landings, touched }
  }

  /** Gives each record of a step its offset, in the open batch of its partition. */
  private place(step: Step, touched: PartitionState[]): CommittedStep {
    const { records, partitions } = step.prepared
    const mine: PartitionState[] = []
    const offsets: number[] = []
    for (let i = 0; i < records.length; i++) {
      const state = partitions[i] as PartitionState
      let open = state.open
      if (open === null) {
        open = state.open = { baseOffset: state.next, nextOffset: state.next, records: [], touchedBy: null }
        touched.push(state)
      }
      if (open.touchedBy !== step) {
        open.touchedBy = step
        mine.push(state)
      }
      const { topic, partition, timestampMs, key, value, headers = NO_HEADERS } = records[i] as (typeof records)[number]
      const offset = open.nextOffset++
      open.records.push({ topic, partition, offset, timestampMs, key, value, headers })
      if (step.wantOffsets) offsets.push(offset)
    }
    const positions = mine.map((state) => {
      const open = state.open as OpenBatch
      const offset = open.nextOffset
      open.nextOffset += this.options.offsetGap
      return { topic: state.topic, partition: state.partition, offset }
    })
    return { offsets, positions }
  }

  private publish({ steps, landings, touched }: Draft): void {
    for (const state of touched) {
      const batch = state.open as OpenBatch
      state.open = null
      state.next = batch.nextOffset
      this.options.onBatch(state, batch)
    }
    for (const step of steps) for (const position of step.positions) this.options.onPosition(position)
    steps.forEach((step, index) => {
      step.resolve(landings[index] as CommittedStep)
    })
  }

  private fail({ steps, touched }: Draft, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.failure =
      error instanceof StreamsError ? error : new StreamsError('LOG_OUTCOME_UNKNOWN', message, { cause: error })
    for (const state of touched) state.open = null
    for (const step of steps) step.reject(new StreamsError(this.failure.code, this.failure.message, { cause: error }))
    for (const step of this.waiting.splice(0)) step.reject(again(this.failure))
    this.options.onPoisoned?.(this.failure)
  }
}

/** For a step that was never tried. */
function again(first: StreamsError): StreamsError {
  const code = first.code === 'LOG_STORAGE_FULL' ? 'LOG_STORAGE_FULL' : 'LOG_POISONED'
  const message = `The log takes no writes since one of them failed. Nothing of this one was written. ${first.message}`
  return new StreamsError(code, message, { cause: first })
}
