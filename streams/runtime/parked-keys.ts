import { StreamsError } from '../errors.ts'
import type { LogRecord } from '../log/log.ts'
import type { StoreEntry, StoreHandle } from '../processor/store-handle.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import type { DeadLetterCause } from './dead-letter.ts'
import type { Staging } from './staging.ts'
import type { StagingStore } from './staging-store.ts'

/** A record that waits, as it is kept: bytes as base64. Only the first of a key has a cause. */
export type ParkedRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: string
  readonly value: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly cause: DeadLetterCause | null
}

/** The store of parked records under its name; its changelog keeps them as safe as all other state. */
export function parkedStoreHandle(name: string): StoreHandle<string, unknown> {
  return { name, key: stringSerde, value: jsonSerde<unknown>() }
}

const NUMBER_DIGITS = 16
const TAIL_LENGTH = 1 + NUMBER_DIGITS

/**
 * Keys that failed, and the records that wait behind them in order: `<key>\0<number>`.
 * Invariant: `queues` says of each key what the store has of it, with everything staged.
 */
export class ParkedKeys {
  /** How many records of each parked key wait, and the number of the next one. */
  private readonly queues = new Map<string, { readonly count: number; readonly next: number }>()
  readonly store: StagingStore
  private readonly staging: Staging

  constructor(store: StagingStore, staging: Staging) {
    this.store = store
    this.staging = staging
  }

  get keyCount(): number {
    return this.queues.size
  }

  get recordCount(): number {
    let count = 0
    for (const queue of this.queues.values()) count += queue.count
    return count
  }

  has(key: string): boolean {
    return this.queues.has(key)
  }

  /** Takes over what the store has, when a task begins or falls back. */
  restore(keys: readonly string[]): void {
    this.queues.clear()
    for (const entry of keys) {
      const key = entry.slice(0, -TAIL_LENGTH)
      const count = (this.queues.get(key)?.count ?? 0) + 1
      this.queues.set(key, { count, next: Number(entry.slice(-NUMBER_DIGITS)) + 1 })
    }
  }

  /** Puts a record at the end of its key's queue. */
  park(record: LogRecord, cause: DeadLetterCause | null): void {
    const key = parkingKeyOf(record) ?? ''
    const queue = this.queues.get(key) ?? { count: 0, next: 0 }
    this.store.put(entryKey(key, queue.next), toParked(record, cause))
    this.change(key, { count: queue.count + 1, next: queue.next + 1 })
  }

  /** The records of a key, the oldest first. */
  queueOf(key: string): StoreEntry<ParkedRecord>[] {
    const entries = this.store.prefix(`${key}\0`) as StoreEntry<ParkedRecord>[]
    // A key may itself hold a zero byte and begin like this one.
    return entries.filter(([entry]) => entry.length === key.length + TAIL_LENGTH)
  }

  /** Takes one record out of the queue of its key. */
  release(entry: string): void {
    this.store.delete(entry)
    const key = entry.slice(0, -TAIL_LENGTH)
    const queue = this.queues.get(key)
    if (queue === undefined) return
    this.change(key, queue.count === 1 ? undefined : { ...queue, count: queue.count - 1 })
  }

  /** The first record of a queue failed again, perhaps for another reason. */
  renew(entry: string, parked: ParkedRecord, cause: DeadLetterCause): void {
    this.store.put(entry, { ...parked, cause })
  }

  private change(key: string, to: { count: number; next: number } | undefined): void {
    const before = this.queues.get(key)
    this.set(key, to)
    this.staging.onRollback(() => this.set(key, before))
  }

  private set(key: string, queue: { readonly count: number; readonly next: number } | undefined): void {
    if (queue === undefined) this.queues.delete(key)
    else this.queues.set(key, queue)
  }
}

/** The key a record is parked under; null where it has none. */
export function parkingKeyOf(record: LogRecord): string | null {
  return record.key === null ? null : record.key.toString('utf8')
}

/** A parked record as it stood in the log. */
export function fromParked(parked: ParkedRecord): LogRecord {
  const { topic, partition, offset, timestampMs } = parked
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: Buffer.from(parked.key, 'base64'),
    value: parked.value === null ? null : Buffer.from(parked.value, 'base64'),
    headers: parked.headers.map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  }
}

function toParked(record: LogRecord, cause: DeadLetterCause | null): ParkedRecord {
  const { topic, partition, offset, timestampMs, key, value, headers } = record
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: key?.toString('base64') ?? '',
    value: value?.toString('base64') ?? null,
    headers: headers.map(([name, bytes]) => [name, bytes.toString('base64')]),
    cause,
  }
}

function entryKey(key: string, number: number): string {
  return `${key}\0${String(number).padStart(NUMBER_DIGITS, '0')}`
}

/** What is to become of a parked key: run it again, or send it (or its first `records` records) to the dead letters. */
export type ControlCommand =
  | { readonly action: 'replay'; readonly key: string }
  | { readonly action: 'discard'; readonly key: string; readonly records?: number }

/** Reads a record of the control topic. @throws StreamsError STREAMS_CONTROL_INVALID */
export function parseControl(value: Buffer | null): ControlCommand {
  let parsed: unknown
  try {
    parsed = JSON.parse(value?.toString('utf8') ?? '')
  } catch {
    throw invalidControl('it is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null) throw invalidControl('it is not an object')
  const { action, key, records } = parsed as Record<string, unknown>
  if (typeof key !== 'string') throw invalidControl('key is not a string')
  if (action === 'replay') return { action, key }
  if (action !== 'discard') throw invalidControl(`action is ${JSON.stringify(action)}`)
  if (records === undefined) return { action, key }
  if (typeof records !== 'number' || !Number.isInteger(records) || records < 1) {
    throw invalidControl('records is not a whole number from 1')
  }
  return { action, key, records }
}

function invalidControl(problem: string): StreamsError {
  return new StreamsError(
    'STREAMS_CONTROL_INVALID',
    `A control record cannot be followed: ${problem}. Write {"action":"replay"|"discard","key":"<key>"}.`,
  )
}
