import { StreamsError } from '../errors.ts'
import type { LogRecord, Position, ProducerRecord, TopicPartition } from '../log/log.ts'
import type { StoreEntry } from '../processor/store-handle.ts'
import { storePrefix } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic, deadLetterTopic, journalTopic } from '../topology/internal-topics.ts'
import type { SinkNode } from '../topology/node.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { GlobalStores } from './global-stores.ts'
import type { DeadLetterEvent, StreamsHooks } from './hooks.ts'
import { JournalWriter } from './journal.ts'
import { ParkedKeys, parkedStoreHandle } from './parked-keys.ts'
import { RECORD_OVERHEAD_BYTES, Staging } from './staging.ts'
import { type CommittedScan, getCommitted, type ScanSource, scanStore } from './staging-committed.ts'
import type { Layer } from './staging-slot.ts'
import { StagingStore } from './staging-store.ts'
import { TaskContext } from './task-context.ts'
import { TaskFailures } from './task-failures.ts'
import { buildTaskGraph, type InputPort } from './task-graph.ts'
import { TaskInput } from './task-input.ts'
import { TaskRunner } from './task-runner.ts'
import { TaskSink } from './task-sink.ts'

/** What a task is made of. */
export type TaskOptions = {
  /** Name of the application: prefix of its state and of its internal topics. */
  readonly app: string
  readonly topology: Topology
  readonly subtopology: Subtopology
  readonly partition: number
  /** Partition count of every topic that is written to. */
  readonly partitionCount: (topic: string) => number
  readonly backend: StoreBackend
  /** Read access to the global tables. */
  readonly globals: GlobalStores
  readonly hooks: StreamsHooks
  /** Bytes of clean state the task may keep in memory between batches; about. */
  readonly cacheBytesMax: number
}

/** What a task has made of a prefix of the records it was given: one atomic step, to be committed by the caller. */
export type StagedBatch = {
  /** Number of the batch, counting up; batches are committed in this order. */
  readonly sequence: number
  /** How many of the given records are in it. */
  readonly processed: number
  /** Outputs, changelog records, dead letters and the journal record, in this order. */
  readonly records: readonly ProducerRecord[]
  /** For each input partition, the position after its last record in the batch. */
  readonly positions: readonly Position[]
  /** For `StoreBackend.write`: full keys, a null value deletes. */
  readonly writes: readonly (readonly [key: Buffer, value: Buffer | null])[]
  /** The changelog partitions that `records` writes to. */
  readonly changelogPartitions: readonly TopicPartition[]
  /** About how many bytes it takes. */
  readonly bytes: number
}

/** What a task says of itself. */
export type TaskStats = {
  /** Input records processed since the task was opened, committed or not. */
  readonly processed: number
  readonly deadLetters: number
  /** Inputs dropped because they had been answered before. */
  readonly repeats: number
  /** Records dropped by the policy `skip`. */
  readonly skipped: number
  readonly parkedKeys: number
  readonly parkedRecords: number
  /** Batches that are not in the backend yet. */
  readonly stagedBatches: number
  readonly cacheBytes: number
}

/**
 * One partition of a sub-topology at work. Records go in, staged batches come out; the task itself writes nothing.
 *
 *   process(records) -> batch   staged: seen by later batches only
 *   logged(batch)               its transaction is committed: interactive queries see it
 *   committed(batch)            its writes are in the backend too: its layer is dropped
 *   reset()                     everything that is not logged is forgotten
 *
 * The next batch may be processed while the one before is being committed. Order matters: `process` is called again
 * only when its last call has ended; `logged` and `committed` follow the order of the batches.
 */
export class Task {
  /** `<sub-topology>.<partition>` */
  readonly id: string
  private readonly options: TaskOptions
  private readonly staging: Staging
  private readonly stores: ReadonlyMap<string, StagingStore>
  private readonly parked: ParkedKeys | null
  private readonly input: TaskInput
  private readonly ports: ReadonlyMap<string, InputPort>
  private readonly journal: JournalWriter | null
  /** Dead letters of the batches that are not logged yet, by sequence. */
  private readonly notices = new Map<number, readonly DeadLetterEvent[]>()
  private isParkedKnown = false
  private isProcessing = false
  private processedTotal = 0
  private deadLetterTotal = 0

  constructor(options: TaskOptions) {
    const { app, topology, subtopology, partition } = options
    this.id = `${subtopology.name}.${partition}`
    this.options = options
    this.staging = new Staging(options.backend)
    this.stores = this.openStores()
    const parkedKeys = this.stores.get(subtopology.parkedStore ?? '')
    this.parked = parkedKeys === undefined ? null : new ParkedKeys(parkedKeys, this.staging)
    this.journal = subtopology.journalled ? new JournalWriter() : null
    const failures = new TaskFailures({
      app,
      taskId: this.id,
      policies: topology.policies,
      deadLetters: { topic: deadLetterTopic(app), partition: this.ownPartitionOf(deadLetterTopic(app)) },
      staging: this.staging,
      parked: this.parked,
    })
    const context: TaskContext = new TaskContext({
      taskId: this.id,
      staging: this.staging,
      stores: this.stores,
      globals: options.globals,
      onAttemptFailed: (key, error) => failures.onAttempt(context.record.log, key, error, context.step),
    })
    this.ports = buildTaskGraph(subtopology, context, (node) => this.openSink(node, context))
    const runner = new TaskRunner({ ports: this.ports, staging: this.staging, context, failures, parked: this.parked })
    this.input = new TaskInput({ taskId: this.id, partition, ports: this.ports, staging: this.staging, runner })
  }

  /**
   * Processes records in the order given, until all are done or the staged bytes pass the bound; at least one. Where
   * one fails and the policy is to fail, those before it are answered first.
   * @throws StreamsError STREAMS_PROCESS_FAILED, STREAMS_DECODE_FAILED (policy fail), STREAMS_STATE_UNREADABLE,
   *   STREAMS_UNKNOWN_INPUT, STREAMS_TASK_BUSY, and those of the backend; nothing of the call is staged then
   */
  async process(records: readonly LogRecord[], stagedBytesMax: number): Promise<StagedBatch> {
    if (this.isProcessing) throw busy(this.id, 'process')
    this.isProcessing = true
    try {
      await this.loadParked()
      const layer = this.begin()
      const processed = await this.input.process(records, stagedBytesMax)
      return this.seal(layer, records, processed)
    } catch (error) {
      this.abandon()
      throw error
    } finally {
      this.isProcessing = false
    }
  }

  /** The batch's transaction is committed: interactive queries see it from now on. May be left out. */
  logged(batch: StagedBatch): void {
    const layer = this.layerOf(batch, (before) => before.isLogged)
    if (layer.isLogged) return
    layer.state = 'logged'
    const { hooks, app } = this.options
    const notice = this.notices.get(batch.sequence)
    this.notices.delete(batch.sequence)
    const { processed, bytes } = batch
    hooks.onRecords?.({ app, taskId: this.id, processed, written: batch.records.length, bytes })
    for (const event of notice ?? []) hooks.onDeadLetter?.(event)
  }

  /** The batch is in the log and its writes are in the backend: its layer can be dropped. */
  committed(batch: StagedBatch): void {
    const layer = this.layerOf(batch, (before) => before.state === 'stored')
    this.logged(batch)
    layer.state = 'stored'
    // Race: while a batch is being processed, state that was read from the backend before this write may still be on
    // its way; the layer covers it until the batch is done.
    if (!this.isProcessing) this.staging.dropStored()
  }

  /** Forgets everything that is not logged; the caller goes on from the committed positions. */
  reset(): void {
    if (this.isProcessing) throw busy(this.id, 'reset')
    this.staging.dropUnlogged()
    this.notices.clear()
    this.isParkedKnown = false
  }

  /** A committed value, for interactive queries. @throws StreamsError STREAMS_UNKNOWN_STORE */
  async get<V>(store: string, key: string): Promise<V | undefined> {
    return (await getCommitted(this.storeOf(store), this.options.backend, key)) as V | undefined
  }

  /** Committed entries in the order of the key's bytes. @throws StreamsError STREAMS_UNKNOWN_STORE */
  async scan<V>(store: string, scan: CommittedScan = {}): Promise<StoreEntry<V>[]> {
    const entries = await scanStore(this.sourceOf(this.storeOf(store), 'committed'), scan)
    return entries as StoreEntry<V>[]
  }

  stats(): TaskStats {
    return {
      processed: this.processedTotal,
      deadLetters: this.deadLetterTotal,
      repeats: this.staging.repeats,
      skipped: this.staging.skipped,
      parkedKeys: this.parked?.keyCount ?? 0,
      parkedRecords: this.parked?.recordCount ?? 0,
      stagedBatches: this.staging.layers.length,
      cacheBytes: this.staging.cacheBytes,
    }
  }

  private begin(): Layer {
    this.staging.dropStored()
    this.staging.evict(this.options.cacheBytesMax)
    this.journal?.clear()
    for (const port of this.ports.values()) port.nextOffset = -1
    return this.staging.begin()
  }

  /** Makes a batch of what is staged: the changes of each key once, as the last of its records left it. */
  private seal(layer: Layer, records: readonly LogRecord[], processed: number): StagedBatch {
    const { staging } = this
    layer.state = 'staged'
    const out = staging.records
    const writes: [Buffer, Buffer | null][] = []
    const { partition } = this.options
    const changelogs = new Set<string>()
    // Store by store: records of one topic behind each other cost the log less.
    for (const store of staging.stores) {
      for (const version of layer.versions) {
        if (version.store !== store) continue
        const value = version.bytes as Buffer | null
        writes.push([version.fullKey as Buffer, value])
        out.push({ topic: store.changelog, partition, timestampMs: version.timestampMs, key: version.userKey, value })
        changelogs.add(store.changelog)
      }
    }
    if (this.journal !== null && processed > 0) out.push(this.journalRecord(records, processed))
    const batch: StagedBatch = {
      sequence: layer.sequence,
      processed,
      records: out,
      positions: this.positions(),
      writes,
      changelogPartitions: [...changelogs].map((topic) => ({ topic, partition })),
      bytes: staging.bytes,
    }
    this.processedTotal += processed
    this.deadLetterTotal += staging.deadLetters.filter(({ reason }) => reason !== 'parked').length
    this.notices.set(batch.sequence, staging.deadLetters)
    return batch
  }

  private journalRecord(records: readonly LogRecord[], processed: number): ProducerRecord {
    const topic = journalTopic(this.options.app)
    for (let i = 0; i < processed; i++) {
      const record = records[i] as LogRecord
      this.journal?.add(record.topic, record.offset)
    }
    const value = this.journal?.take() ?? null
    this.staging.bytes += (value?.length ?? 0) + RECORD_OVERHEAD_BYTES
    const timestampMs = records[processed - 1]?.timestampMs ?? 0
    return { topic, partition: this.ownPartitionOf(topic), timestampMs, key: Buffer.from(this.id, 'utf8'), value }
  }

  private positions(): Position[] {
    const positions: Position[] = []
    for (const { topic, nextOffset } of this.ports.values()) {
      if (nextOffset !== -1) positions.push({ topic, partition: this.options.partition, offset: nextOffset })
    }
    return positions
  }

  /** A call failed: what it staged is gone. */
  private abandon(): void {
    this.staging.dropOpen()
    this.isParkedKnown = false
  }

  private async loadParked(): Promise<void> {
    if (this.parked === null || this.isParkedKnown) return
    const entries = await scanStore(this.sourceOf(this.parked.store, 'staged'), {})
    this.parked.restore(entries.map(([key]) => key))
    this.isParkedKnown = true
  }

  private openStores(): Map<string, StagingStore> {
    const { app, subtopology } = this.options
    const stores = new Map<string, StagingStore>()
    const handles = [...subtopology.stores]
    if (subtopology.parkedStore !== null) handles.push(parkedStoreHandle(subtopology.parkedStore))
    for (const handle of handles) {
      const keyPrefix = storePrefix(app, this.id, handle.name)
      const store = new StagingStore(handle, keyPrefix, changelogTopic(app, handle.name), this.staging)
      stores.set(handle.name, store)
      this.staging.stores.push(store)
    }
    return stores
  }

  private openSink(node: SinkNode, context: TaskContext): TaskSink {
    const { partition: taskPartition, partitionCount } = this.options
    const { name, topic } = node
    const partitions = partitionCount(topic.name)
    return new TaskSink({ node: name, topic, partitions, taskPartition, staging: this.staging, context })
  }

  /** Where records without a key of their own go. */
  private ownPartitionOf(topic: string): number {
    return this.options.partition % this.options.partitionCount(topic)
  }

  private sourceOf(store: StagingStore, sees: ScanSource['sees']): ScanSource {
    return { store, staging: this.staging, backend: this.options.backend, sees }
  }

  private storeOf(name: string): StagingStore {
    const store = this.stores.get(name)
    if (store !== undefined) return store
    const known = [...this.stores.keys()].join(', ') || 'none'
    throw new StreamsError(
      'STREAMS_UNKNOWN_STORE',
      `Task ${this.id} has no store ${JSON.stringify(name)}. Its stores: ${known}.`,
    )
  }

  /** The layer of a batch all of whose predecessors have come as far as it is about to. */
  private layerOf(batch: StagedBatch, hasPassed: (before: Layer) => boolean): Layer {
    for (const layer of this.staging.layers) {
      if (layer.sequence === batch.sequence && layer.state !== 'open' && layer.state !== 'stored') return layer
      if (!hasPassed(layer)) break
    }
    throw new StreamsError(
      'STREAMS_COMMIT_ORDER',
      `Batch ${batch.sequence} of task ${this.id} cannot be committed now: batches are ` +
        'committed once, in their order, and not after a reset.',
    )
  }
}

function busy(task: string, method: string): StreamsError {
  return new StreamsError(
    'STREAMS_TASK_BUSY',
    `${method} of task ${task} was called while it processes. Await the last call of process first.`,
  )
}
