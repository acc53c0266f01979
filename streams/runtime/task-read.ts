import { StreamsError } from '../errors.ts'
import type { Position } from '../log/log.ts'
import type { StoreEntry } from '../processor/store-handle.ts'
import type { Serde } from '../serde/serde.ts'
import { decodeWhenReady } from './decode-when-ready.ts'
import type { CommittedScan } from './staging-committed.ts'

/** A read of one task, wherever it is. */
export type TaskRead = {
  readonly taskId: string
  /** What is read of the store; null where the position is only waited for. */
  readonly what:
    | { readonly store: string; readonly key: string }
    | { readonly store: string; readonly scan: CommittedScan }
    | null
  /** A record of an input of this task: the read waits until the task has committed past it. */
  readonly position: Position | null
  /** May be answered by a copy that lags. */
  readonly isStale: boolean
}

/** Which copy of a task's state has answered. */
export type ReadFrom = 'active' | 'standby' | 'restoring'

/** What was read, and how far what was read lags behind. */
export type TaskReading = {
  readonly entries: readonly StoreEntry<unknown>[]
  /** Changelog records that the copy had not applied yet, as far as it knew. */
  readonly lag: number
  /** Milliseconds since the copy last was known to have everything; null where it never was. */
  readonly ageMs: number | null
  readonly from: ReadFrom
}

/** A read that comes from another instance, with how long it may take. @throws StreamsError QUERY_REQUEST_INVALID */
export function decodeTaskRead(question: unknown): TaskRead & { readonly timeoutMs: number } {
  const { taskId, what, position, isStale, timeoutMs } = recordOf(question)
  if (typeof taskId !== 'string') throw invalid('taskId')
  if (typeof timeoutMs !== 'number') throw invalid('timeoutMs')
  return {
    taskId,
    what: what === null ? null : decodeWhat(recordOf(what)),
    position: position === null ? null : decodePosition(recordOf(position)),
    isStale: isStale === true,
    timeoutMs,
  }
}

/** A reading for the way: values as their serde writes them. */
export function encodeReading({ entries, ...rest }: TaskReading, value: Serde<unknown>): unknown {
  return { ...rest, entries: entries.map(([key, one]) => [key, value.serialize(one).toString('base64')]) }
}

/** A reading that has come. @throws StreamsError QUERY_ANSWER_INVALID, and what the serde throws */
export async function decodeReading(answer: unknown, value: Serde<unknown>): Promise<TaskReading> {
  const { entries, lag, ageMs, from } = (answer ?? {}) as Partial<Record<keyof TaskReading, unknown>>
  if (!Array.isArray(entries) || typeof lag !== 'number') {
    const message = 'An instance answered with something else than a reading: does it run another version?'
    throw new StreamsError('QUERY_ANSWER_INVALID', message)
  }
  return {
    entries: await Promise.all(
      entries.map(async ([key, bytes]): Promise<StoreEntry<unknown>> => {
        return [String(key), await decodeWhenReady(value, Buffer.from(String(bytes), 'base64'))]
      }),
    ),
    lag,
    ageMs: typeof ageMs === 'number' ? ageMs : null,
    from: from === 'standby' || from === 'restoring' ? from : 'active',
  }
}

function decodeWhat({ store, key, scan }: Readonly<Record<string, unknown>>): NonNullable<TaskRead['what']> {
  if (typeof store !== 'string') throw invalid('store')
  if (typeof key === 'string') return { store, key }
  const { from, to, prefix, limit } = recordOf(scan)
  const texts = Object.entries({ from, to, prefix }).filter(([, value]) => typeof value === 'string')
  return { store, scan: { ...Object.fromEntries(texts), ...(typeof limit === 'number' ? { limit } : {}) } }
}

function decodePosition({ topic, partition, offset }: Readonly<Record<string, unknown>>): Position {
  if (typeof topic !== 'string' || typeof partition !== 'number' || typeof offset !== 'number') {
    throw invalid('position')
  }
  return { topic, partition, offset }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid('question')
  return value as Readonly<Record<string, unknown>>
}

function invalid(field: string): StreamsError {
  const message = `The question of another instance cannot be answered: its ${field} makes no sense.`
  return new StreamsError('QUERY_REQUEST_INVALID', `${message} Do all instances run the same version?`)
}
