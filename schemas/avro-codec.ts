/**
 * The platform's codec: Avro in Confluent wire format. A schema id that is not one of ours (an older or newer writer)
 * is fetched once and resolved to our version of the record.
 */
import { type Serde, SerdeNotReady, StreamsError } from '#streams'
import { type AvroDefinitions, NAMESPACE } from './avro-files.ts'
import { AvroRecord, HEADER_BYTES, type RecordReader } from './avro-record.ts'
import type { Codec } from './codec.ts'
import { noSchemaSource, type SchemaSource } from './schema-source.ts'
import { selfContained } from './self-contained.ts'

/** What a schema id stands for. */
type KnownId = { readonly record: string; readonly read: RecordReader }

type Tagged = { type?: unknown }

/**
 * Makes the codec of our records.
 * @throws StreamsError SCHEMA_UNKNOWN_TYPE where `ids` lacks a record when it is first used.
 */
export class AvroCodec implements Codec {
  readonly #definitions: AvroDefinitions
  readonly #ids: ReadonlyMap<string, number>
  readonly #source: SchemaSource
  readonly #records = new Map<string, AvroRecord>()
  readonly #known = new Map<number, KnownId>()
  readonly #recordOfId = new Map<number, string>()

  /** `ids`: the schema id of each record name; `source`: where other ids are looked up. */
  constructor(definitions: AvroDefinitions, ids: ReadonlyMap<string, number>, source: SchemaSource = noSchemaSource) {
    this.#definitions = definitions
    this.#ids = ids
    this.#source = source
    for (const [record, id] of ids) this.#recordOfId.set(id, record)
  }

  union<T>(records: readonly string[]): Serde<T> {
    const allowed = new Map(records.map((name) => [name, new LastEncoded(this.#record(name))]))
    const serialize = (value: T): Buffer => {
      const tag = (value as Tagged | null)?.type
      const record = allowed.get(tag as string)
      if (record) return record.encode(value)
      const given = typeof tag === 'string' ? `type '${tag}'` : 'no type'
      throw new StreamsError('SERDE_INVALID_VALUE', `A value with ${given}; this topic takes ${records.join(', ')}.`)
    }
    const deserialize = (bytes: Buffer): T => {
      const known = this.#lookUp(bytes)
      if (!allowed.has(known.record)) throw unexpected(known.record, records)
      const value = known.read(bytes) as Tagged
      value.type = known.record
      return value as T
    }
    return { serialize, deserialize }
  }

  record<T>(name: string): Serde<T> {
    const record = this.#record(name)
    const deserialize = (bytes: Buffer): T => {
      const known = this.#lookUp(bytes)
      if (known.record !== name) throw unexpected(known.record, [name])
      return known.read(bytes) as T
    }
    return { serialize: (value) => record.encode(value), deserialize }
  }

  /** The record the bytes claim to be, without reading its body; null where nobody here has met its schema id. */
  recordOf(bytes: Buffer): string | null {
    const id = schemaIdOf(bytes)
    return this.#known.get(id)?.record ?? this.#recordOfId.get(id) ?? null
  }

  #record(name: string): AvroRecord {
    const known = this.#records.get(name)
    if (known) return known
    const id = this.#ids.get(name)
    if (id === undefined) throw new StreamsError('SCHEMA_UNKNOWN_TYPE', `There is no schema id of the record ${name}.`)
    const record = new AvroRecord(name, selfContained(this.#definitions, name), id)
    this.#records.set(name, record)
    this.#open(record)
    return record
  }

  #open(record: AvroRecord): KnownId {
    const known = { record: record.name, read: (bytes: Buffer) => record.decode(bytes) }
    this.#known.set(record.schemaId, known)
    return known
  }

  #lookUp(bytes: Buffer): KnownId {
    const id = schemaIdOf(bytes)
    const known = this.#known.get(id)
    if (known) return known
    const name = this.#recordOfId.get(id)
    if (name !== undefined) return this.#open(this.#record(name))
    throw new SerdeNotReady(`The schema id ${id} has not been fetched yet.`, () => this.#fetch(id))
  }

  async #fetch(id: number): Promise<void> {
    const schema = await this.#source.schemaById(id)
    if (!schema) {
      throw new StreamsError('SCHEMA_UNKNOWN_ID', `The schema registry has no schema with the id ${id}.`)
    }
    const name = schema.name ?? ''
    const fullName = name.includes('.') ? name : `${schema.namespace}.${name}`
    const record = fullName.startsWith(`${NAMESPACE}.`) ? fullName.slice(NAMESPACE.length + 1) : fullName
    if (!this.#ids.has(record)) {
      throw new StreamsError('SERDE_UNEXPECTED_RECORD', `The schema id ${id} is of ${fullName}, no record of ours.`)
    }
    this.#known.set(id, { record, read: this.#record(record).readerOf(schema, id) })
  }
}

/**
 * Encodes a value once that is asked for twice in a row: an outcome goes to its topic and into the answer of its
 * command. Values do not change; see `KeyValueStore`.
 */
class LastEncoded {
  readonly #record: AvroRecord
  #value: unknown
  #bytes: Buffer | undefined

  constructor(record: AvroRecord) {
    this.#record = record
  }

  encode(value: unknown): Buffer {
    if (this.#bytes !== undefined && this.#value === value) return this.#bytes
    const bytes = this.#record.encode(value)
    this.#value = value
    this.#bytes = bytes
    return bytes
  }
}

/** @throws StreamsError SERDE_INVALID_BYTES where the bytes are not in Confluent wire format. */
function schemaIdOf(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0) {
    const message = 'Not Confluent wire format: a record begins with the byte 0 and a schema id of four bytes.'
    throw new StreamsError('SERDE_INVALID_BYTES', message)
  }
  return bytes.readInt32BE(1)
}

function unexpected(record: string, allowed: readonly string[]): StreamsError {
  return new StreamsError('SERDE_UNEXPECTED_RECORD', `A ${record} where only ${allowed.join(', ')} may stand.`)
}
