import { StreamsError } from '../../errors.ts'
import { entriesOf, type FetchedEntries } from '../entry-reader.ts'
import type {
  CommitReceipt,
  FetchedPartition,
  FetchRequest,
  GroupDescription,
  GroupMember,
  Log,
  LogCapabilities,
  Position,
  ProducerRecord,
  TopicPartition,
  TopicSpec,
  Transaction,
  TransactionalProducer,
} from '../log.ts'
import { checkTopicSpec } from '../topic-spec.ts'
import { CommitQueue } from './commit-queue.ts'
import { Fetcher } from './fetcher.ts'
import { GroupCoordinator, type JoinLocalGroupOptions } from './group-coordinator.ts'
import { GroupPositions } from './group-positions.ts'
import type { LogStorage } from './log-storage.ts'
import { type CompactionOptions, compact, firstAtTime, retain } from './maintenance.ts'
import { type OpenBatch, type PartitionState, TopicTable } from './partition-state.ts'
import { prepareRecords } from './prepared-records.ts'
import { Producers } from './producers.ts'
import { TailCache } from './tail-cache.ts'

/** Settings of a log inside one process; each adapter has its own defaults for some of them. */
export type LocalLogOptions = {
  /** Newest records of all partitions together kept as objects, in bytes. */
  readonly tailBytesMax: number
  /** Key, value and headers of one record, in bytes. */
  readonly recordBytesMax: number
  /** Transactions that arrive while a write runs are put together into the next, up to about so many bytes. */
  readonly writeBytesMax: number
  /** Offsets left free after each transaction, as Kafka's commit markers take them. */
  readonly offsetGap: number
  /** How long a member may take to hand partitions over, in milliseconds. */
  readonly handOverMsMax: number
  readonly compaction: CompactionOptions
  /** Told once, when a write has failed after which the log takes no other: it has to be opened again. */
  readonly onPoisoned?: (error: StreamsError) => void
}

/** What holds unless an adapter or its caller says otherwise. */
export const LOCAL_LOG_DEFAULTS: LocalLogOptions = {
  tailBytesMax: 64 * 1024 * 1024,
  recordBytesMax: 1024 * 1024,
  writeBytesMax: 8 * 1024 * 1024,
  offsetGap: 0,
  handOverMsMax: 60_000,
  compaction: { tombstoneKeepMs: 24 * 60 * 60 * 1000, keysMax: 500_000, smallRecords: 10_000 },
}

/** A log that `shareLog` can let other threads use. */
export type ShareableLog = Log & { joinGroup(options: JoinLocalGroupOptions): Promise<GroupMember> }

/** The log port inside one process, over a place that keeps the records. */
export class LocalLog implements ShareableLog {
  readonly capabilities: LogCapabilities
  private readonly storage: LogStorage
  private readonly options: LocalLogOptions
  private readonly table = new TopicTable()
  private readonly positions = new GroupPositions()
  private readonly producers = new Producers()
  private readonly tail: TailCache
  private readonly fetcher: Fetcher
  private readonly queue: CommitQueue
  private readonly coordinator: GroupCoordinator
  /** The end of the last of those steps that must not run beside each other: making topics, maintenance. */
  private turn: Promise<unknown> = Promise.resolve()
  private closing: Promise<void> | undefined

  /** A log over a storage that holds nothing yet. */
  constructor(storage: LogStorage, options: LocalLogOptions) {
    this.storage = storage
    this.options = options
    this.capabilities = { persistent: storage.persistent, crossProcess: false, compactionMovesBegin: true }
    this.tail = new TailCache(options.tailBytesMax)
    this.fetcher = new Fetcher(this.table, this.tail, storage)
    this.queue = new CommitQueue({
      storage,
      writeBytesMax: options.writeBytesMax,
      offsetGap: options.offsetGap,
      onBatch: (state, batch) => this.publish(state, batch),
      onPosition: (position) => this.positions.set(position),
      onPoisoned: options.onPoisoned,
    })
    this.coordinator = new GroupCoordinator({
      partitionCount: (topic) => this.partitionCount(topic),
      handOverMsMax: options.handOverMsMax,
    })
  }

  /** A log over what the storage holds. */
  static async open(storage: LogStorage, options: LocalLogOptions): Promise<LocalLog> {
    const log = new LocalLog(storage, options)
    const { topics, positions } = await storage.recover()
    for (const { id, spec, partitions } of topics) log.table.add(id, spec, partitions)
    for (const position of positions) log.positions.set(position)
    return log
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.assertOpen()
    for (const spec of specs) checkTopicSpec(spec)
    await this.inTurn(async () => {
      const missing = new Map<string, { id: number; spec: TopicSpec }>()
      for (const spec of specs) {
        const there = this.table.find(spec.name)?.spec ?? missing.get(spec.name)?.spec
        if (there === undefined) missing.set(spec.name, { id: this.table.nextId(), spec })
        else if (there.partitions !== spec.partitions) throw partitionsDiffer(there, spec)
      }
      if (missing.size === 0) return
      await this.storage.createTopics([...missing.values()])
      for (const { id, spec } of missing.values()) this.table.add(id, spec)
    })
  }

  async topics(): Promise<readonly TopicSpec[]> {
    return this.table.all().map(({ spec }) => spec)
  }

  partitionCount(topic: string): number {
    return this.table.get(topic).spec.partitions
  }

  async append(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    this.assertOpen()
    if (records.length === 0) return []
    const prepared = prepareRecords(this.table, records, this.options.recordBytesMax)
    return (await this.queue.submit(prepared, [], true)).offsets
  }

  async producer(transactionalId: string): Promise<TransactionalProducer> {
    this.assertOpen()
    const producer = this.producers.open(transactionalId, (transaction) => this.commit(transaction))
    // What the earlier holder has on its way is decided before the new one goes by what it reads.
    await this.queue.settled()
    return producer
  }

  async fetch(request: FetchRequest): Promise<readonly FetchedPartition[]> {
    this.assertOpen()
    return await this.fetcher.fetch(request)
  }

  async fetchEntries(request: FetchRequest): Promise<readonly FetchedEntries[]> {
    const release = () => undefined
    return (await this.fetch(request)).map(({ records, ...part }) => ({
      ...part,
      entries: entriesOf(records),
      release,
    }))
  }

  async beginningOffsets(partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    return this.table.partitions(partitions).map(({ topic, partition, begin }) => ({ topic, partition, offset: begin }))
  }

  async endOffsets(partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    return this.table.partitions(partitions).map(({ topic, partition, next }) => ({ topic, partition, offset: next }))
  }

  async offsetsForTime(partitions: readonly TopicPartition[], timestampMs: number): Promise<readonly Position[]> {
    this.assertOpen()
    const states = this.table.partitions(partitions)
    const offsets = await Promise.all(states.map((state) => firstAtTime(this.storage, state, timestampMs)))
    return states.map(({ topic, partition }, index) => ({ topic, partition, offset: offsets[index] as number }))
  }

  async joinGroup(options: JoinLocalGroupOptions): Promise<GroupMember> {
    this.assertOpen()
    return await this.coordinator.join(options)
  }

  /** Takes a member out of its group without a hand-over, as a broker does with one it no longer hears of. */
  async expelMember(group: string, memberId: string): Promise<void> {
    await this.coordinator.expel(group, memberId)
  }

  async groups(): Promise<readonly GroupDescription[]> {
    const described = this.coordinator.describe()
    const known = new Set(described.map(({ group }) => group))
    const silent = this.positions.groups().filter((group) => !known.has(group))
    return [...described, ...silent.map((group) => ({ group, generation: 0, members: [] }))]
  }

  async committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    this.assertOpen()
    this.table.partitions(partitions)
    // A transaction accepted under an earlier epoch may be on its way: its positions count.
    await this.queue.settled()
    return this.positions.of(group, partitions)
  }

  async resetPositions(group: string, positions: readonly Position[]): Promise<void> {
    this.assertOpen()
    if (this.coordinator.hasMembers(group)) {
      const message = `Group ${group} has members, so its positions cannot be moved. Stop them first.`
      throw new StreamsError('LOG_GROUP_ACTIVE', message)
    }
    this.table.partitions(positions)
    await this.queue.submit(
      { records: [], partitions: [], bytes: 0 },
      positions.map((position) => ({ ...position, group })),
    )
  }

  async maintain(nowMs: number): Promise<void> {
    this.assertOpen()
    await this.inTurn(async () => {
      for (const { spec, partitions } of this.table.all()) {
        for (const state of partitions) {
          if (this.closing !== undefined) return
          await this.maintainPartition(spec, state, nowMs)
        }
      }
    })
  }

  private async maintainPartition(spec: TopicSpec, state: PartitionState, nowMs: number): Promise<void> {
    if (spec.cleanup === 'compact') {
      if (await compact(this.storage, state, nowMs, this.options.compaction)) this.tail.forget(state)
    } else if (spec.retentionMs >= 0) {
      await retain(this.storage, state, nowMs - spec.retentionMs)
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    this.fetcher.endWaits()
    await this.inTurn(() => this.queue.settled())
    await this.storage.close()
  }

  private async commit({ records, consumed }: Transaction): Promise<CommitReceipt> {
    this.assertOpen()
    const prepared = prepareRecords(this.table, records, this.options.recordBytesMax)
    const moved = consumed?.positions ?? []
    this.table.partitions(moved)
    // Whoever asks for positions after a change of generation waits for what was let through here.
    if (consumed !== null) this.coordinator.assertCurrent(consumed.epoch, moved)
    if (records.length === 0 && moved.length === 0) return { positions: [] }
    const group = consumed?.epoch.group ?? ''
    const landed = await this.queue.submit(
      prepared,
      moved.map(({ topic, partition, offset }) => ({ group, topic, partition, offset })),
    )
    return { positions: landed.positions }
  }

  private publish(state: PartitionState, { baseOffset, nextOffset, records }: OpenBatch): void {
    this.tail.add(state, baseOffset, nextOffset, records)
    for (const wake of state.waiters) wake()
  }

  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(step)
    this.turn = mine.catch(() => {})
    return mine
  }

  private assertOpen(): void {
    if (this.closing !== undefined) throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
  }
}

function partitionsDiffer(there: TopicSpec, wanted: TopicSpec): StreamsError {
  return new StreamsError(
    'LOG_PARTITIONS_DIFFER',
    `Topic ${there.name} has ${there.partitions} partitions, not ${wanted.partitions}. A key would change its ` +
      'partition: give the topic its old count, or a new name.',
  )
}
