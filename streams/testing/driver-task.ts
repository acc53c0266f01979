import type { LogRecord } from '../log/log.ts'
import type { StagedBatch, Task } from '../runtime/task.ts'
import { storePrefix } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { DriverTopics } from './driver-topics.ts'

/** What a task of a test works with. */
export type DriverTaskOptions = {
  readonly app: string
  readonly subtopology: Subtopology
  readonly partition: number
  readonly topics: DriverTopics
  /** Opens the real task. */
  readonly open: () => Task
}

const STAGED_BYTES_MAX = 1024 * 1024

/** One real task of a test, with its positions in the topics of the test. */
export class DriverTask {
  readonly subtopology: Subtopology
  task: Task
  private readonly options: DriverTaskOptions
  private readonly committed = new Map<string, number>()
  private readonly processed = new Map<string, number>()
  private staged: StagedBatch[] = []

  constructor(options: DriverTaskOptions) {
    this.options = options
    this.subtopology = options.subtopology
    this.task = options.open()
  }

  /** Processes what has arrived and is not processed yet. Answers whether there was anything. */
  async processNew(): Promise<boolean> {
    const waiting = this.waiting()
    for (let done = 0; done < waiting.length; ) {
      const batch = await this.task.process(waiting.slice(done), STAGED_BYTES_MAX)
      for (const { topic, offset } of batch.positions) this.processed.set(topic, offset)
      this.staged.push(batch)
      done += batch.processed
    }
    return waiting.length > 0
  }

  /** Commits what is staged: into the topics first, into the store afterwards. */
  async commit(backend: StoreBackend): Promise<void> {
    for (const batch of this.staged) {
      for (const record of batch.records) this.options.topics.append(record)
      this.task.logged(batch)
      await backend.write({ entries: batch.writes })
      this.task.committed(batch)
      for (const { topic, offset } of batch.positions) this.committed.set(topic, offset)
    }
    this.staged = []
  }

  /** Loses everything but what is in the topics, and builds the stores again from their changelogs. */
  async crash(backend: StoreBackend): Promise<void> {
    const { app, partition, topics } = this.options
    this.staged = []
    this.processed.clear()
    for (const [topic, offset] of this.committed) this.processed.set(topic, offset)
    this.task = this.options.open()
    for (const store of this.subtopology.storeNames) {
      const prefix = storePrefix(app, this.task.id, store)
      const changes = topics.from(changelogTopic(app, store), partition, 0)
      const entries = changes.map(({ key, value }) => [Buffer.concat([prefix, key ?? Buffer.of()]), value] as const)
      await backend.write({ entries })
    }
  }

  /** By timestamp, then by topic name; the order inside a partition stays. */
  private waiting(): LogRecord[] {
    const { topics, partition } = this.options
    const queues = this.subtopology.inputTopics.map((topic) => [
      ...topics.from(topic, partition, this.processed.get(topic) ?? 0),
    ])
    const ordered: LogRecord[] = []
    for (;;) {
      const [first] = queues
        .filter((queue) => queue.length > 0)
        .sort((a, b) => timestampOf(a) - timestampOf(b) || ((a[0]?.topic ?? '') < (b[0]?.topic ?? '') ? -1 : 1))
      const record = first?.shift()
      if (record === undefined) return ordered
      ordered.push(record)
    }
  }
}

const timestampOf = (queue: readonly LogRecord[]): number => queue[0]?.timestampMs ?? 0
