/**
 * Processing a task's whole input again, in the order in which it was processed the first time: the journal says which.
 * What comes out must be the same bytes; that is how one proves that decisions depend on their input alone.
 */
import type { Log, LogRecord, Position, TopicPartition } from '../log/log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend } from '../store/store.ts'
import { journalTopic } from '../topology/internal-topics.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { GlobalStores } from './global-stores.ts'
import { Interleaver } from './interleaver.ts'
import { decodeJournal } from './journal.ts'
import { type StagedBatch, Task } from './task.ts'

/** What is replayed. */
export type ReplayOptions = {
  readonly log: Log
  readonly topology: Topology
  readonly subtopology: Subtopology
  readonly partition: number
  /** Global tables are read as they are now: their changes are in no journal. None where left out. */
  readonly globals?: GlobalStores
  /** Where the replayed state goes; memory where left out. */
  readonly backend?: StoreBackend
}

const FETCH_BYTES = 4 * 1024 * 1024
const STAGED_BYTES = 4 * 1024 * 1024
const RECORDS_AT_A_TIME = 4_096
const NO_TABLES: GlobalStores = { table: () => new Map() }

/**
 * Replays a task from the beginning of its inputs to where they end now, and gives what it makes, batch by batch.
 * Batches are cut differently than they were; their records, one after the other, are what counts. Nothing is written
 * to the log.
 * @throws StreamsError STREAMS_JOURNAL_MISMATCH, STREAMS_JOURNAL_INVALID, and those of the log and of `Task.process`
 */
export async function* replayTask(options: ReplayOptions): AsyncGenerator<StagedBatch> {
  const { log, topology, subtopology, partition } = options
  const backend = options.backend ?? new MemoryBackend()
  const task = new Task({
    app: topology.name,
    topology,
    subtopology,
    partition,
    partitionCount: (topic) => log.partitionCount(topic),
    backend,
    globals: options.globals ?? NO_TABLES,
    hooks: {},
    cacheBytesMax: STAGED_BYTES,
  })
  const reader = new ReplayReader(log, subtopology, partition)
  const interleaver = new Interleaver(subtopology.inputTopics, { journal: subtopology.journalled })
  if (subtopology.journalled) await reader.readJournal(topology.name, task.id, interleaver)
  for (let hasMore = true; hasMore; ) {
    hasMore = await reader.readInputs(interleaver)
    // Past the journal's end the order goes by time, which is known only when all inputs are there.
    if (!hasMore) interleaver.endJournal()
    for (let records = interleaver.next(RECORDS_AT_A_TIME); records.length > 0; ) {
      const batch = await task.process(records, STAGED_BYTES)
      yield batch
      task.logged(batch)
      await backend.write({ entries: batch.writes })
      task.committed(batch)
      records = records.slice(batch.processed)
      if (records.length === 0) records = interleaver.next(RECORDS_AT_A_TIME)
    }
  }
}

type Cursor = { readonly position: Position; readonly end: number }

/** Reads partitions of the log from their beginning to where they ended when it was first asked. */
class ReplayReader {
  private readonly log: Log
  private readonly inputs: readonly TopicPartition[]
  private cursors: readonly Cursor[] | null = null

  constructor(log: Log, subtopology: Subtopology, partition: number) {
    this.log = log
    this.inputs = subtopology.inputTopics.map((topic) => ({ topic, partition }))
  }

  /** Gives the whole journal of a task to the interleaver. */
  async readJournal(app: string, taskId: string, interleaver: Interleaver): Promise<void> {
    const topic = journalTopic(app)
    const partitions = Array.from({ length: this.log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
    for (let cursors = await this.begin(partitions); cursors.length > 0; ) {
      const { records, rest } = await this.fetch(cursors)
      for (const { key, value } of records) {
        if (value !== null && key?.toString('utf8') === taskId) interleaver.follow(decodeJournal(value))
      }
      cursors = rest
    }
  }

  /** Offers the next records, of the topic that is waited for or of all. Answers whether there is more. */
  async readInputs(interleaver: Interleaver): Promise<boolean> {
    const cursors = this.cursors ?? (await this.begin(this.inputs))
    const isNext = ({ position }: Cursor) => interleaver.awaited === null || position.topic === interleaver.awaited
    const { records, rest } = await this.fetch(cursors.filter(isNext))
    this.cursors = [...cursors.filter((cursor) => !isNext(cursor)), ...rest]
    interleaver.offer(records)
    return this.cursors.length > 0
  }

  private async begin(partitions: readonly TopicPartition[]): Promise<Cursor[]> {
    const [begins, ends] = await Promise.all([this.log.beginningOffsets(partitions), this.log.endOffsets(partitions)])
    const cursors = begins.map((position, index) => ({ position, end: ends[index]?.offset ?? 0 }))
    return cursors.filter(({ position, end }) => position.offset < end)
  }

  private async fetch(cursors: readonly Cursor[]): Promise<{ records: LogRecord[]; rest: Cursor[] }> {
    const positions = cursors.map((cursor) => cursor.position)
    const fetched = await this.log.fetch({ positions, maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    const records: LogRecord[] = []
    const rest = cursors.map(({ position, end }) => {
      const part = fetched.find(({ topic, partition }) => topic === position.topic && partition === position.partition)
      for (const record of part?.records ?? []) if (record.offset < end) records.push(record)
      return { position: { ...position, offset: part?.nextOffset ?? position.offset }, end }
    })
    return { records, rest: rest.filter(({ position, end }) => position.offset < end) }
  }
}
