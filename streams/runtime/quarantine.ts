import { StreamsError } from '../errors.ts'
import type { Log, LogRecord, Position } from '../log/log.ts'
import type { StoreEntry } from '../processor/store-handle.ts'
import { deadLetterTopic } from '../topology/internal-topics.ts'
import type { Topology } from '../topology/topology.ts'
import { DEAD_LETTER_HEADERS, type DeadLetterCause } from './dead-letter.ts'
import type { ControlCommand, ParkedRecord } from './parked-keys.ts'
import type { TaskHost } from './task-host.ts'
import type { TaskRegistry } from './task-registry.ts'

/** A key that waits, because one of its records failed. */
export type ParkedKey = {
  readonly key: string
  readonly taskId: string
  /** Records that wait: the one that failed and those behind it. */
  readonly records: number
  /** Why the first one failed, and where it stands. */
  readonly cause: DeadLetterCause | null
  readonly at: Position
  /** The timestamp of the first record. */
  readonly sinceMs: number
}

/** A record that was given up on. */
export type DeadLetter = {
  /** Where it stands in the dead letters. */
  readonly position: Position
  readonly cause: DeadLetterCause
  /** Where it came from. */
  readonly at: Position
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** Where to look for what was set aside. */
export type QuarantineOptions = {
  readonly topology: Topology
  readonly log: Log
  readonly registry: TaskRegistry
  readonly nowMs: () => number
}

/** Digits and the zero byte that follow a key in the store of parked records. */
const ENTRY_TAIL = 17
const FETCH_BYTES = 4 * 1024 * 1024

/** What an application has set aside: parked keys, which wait for a decision, and dead letters, which do not. */
export class Quarantine {
  private readonly options: QuarantineOptions

  constructor(options: QuarantineOptions) {
    this.options = options
  }

  /** The parked keys of the tasks of this instance, the longest waiting first. */
  async parkedKeys(): Promise<ParkedKey[]> {
    const hosts = this.options.registry.all().filter(({ subtopology }) => subtopology.controlTopic !== null)
    const found = await Promise.all(hosts.map(parkedKeysOf))
    return found.flat().sort((a, b) => a.sinceMs - b.sinceMs)
  }

  /**
   * Asks for a decision on a parked key by a record in the control topic, which takes its turn like any other input.
   * @throws StreamsError APP_KEY_NOT_PARKED
   */
  async decide(command: ControlCommand): Promise<void> {
    const parked = (await this.parkedKeys()).filter(({ key }) => key === command.key)
    if (parked.length === 0) {
      throw new StreamsError(
        'APP_KEY_NOT_PARKED',
        `No record of ${JSON.stringify(command.key)} waits in ${this.options.topology.name} on this instance.`,
      )
    }
    const value = Buffer.from(JSON.stringify(command), 'utf8')
    const key = Buffer.from(command.key, 'utf8')
    const records = parked.map(({ taskId }) => ({
      ...this.controlOf(taskId),
      timestampMs: this.options.nowMs(),
      key,
      value,
    }))
    await this.options.log.append(records)
  }

  /** The newest dead letters of the whole application, newest first. */
  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const { log, topology } = this.options
    const topic = deadLetterTopic(topology.name)
    const partitions = Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
    const [begins, ends] = await Promise.all([log.beginningOffsets(partitions), log.endOffsets(partitions)])
    const found = await Promise.all(ends.map((end) => lastRecords(log, beginOf(begins, end), end, limit)))
    const newest = found.flat().sort((a, b) => b.timestampMs - a.timestampMs || b.offset - a.offset)
    return newest.slice(0, limit).map(deadLetterOf)
  }

  private controlOf(taskId: string): { topic: string; partition: number } {
    const host = this.options.registry.all().find(({ id }) => id === taskId) as TaskHost
    return { topic: host.subtopology.controlTopic as string, partition: host.partition }
  }
}

async function parkedKeysOf(host: TaskHost): Promise<ParkedKey[]> {
  const { parkedStore } = host.subtopology
  if (parkedStore === null) return []
  const entries: StoreEntry<ParkedRecord>[] = (await host.task?.scan<ParkedRecord>(parkedStore)) ?? []
  const queues = new Map<string, ParkedRecord[]>()
  for (const [entry, record] of entries) {
    const key = entry.slice(0, -ENTRY_TAIL)
    const queue = queues.get(key)
    if (queue === undefined) queues.set(key, [record])
    else queue.push(record)
  }
  return [...queues].map(([key, queue]) => {
    const { topic, partition, offset, timestampMs, cause } = queue[0] as ParkedRecord
    const at = { topic, partition, offset }
    return { key, taskId: host.id, records: queue.length, cause, at, sinceMs: timestampMs }
  })
}

/** The last records of a partition, at most `limit`: from a little before its end; further back for gaps. */
async function lastRecords(log: Log, begin: Position, end: Position, limit: number): Promise<LogRecord[]> {
  for (let back = limit; ; back *= 4) {
    const from = Math.max(begin.offset, end.offset - back)
    const records: LogRecord[] = []
    for (let offset = from; offset < end.offset; ) {
      const [part] = await log.fetch({ positions: [{ ...end, offset }], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
      if (part === undefined || part.nextOffset === offset) break
      records.push(...part.records)
      offset = part.nextOffset
    }
    if (records.length >= limit || from === begin.offset) return records.slice(-limit)
  }
}

function deadLetterOf(record: LogRecord): DeadLetter {
  const names = DEAD_LETTER_HEADERS
  const headers = new Map(record.headers.map(([name, value]) => [name, value.toString('utf8')]))
  const header = (name: string) => headers.get(name) ?? ''
  const { topic, partition, offset, timestampMs, key, value } = record
  return {
    position: { topic, partition, offset },
    cause: { code: header(names.code), message: header(names.message), step: header(names.step) },
    at: {
      topic: header(names.topic),
      partition: Number(header(names.partition)),
      offset: Number(header(names.offset)),
    },
    timestampMs,
    key,
    value,
  }
}

function beginOf(begins: readonly Position[], end: Position): Position {
  return begins.find(({ partition }) => partition === end.partition) ?? { ...end, offset: 0 }
}
