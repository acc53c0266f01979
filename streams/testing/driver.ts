import type { Headers, LogRecord } from '../log/log.ts'
import { partitionFor } from '../log/partitioner.ts'
import { DEAD_LETTER_HEADERS, type DeadLetterCause } from '../runtime/dead-letter.ts'
import type { StreamsHooks } from '../runtime/hooks.ts'
import type { ControlCommand, ParkedRecord } from '../runtime/parked-keys.ts'
import { Task, type TaskStats } from '../runtime/task.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend } from '../store/store.ts'
import { deadLetterTopic } from '../topology/internal-topics.ts'
import type { TopologyNode } from '../topology/node.ts'
import type { Topic } from '../topology/topic.ts'
import type { Topology } from '../topology/topology.ts'
import { DriverGlobals } from './driver-globals.ts'
import { DriverTask } from './driver-task.ts'
import { DriverTopics } from './driver-topics.ts'

/** How a test runs its topology. */
export type DriverOptions = {
  /** Partitions of every topic. 1 */
  readonly partitions?: number
  /** Bytes of state each task keeps in memory; 0 makes every record read the store. 1 MB */
  readonly cacheBytesMax?: number
  readonly hooks?: StreamsHooks
}

/** What a record is piped with, where it should not be the usual. */
export type PipeOptions = {
  /** By default `topic.keyOf(value)`; null where the topic has no keyOf. */
  readonly key?: string | null
  /** By default that of the record before, at first 0. */
  readonly timestampMs?: number
  readonly headers?: Headers
}

/** A record that was written to a topic. */
export type DriverRecord<V> = {
  readonly key: string | null
  readonly value: V | null
  readonly timestampMs: number
}

/** A record in the dead letters, with why and where it failed. */
export type DriverDeadLetter = DeadLetterCause & {
  readonly key: string | null
  readonly value: Buffer | null
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** A store as a test reads it: over all tasks, committed state only. */
export type DriverStore<V> = {
  get(key: string): Promise<V | undefined>
  /** All entries, in the order of their keys. */
  entries(): Promise<[string, V][]>
}

/**
 * Runs the real tasks of a topology on fake edges: topics in memory, a store in memory, time in the test's hand.
 * What is piped is processed through all sub-topologies and committed before the promise resolves.
 *
 * ```ts
 * const driver = await TopologyTestDriver.create(topology)
 * await driver.pipe(lines, 'to be or not to be', { key: 'hamlet' })
 * expect(driver.readValues(counts)).toEqual([...])
 * ```
 */
export class TopologyTestDriver {
  private readonly topology: Topology
  private readonly partitions: number
  private readonly globals: DriverGlobals
  private readonly topics: DriverTopics
  private readonly everywhere: ReadonlySet<string>
  private readonly tasks: readonly DriverTask[]
  private readonly readUpTo = new Map<string, number>()
  private backend: StoreBackend = new MemoryBackend()
  private timestampMs = 0

  private constructor(topology: Topology, options: DriverOptions) {
    this.topology = topology
    this.partitions = options.partitions ?? 1
    this.globals = new DriverGlobals(topology.globalTables)
    this.topics = new DriverTopics((record) => this.globals.feed(record))
    this.everywhere = new Set(topology.nodes.flatMap(topicsToAll))
    this.tasks = topology.subtopologies.flatMap((subtopology) =>
      Array.from({ length: this.partitions }, (_, partition) => {
        const open = () =>
          new Task({
            app: topology.name,
            topology,
            subtopology,
            partition,
            partitionCount: () => this.partitions,
            backend: this.backend,
            globals: this.globals,
            hooks: options.hooks ?? {},
            cacheBytesMax: options.cacheBytesMax ?? 1024 * 1024,
          })
        return new DriverTask({ app: topology.name, subtopology, partition, topics: this.topics, open })
      }),
    )
  }

  /** Opens the tasks of a topology. */
  static async create(topology: Topology, options: DriverOptions = {}): Promise<TopologyTestDriver> {
    return new TopologyTestDriver(topology, options)
  }

  /** Writes a record and runs until nothing is left to do. A tick goes to every partition. */
  async pipe<V>(topic: Topic<V>, value: V, options: PipeOptions = {}): Promise<void> {
    this.write(topic, value, options)
    await this.run()
  }

  /** Writes several records and then runs, so that they are processed as one batch. */
  async pipeAll<V>(topic: Topic<V>, values: readonly V[], options: PipeOptions = {}): Promise<void> {
    for (const value of values) this.write(topic, value, options)
    await this.run()
  }

  /** Writes bytes as they are, and runs: for what does not belong on the topic. */
  async pipeBytes(
    topic: { readonly name: string },
    key: string | Buffer | null,
    bytes: Buffer | null,
    options: Omit<PipeOptions, 'key'> = {},
  ): Promise<void> {
    const keyBytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
    this.append(topic.name, keyBytes, bytes, options)
    await this.run()
  }

  /**
   * Writes a record and processes it, but does not commit: as far as the log is concerned it did not happen. The next
   * `pipe` or `commit` commits it, a `crash` loses it and has it processed again.
   */
  async pipeUncommitted<V>(topic: Topic<V>, value: V, options: PipeOptions = {}): Promise<void> {
    this.write(topic, value, options)
    for (const task of this.tasks) await task.processNew()
  }

  /** Commits what is staged and runs until nothing is left to do. */
  async commit(): Promise<void> {
    await this.run()
  }

  /** Replays or discards a parked key, as an operator would through the control topic. */
  async control(command: ControlCommand): Promise<void> {
    const key = Buffer.from(command.key, 'utf8')
    for (const { controlTopic } of this.topology.subtopologies) {
      if (controlTopic !== null) this.append(controlTopic, key, Buffer.from(JSON.stringify(command), 'utf8'), {})
    }
    await this.run()
  }

  /** The records written to a topic since it was last read, partition by partition. */
  read<V>(topic: Topic<V>): DriverRecord<V>[] {
    const records: DriverRecord<V>[] = []
    for (let partition = 0; partition < this.partitions; partition++) {
      const place = `${topic.name}/${partition}`
      const fresh = this.topics.from(topic.name, partition, this.readUpTo.get(place) ?? 0)
      this.readUpTo.set(place, (this.readUpTo.get(place) ?? 0) + fresh.length)
      for (const record of fresh) records.push(decode(topic, record))
    }
    return records
  }

  /** The values written to a topic since it was last read; a tombstone is null. */
  readValues<V>(topic: Topic<V>): (V | null)[] {
    return this.read(topic).map((record) => record.value)
  }

  /** All records of a topic as they stand in the log, whether they were read or not. */
  records(topic: string): readonly LogRecord[] {
    return this.topics.all(topic)
  }

  /** A store or a global table, by name. @throws StreamsError STREAMS_UNKNOWN_STORE */
  store<V>(name: string): DriverStore<V> {
    const isGlobal = this.globals.entriesOf(name) !== undefined
    const subtopology = isGlobal ? undefined : this.topology.subtopologyOfStore(name)
    const tasks = this.tasks.filter((task) => task.subtopology === subtopology)
    const entries = async (): Promise<[string, V][]> => {
      const found = [...(this.globals.entriesOf(name) ?? [])] as [string, V][]
      for (const { task } of tasks) for (const [key, value] of await task.scan<V>(name)) found.push([key, value])
      return found.sort(([a], [b]) => Buffer.from(a).compare(Buffer.from(b)))
    }
    return { entries, get: async (key) => (await entries()).find(([candidate]) => candidate === key)?.[1] }
  }

  /** Everything that was given up on so far. */
  deadLetters(): DriverDeadLetter[] {
    return this.topics.all(deadLetterTopic(this.topology.name)).map(toDeadLetter)
  }

  /** The records that wait behind a parked key, in order. */
  async parked(): Promise<{ key: string; records: ParkedRecord[] }[]> {
    const queues = new Map<string, ParkedRecord[]>()
    for (const { task, subtopology } of this.tasks) {
      if (subtopology.parkedStore === null) continue
      for (const [, record] of await task.scan<ParkedRecord>(subtopology.parkedStore)) {
        const key = Buffer.from(record.key, 'base64').toString('utf8')
        queues.set(key, [...(queues.get(key) ?? []), record])
      }
    }
    return [...queues].map(([key, records]) => ({ key, records }))
  }

  /** What each task says of itself, by task id. */
  stats(): Record<string, TaskStats> {
    return Object.fromEntries(this.tasks.map(({ task }) => [task.id, task.stats()]))
  }

  /**
   * Loses everything but the log: what was not committed, what was in memory, the store itself. The tasks go on with
   * stores built from their changelogs, from the committed positions.
   */
  async crash(): Promise<void> {
    this.backend = new MemoryBackend()
    for (const task of this.tasks) await task.crash(this.backend)
    await this.run()
  }

  private write<V>(topic: Topic<V>, value: V, options: PipeOptions): void {
    const key = options.key === undefined ? (topic.keyOf?.(value) ?? null) : options.key
    this.append(topic.name, key === null ? null : topic.key.serialize(key), topic.value.serialize(value), options)
  }

  private append(topic: string, key: Buffer | null, value: Buffer | null, options: PipeOptions): void {
    this.timestampMs = options.timestampMs ?? this.timestampMs
    const own = key === null ? 0 : partitionFor(key, this.partitions)
    const partitions = this.everywhere.has(topic) ? Array.from({ length: this.partitions }, (_, index) => index) : [own]
    for (const partition of partitions) {
      const headers = options.headers ?? []
      this.topics.append({ topic, partition, timestampMs: this.timestampMs, key, value, headers })
    }
  }

  private async run(): Promise<void> {
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const task of this.tasks) {
        isBusy = (await task.processNew()) || isBusy
        await task.commit(this.backend)
      }
    }
  }
}

/** The topic of a node whose records go to every partition: ticks, and what the topic says so of. */
function topicsToAll(node: TopologyNode): readonly string[] {
  if (node.kind === 'operator') return []
  return node.kind === 'clock' || node.topic.toEveryPartition === true ? [node.topic.name] : []
}

function decode<V>(topic: Topic<V>, record: LogRecord): DriverRecord<V> {
  return {
    key: record.key === null ? null : topic.key.deserialize(record.key),
    value: record.value === null ? null : topic.value.deserialize(record.value),
    timestampMs: record.timestampMs,
  }
}

function toDeadLetter(record: LogRecord): DriverDeadLetter {
  const header = (name: string) => record.headers.find(([candidate]) => candidate === name)?.[1].toString('utf8') ?? ''
  return {
    key: record.key?.toString('utf8') ?? null,
    value: record.value,
    code: header(DEAD_LETTER_HEADERS.code),
    message: header(DEAD_LETTER_HEADERS.message),
    step: header(DEAD_LETTER_HEADERS.step),
    topic: header(DEAD_LETTER_HEADERS.topic),
    partition: Number(header(DEAD_LETTER_HEADERS.partition)),
    offset: Number(header(DEAD_LETTER_HEADERS.offset)),
  }
}
