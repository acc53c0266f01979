import { StreamsError } from '../errors.ts'
import type { Serde } from '../serde/serde.ts'
import type { KeyValueStore, StoreEntry } from './store-handle.ts'

/**
 * What is due when, in the order of time: `<kind><time><key>`, so that a tick reads what is due and nothing else. As a
 * string the time has 16 digits; as bytes it takes 8, big-endian. Times before 1970 count as 0.
 */
export type DueKind = 'a' | 'd'

const TIME_DIGITS = 16
const TIME_MAX = Number.MAX_SAFE_INTEGER
const HEAD_BYTES = 9
const WORD = 2 ** 32

/** Keys of the index: one byte kind, 8 bytes time, the rest the key it is about. */
export const dueKeySerde: Serde<string> = {
  serialize: (text) => {
    const key = text.slice(1 + TIME_DIGITS)
    const timeMs = Number(text.slice(1, 1 + TIME_DIGITS))
    const bytes = Buffer.allocUnsafe(HEAD_BYTES + Buffer.byteLength(key))
    bytes.writeUInt8(text.charCodeAt(0), 0)
    bytes.writeUInt32BE(Math.floor(timeMs / WORD), 1)
    bytes.writeUInt32BE(timeMs % WORD, 5)
    bytes.write(key, HEAD_BYTES)
    return bytes
  },
  deserialize: (bytes) => {
    if (bytes.length < HEAD_BYTES) {
      throw new StreamsError('SERDE_INVALID_BYTES', `A key of a due index has 9 bytes or more, not ${bytes.length}.`)
    }
    const timeMs = bytes.readUInt32BE(1) * WORD + bytes.readUInt32BE(5)
    return head(bytes.toString('latin1', 0, 1), timeMs) + bytes.toString('utf8', HEAD_BYTES)
  },
}

/** The index holds no values; a byte stands for the entry. */
export const dueValueSerde: Serde<true> = {
  serialize: () => Buffer.of(1),
  deserialize: () => true,
}

/** Something that is due. */
export type Due = { readonly timeMs: number; readonly key: string }

/** The due index of one operator, in one of its stores. */
export class DueIndex {
  private readonly store: KeyValueStore<true>
  private readonly kind: DueKind

  constructor(store: KeyValueStore<true>, kind: DueKind) {
    this.store = store
    this.kind = kind
  }

  /** Moves an entry; null stands for no entry. @throws StreamsError STREAMS_DUE_TIME_INVALID */
  move(key: string, fromMs: number | null, toMs: number | null): void {
    if (fromMs === toMs) return
    if (fromMs !== null) this.store.delete(this.keyOf(fromMs, key))
    if (toMs !== null) this.store.put(this.keyOf(toMs, key), true)
  }

  /** Everything due at or before a time, in the order of time, then key. */
  upTo(timeMs: number): Due[] {
    const to = head(this.kind, indexedTime(timeMs) + 1)
    return this.store.range({ from: head(this.kind, 0), to }).map(parse)
  }

  private keyOf(timeMs: number, key: string): string {
    if (!Number.isFinite(timeMs)) {
      throw new StreamsError(
        'STREAMS_DUE_TIME_INVALID',
        `${JSON.stringify(key)} is due at ${timeMs}: a due time is a finite number of milliseconds, or null.`,
      )
    }
    return head(this.kind, indexedTime(timeMs)) + key
  }
}

function head(kind: string, timeMs: number): string {
  return kind + String(timeMs).padStart(TIME_DIGITS, '0')
}

function parse(entry: StoreEntry<true>): Due {
  const text = entry[0]
  return { timeMs: Number(text.slice(1, 1 + TIME_DIGITS)), key: text.slice(1 + TIME_DIGITS) }
}

/** The time the index holds for a due time: whole milliseconds from 0; a fraction is due at the next one. */
export function indexedTime(timeMs: number): number {
  return Math.min(Math.max(Math.ceil(timeMs), 0), TIME_MAX - 1)
}
