/** What the tests of the task share: a real task on a store that counts its reads, and records to give it. */
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import type { LogRecord, ProducerRecord } from '../log/log.ts'
import type { StreamsHooks } from '../runtime/hooks.ts'
import { type StagedBatch, Task } from '../runtime/task.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { Entry, ScanOptions } from '../store/store.ts'
import type { FailurePolicies } from '../topology/policies.ts'
import type { Topic } from '../topology/topic.ts'
import type { Topology } from '../topology/topology.ts'
import { jsonTopic } from './json-topic.ts'

/** A store in memory that says how often it was read. */
export class CountingBackend extends MemoryBackend {
  /** How many keys each multi-get asked for. */
  readonly gets: number[] = []
  scans = 0

  override async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.gets.push(keys.length)
    return super.getMany(keys)
  }

  override async scan(options: ScanOptions): Promise<Entry[]> {
    this.scans++
    return super.scan(options)
  }
}

/** What a test of the task may want different. */
export type TaskSceneOptions = {
  readonly partition?: number
  readonly partitions?: number
  readonly cacheBytesMax?: number
  readonly hooks?: StreamsHooks
  readonly backend?: CountingBackend
}

/** A task of the topology's first sub-topology, and its offsets. */
export class TaskScene {
  readonly backend: CountingBackend
  readonly task: Task
  private readonly partition: number
  private readonly offsets = new Map<string, number>()

  constructor(topology: Topology, options: TaskSceneOptions = {}) {
    const [subtopology] = topology.subtopologies
    if (subtopology === undefined) throw new Error('The topology has no sub-topology.')
    this.backend = options.backend ?? new CountingBackend()
    this.partition = options.partition ?? 0
    this.task = new Task({
      app: topology.name,
      topology,
      subtopology,
      partition: this.partition,
      partitionCount: () => options.partitions ?? 1,
      backend: this.backend,
      globals: { table: () => new Map() },
      hooks: options.hooks ?? {},
      cacheBytesMax: options.cacheBytesMax ?? 1e6,
    })
  }

  /** The next record of a topic: its key and value as text, as they are where they are bytes. */
  record(topic: string, key: string | null, value: string | Buffer | null, timestampMs = 0): LogRecord {
    const offset = this.offsets.get(topic) ?? 0
    this.offsets.set(topic, offset + 1)
    return {
      topic,
      partition: this.partition,
      offset,
      timestampMs,
      key: key === null ? null : Buffer.from(key, 'utf8'),
      value: typeof value === 'string' ? Buffer.from(value, 'utf8') : value,
      headers: [],
    }
  }

  process(records: readonly LogRecord[], stagedBytesMax = Infinity): Promise<StagedBatch> {
    return this.task.process(records, stagedBytesMax)
  }

  /** Brings a batch into the log and the store. */
  async commit(batch: StagedBatch): Promise<void> {
    this.task.logged(batch)
    await this.backend.write({ entries: batch.writes })
    this.task.committed(batch)
  }
}

/** The records of a batch that go to one topic, as `key=value`. */
export function written(batch: StagedBatch, topic: string): string[] {
  return recordsOf(batch, topic).map(({ key, value }) => `${key?.toString() ?? null}=${value?.toString() ?? null}`)
}

/** The records of a batch that go to one topic. */
export function recordsOf(batch: StagedBatch, topic: string): ProducerRecord[] {
  return batch.records.filter((record) => record.topic === topic)
}

/** The headers of a record as text. */
export function headersOf(record: ReturnType<typeof recordsOf>[number] | undefined): Record<string, string> {
  return Object.fromEntries((record?.headers ?? []).map(([name, value]) => [name, value.toString()]))
}

/** Topics of the counting scene. */
export const words: Topic<string> = { ...jsonTopic<string>('words'), value: stringSerde }
/** Counts by word. */
export const counts = jsonTopic<number>('counts')

/** Counts the records of each key. A value of `bad` fails before the count, `late` after it. */
export function counting(policies: Partial<FailurePolicies> = {}, options: TaskSceneOptions = {}): TaskScene {
  const builder = new StreamsBuilder('app', policies)
  const store = builder.store('totals', { value: jsonSerde<number>() })
  builder
    .stream('words', words)
    .peek('check', (word) => {
      if (word === 'bad') throw new TypeError('a bad word')
    })
    .groupByKey()
    .count('count', { store })
    .toStream()
    .peek('check-late', (count, key) => {
      if (count === 3 && key === 'a') throw Object.assign(new Error('three is too many'), { code: 'TOO_MANY' })
    })
    .to('write', counts)
  return new TaskScene(builder.build(), options)
}

/** Records of `words`, given as `key=value`. */
export const inputsOf = (scene: TaskScene, ...pairs: string[]) =>
  pairs.map((pair) => scene.record('words', pair.split('=')[0] ?? '', pair.split('=')[1] ?? ''))
