import { StreamsError } from '../errors.ts'

/** How far a changelog is applied to a store. */
export type Checkpoint = {
  /** The first offset that is not applied. */
  readonly offset: number
  /** When this was written, in milliseconds since the epoch: a changelog keeps its deletes for a limited time. */
  readonly savedAtMs: number
}

const BYTES = 16

/** A checkpoint as it is kept: two numbers of 8 bytes, big-endian. */
export function encodeCheckpoint({ offset, savedAtMs }: Checkpoint): Buffer {
  const bytes = Buffer.allocUnsafe(BYTES)
  bytes.writeBigUInt64BE(BigInt(offset), 0)
  bytes.writeBigUInt64BE(BigInt(savedAtMs), 8)
  return bytes
}

/** @throws StreamsError STORE_CORRUPT where the bytes are not a checkpoint. */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  if (bytes.length !== BYTES) {
    throw new StreamsError(
      'STORE_CORRUPT',
      `A checkpoint takes ${BYTES} bytes; ${bytes.length} were found. Move the store's directory away and start ` +
        'again: it is rebuilt from its changelogs.',
    )
  }
  return { offset: Number(bytes.readBigUInt64BE(0)), savedAtMs: Number(bytes.readBigUInt64BE(8)) }
}
