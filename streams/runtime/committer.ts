import { setTimeout as sleep } from 'node:timers/promises'
import { isStreamsError, StreamsError } from '../errors.ts'
import type {
  CommitReceipt,
  GroupEpoch,
  Position,
  ProducerRecord,
  Transaction,
  TransactionalProducer,
} from '../log/log.ts'
import { encodeCheckpoint } from '../store/checkpoint.ts'
import { changelogOffsetKey } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import type { AppHooks } from './app-hooks.ts'
import type { StagedBatch } from './task.ts'
import type { TaskHost } from './task-host.ts'

/** What a task has staged. */
export type Staged = { readonly host: TaskHost; readonly batch: StagedBatch }

/** What the committer works with. */
export type CommitterOptions = {
  readonly app: string
  readonly backend: StoreBackend
  readonly hooks: AppHooks
  readonly nowMs: () => number
  readonly epoch: () => GroupEpoch
  /** True where trying again makes no sense any more. */
  readonly givesUp: () => boolean
}

const RETRY_MS_FIRST = 20
const RETRY_MS_MAX = 2_000

/**
 * Makes staged work permanent, in two steps. First one transaction of the log: outputs, changelogs and consumed
 * positions of all tasks together. When that is certain, one atomic write of the store: the state changes with the
 * changelog offsets they stand for.
 *
 * Order matters: the store never leads the changelog. Dying between the two steps leaves it behind by a transaction,
 * which the next start applies from the changelog.
 */
export class Committer {
  private readonly options: CommitterOptions
  private producer: TransactionalProducer | undefined
  private lastMsValue = 0
  private lastEpoch: GroupEpoch | undefined

  constructor(options: CommitterOptions) {
    this.options = options
  }

  /** How long the last commit took, with the store's write. */
  get lastMs(): number {
    return this.lastMsValue
  }

  /** The epoch that the last transaction spoke for. */
  get epochUsed(): GroupEpoch | undefined {
    return this.lastEpoch
  }

  use(producer: TransactionalProducer): void {
    this.producer = producer
  }

  async close(): Promise<void> {
    await this.producer?.close()
    this.producer = undefined
  }

  /** @throws StreamsError of the log's commit (but LOG_ABORTED, which is tried again) and of the store's write */
  async commit(staged: readonly Staged[]): Promise<void> {
    const started = performance.now()
    const records = recordsOf(staged)
    const receipt = await this.commitToLog(records, positionsOf(staged))
    for (const { host, batch } of staged) host.logged(batch)
    const entries = this.entriesOf(staged, receipt)
    if (entries.length > 0) await this.options.backend.write({ entries })
    this.lastMsValue = performance.now() - started
    for (const { host, batch } of staged) host.committed(batch, this.lastMsValue)
    this.report(staged, records.length)
  }

  private async commitToLog(
    records: readonly ProducerRecord[],
    positions: readonly Position[],
  ): Promise<CommitReceipt> {
    const { producer } = this
    if (producer === undefined) throw new StreamsError('APP_ILLEGAL_STATE', 'There is no producer to commit with.')
    for (let attempt = 1; ; attempt++) {
      const epoch = this.options.epoch()
      this.lastEpoch = epoch
      const transaction: Transaction = { records, consumed: { epoch, positions } }
      try {
        return await producer.commit(transaction)
      } catch (error) {
        if (isStreamsError(error, 'LOG_FENCED') && this.hasMovedOn(epoch)) continue
        if (!isStreamsError(error, 'LOG_ABORTED') || this.options.givesUp()) throw error
        this.options.hooks.onCommitRetry?.({ app: this.options.app, attempt, error })
        await sleep(Math.min(RETRY_MS_FIRST * 2 ** (attempt - 1), RETRY_MS_MAX))
      }
    }
  }

  /**
   * True where the group has moved on around us since a transaction spoke for `epoch`: then the same transaction is
   * tried again under the new epoch, instead of a recovery that restores every task.
   *
   * Safe, because all that is staged is still ours. LOG_FENCED says that nothing of the transaction was written. A task
   * that leaves is drained first: its hand-over waits until nothing is staged and no transaction is on its way, this
   * one included, and nobody else is given the task before the hand-over has ended. So a newer generation of the same
   * member can only mean that every task of the transaction has stayed here all the while. Where a task was taken
   * without a hand-over, membership is lost: the member has no newer generation then, and a membership that follows
   * has another member id. A producer fenced by its id is refused again under the same generation, and that is thrown.
   */
  private hasMovedOn(epoch: GroupEpoch): boolean {
    const now = this.options.epoch()
    return now.group === epoch.group && now.memberId === epoch.memberId && now.generation > epoch.generation
  }

  private entriesOf(staged: readonly Staged[], receipt: CommitReceipt): (readonly [Buffer, Buffer | null])[] {
    const ends = new Map(receipt.positions.map((position) => [partitionKey(position), position.offset]))
    const savedAtMs = this.options.nowMs()
    const entries: (readonly [Buffer, Buffer | null])[] = []
    for (const { host, batch } of staged) {
      for (const write of batch.writes) entries.push(write)
      for (const changelog of batch.changelogPartitions) {
        const offset = ends.get(partitionKey(changelog))
        if (offset === undefined) throw unheard(host.id, changelog.topic)
        entries.push([
          changelogOffsetKey(this.options.app, host.id, changelog.topic),
          encodeCheckpoint({ offset, savedAtMs }),
        ])
      }
    }
    return entries
  }

  private report(staged: readonly Staged[], written: number): void {
    const { app, hooks } = this.options
    if (hooks.onCommit === undefined) return
    const sum = (of: (batch: StagedBatch) => number) => staged.reduce((total, { batch }) => total + of(batch), 0)
    const tasks = new Set(staged.map(({ host }) => host.id)).size
    const processed = sum((batch) => batch.processed)
    hooks.onCommit({ app, ms: this.lastMsValue, processed, written, bytes: sum((batch) => batch.bytes), tasks })
  }
}

const partitionKey = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`

function recordsOf(staged: readonly Staged[]): readonly ProducerRecord[] {
  if (staged.length === 1 && staged[0] !== undefined) return staged[0].batch.records
  return staged.flatMap(({ batch }) => batch.records)
}

/** One position a partition: the last one, where a task has staged more than one batch. */
function positionsOf(staged: readonly Staged[]): readonly Position[] {
  if (staged.length === 1 && staged[0] !== undefined) return staged[0].batch.positions
  const last = new Map<string, Position>()
  for (const { batch } of staged) for (const position of batch.positions) last.set(partitionKey(position), position)
  return [...last.values()]
}

function unheard(taskId: string, topic: string): StreamsError {
  return new StreamsError(
    'APP_RECEIPT_INCOMPLETE',
    `Task ${taskId} wrote to ${topic}, and the log's receipt does not say where it landed: an error in the log.`,
  )
}
