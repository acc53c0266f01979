import { StreamsError } from '../errors.ts'
import type { Headers, LogRecord, ProducerRecord } from '../log/log.ts'

/** Why a record was given up on. */
export type DeadLetterCause = {
  /** Stable code of the error; the error's class where it has none. */
  readonly code: string
  readonly message: string
  /** Name of the node at which it failed. */
  readonly step: string
}

/** Names of the headers a dead letter has, beside those of the record itself. */
export const DEAD_LETTER_HEADERS = {
  code: 'dead-letter.code',
  message: 'dead-letter.message',
  step: 'dead-letter.step',
  topic: 'dead-letter.topic',
  partition: 'dead-letter.partition',
  offset: 'dead-letter.offset',
  app: 'dead-letter.app',
  /** Only where the record was too large to be kept whole: how many bytes its value had. */
  droppedBytes: 'dead-letter.dropped-bytes',
} as const

/** Longer messages are cut, so that a dead letter is never much larger than its record. */
const MESSAGE_MAX = 1_000

/** A record that has more bytes goes without its value (and without its own headers): its origin says where it is. */
const RECORD_BYTES_MAX = 1_000_000
const KEY_BYTES_MAX = 64 * 1024

/** What an error says of itself. */
export function causeOf(error: unknown, step: string): DeadLetterCause {
  if (error instanceof StreamsError) return { code: error.code, message: cut(error.message), step }
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
    return { code, message: cut(error.message), step }
  }
  return { code: 'Error', message: cut(String(error)), step }
}

/** The record with its cause and its origin in headers; without its value where that is too large. */
export function deadLetterRecord(
  at: { readonly topic: string; readonly partition: number; readonly app: string },
  record: LogRecord,
  cause: DeadLetterCause,
): ProducerRecord {
  const names = DEAD_LETTER_HEADERS
  const isWhole = bytesOf(record) <= RECORD_BYTES_MAX
  const dropped: Headers = [[names.droppedBytes, Buffer.from(String(record.value?.length ?? 0))]]
  const headers: Headers = [
    ...(isWhole ? record.headers : dropped),
    [names.code, Buffer.from(cause.code)],
    [names.message, Buffer.from(cause.message)],
    [names.step, Buffer.from(cause.step)],
    [names.topic, Buffer.from(record.topic)],
    [names.partition, Buffer.from(String(record.partition))],
    [names.offset, Buffer.from(String(record.offset))],
    [names.app, Buffer.from(at.app)],
  ]
  return {
    topic: at.topic,
    partition: at.partition,
    timestampMs: record.timestampMs,
    key: isWhole || (record.key?.length ?? 0) <= KEY_BYTES_MAX ? record.key : null,
    value: isWhole ? record.value : null,
    headers,
  }
}

function bytesOf({ key, value, headers }: LogRecord): number {
  const head = headers.reduce((sum, [name, bytes]) => sum + name.length + bytes.length, 0)
  return (key?.length ?? 0) + (value?.length ?? 0) + head
}

function cut(message: string): string {
  return message.length <= MESSAGE_MAX ? message : `${message.slice(0, MESSAGE_MAX)}…`
}
