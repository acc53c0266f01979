/**
 * The journal: in which order a task met the records of its input topics. One record a batch, in the same transaction,
 * holds the run lengths: so many of this topic, then so many of that one. A replay follows it.
 *
 * Bytes: version 1; number of topics; for each its name (length, UTF-8) and the offset of its first record; number of
 * runs; for each the topic's index and a count. Numbers are unsigned varints.
 */
import { StreamsError } from '../errors.ts'

/** So many records of one topic in a row. */
export type JournalRun = { readonly topic: string; readonly count: number }

/** The order of one batch. */
export type JournalEntry = {
  /** For each topic of the batch, the offset of its first record in it. */
  readonly starts: readonly { readonly topic: string; readonly offset: number }[]
  readonly runs: readonly JournalRun[]
}

const VERSION = 1

/** Collects the order of a batch, record by record. */
export class JournalWriter {
  private readonly starts: { topic: string; offset: number }[] = []
  private readonly runs: { topic: string; count: number }[] = []

  /** The next record of the batch. */
  add(topic: string, offset: number): void {
    const last = this.runs.at(-1)
    if (last !== undefined && last.topic === topic) {
      last.count++
      return
    }
    this.runs.push({ topic, count: 1 })
    if (!this.starts.some((start) => start.topic === topic)) this.starts.push({ topic, offset })
  }

  /** The order as the bytes of a journal record; the writer is empty afterwards. */
  take(): Buffer {
    const bytes = encodeJournal({ starts: this.starts, runs: this.runs })
    this.clear()
    return bytes
  }

  clear(): void {
    this.starts.length = 0
    this.runs.length = 0
  }
}

/** An entry as the bytes of a journal record. */
export function encodeJournal(entry: JournalEntry): Buffer {
  const bytes: number[] = [VERSION]
  writeVarint(bytes, entry.starts.length)
  for (const { topic, offset } of entry.starts) {
    const name = Buffer.from(topic, 'utf8')
    writeVarint(bytes, name.length)
    for (const byte of name) bytes.push(byte)
    writeVarint(bytes, offset)
  }
  const indexes = new Map(entry.starts.map((start, index) => [start.topic, index]))
  writeVarint(bytes, entry.runs.length)
  for (const { topic, count } of entry.runs) {
    writeVarint(bytes, indexes.get(topic) ?? 0)
    writeVarint(bytes, count)
  }
  return Buffer.from(bytes)
}

/** The bytes of a journal record as an entry. @throws StreamsError STREAMS_JOURNAL_INVALID */
export function decodeJournal(bytes: Buffer): JournalEntry {
  const reader = new Reader(bytes)
  if (reader.byte() !== VERSION) throw invalid('its version is unknown')
  const starts = []
  for (let left = reader.varint(); left > 0; left--) {
    const topic = reader.text(reader.varint())
    starts.push({ topic, offset: reader.varint() })
  }
  const runs: JournalRun[] = []
  for (let left = reader.varint(); left > 0; left--) {
    const topic = starts[reader.varint()]?.topic
    if (topic === undefined) throw invalid('a run names no topic')
    runs.push({ topic, count: reader.varint() })
  }
  return { starts, runs }
}

function writeVarint(bytes: number[], value: number): void {
  let left = value
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80)
    left = Math.floor(left / 0x80)
  }
  bytes.push(left)
}

class Reader {
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw invalid('it ends too early')
    return byte
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw invalid('a number is too large')
      if (byte < 0x80) return value
    }
  }

  text(length: number): string {
    if (this.at + length > this.bytes.length) throw invalid('it ends too early')
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }
}

function invalid(problem: string): StreamsError {
  return new StreamsError('STREAMS_JOURNAL_INVALID', `A journal record cannot be read: ${problem}.`)
}
