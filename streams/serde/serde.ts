import { StreamsError } from '../errors.ts'

/** Turns values into bytes and back. Synchronous, so that a batch is processed without a pause. */
export interface Serde<T> {
  /** @throws StreamsError SERDE_INVALID_VALUE where the value does not fit the schema. */
  serialize(value: T): Buffer
  /**
   * @throws StreamsError SERDE_INVALID_BYTES where the bytes are not of this format.
   * @throws SerdeNotReady where something must be fetched first (a schema by its id).
   */
  deserialize(bytes: Buffer): T
}

/**
 * Thrown by `deserialize` when it needs something it must wait for. The caller awaits `prepare()` and
 * tries again; where `prepare` rejects, the record cannot be decoded.
 */
export class SerdeNotReady extends StreamsError {
  readonly prepare: () => Promise<void>

  constructor(message: string, prepare: () => Promise<void>) {
    super('SERDE_NOT_READY', message)
    this.prepare = prepare
  }
}

/** UTF-8 strings. */
export const stringSerde: Serde<string> = {
  serialize: (value) => Buffer.from(value, 'utf8'),
  deserialize: (bytes) => bytes.toString('utf8'),
}

/** Bytes as they are. */
export const bytesSerde: Serde<Buffer> = {
  serialize: (value) => value,
  deserialize: (bytes) => bytes,
}

/** JSON, for tests and examples; the platform's own topics are Avro. */
export function jsonSerde<T>(): Serde<T> {
  return {
    serialize: (value) => Buffer.from(JSON.stringify(value), 'utf8'),
    deserialize: (bytes) => {
      try {
        return JSON.parse(bytes.toString('utf8')) as T
      } catch (cause) {
        throw new StreamsError('SERDE_INVALID_BYTES', 'The bytes are not JSON.', { cause })
      }
    },
  }
}
