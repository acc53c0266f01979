/**
 * One of our records in Confluent wire format: 0x00, the schema id as a big-endian int32, the Avro body.
 */
import type { Type } from 'avsc'
import { StreamsError } from '#streams'
import type { AvroObject } from './avro-files.ts'
import { avroType, decodePlainObjects } from './avro-type.ts'
import { bodyCheck } from './body-check.ts'
import { BodyReader } from './body-reader.ts'
import { BodyWriter } from './body-writer.ts'
import { compileReader, type ReadBody } from './compile-reader.ts'
import { compileWriter, type WriteBody } from './compile-writer.ts'

/** Bytes before the Avro body. */
export const HEADER_BYTES = 5

/** Reads a body that was written with one certain schema. */
export type RecordReader = (bytes: Buffer) => unknown

/** One for all: a body is read at a time. */
const reader = new BodyReader()

/** A record of ours, compiled. */
export class AvroRecord {
  readonly name: string
  readonly schemaId: number
  readonly #type: Type
  readonly #read: ReadBody
  readonly #write: WriteBody
  readonly #writer = new BodyWriter()

  constructor(name: string, schema: AvroObject, schemaId: number) {
    this.name = name
    this.schemaId = schemaId
    this.#type = avroType(schema)
    decodePlainObjects(this.#type)
    this.#read = compileReader(this.#type)
    this.#write = compileWriter(this.#type)
  }

  /** @throws StreamsError SERDE_INVALID_VALUE naming the field that does not fit. */
  encode(value: unknown): Buffer {
    const writer = this.#writer
    writer.begin()
    writer.writeHeader(this.schemaId)
    try {
      this.#write(writer, value)
    } catch (cause) {
      throw this.#misfit(value, cause)
    }
    return writer.end()
  }

  /** Reads a body written with our own schema. @throws StreamsError SERDE_INVALID_BYTES */
  decode(bytes: Buffer): unknown {
    try {
      reader.begin(bytes, HEADER_BYTES)
      const value = this.#read(reader)
      reader.end()
      return value
    } catch (cause) {
      throw this.#misread(cause)
    }
  }

  /**
   * A reader of bodies written with another version of this record.
   * @throws StreamsError SCHEMA_INCOMPATIBLE where our schema cannot read what that one wrote.
   */
  readerOf(writer: AvroObject, writerId: number): RecordReader {
    try {
      const type = avroType(writer)
      const resolver = this.#type.createResolver(type)
      const check = bodyCheck(type)
      return (bytes) => {
        try {
          const end = check(bytes, HEADER_BYTES)
          if (end !== bytes.length) throw new RangeError(`${bytes.length - end} bytes are left over`)
          return this.#type.decode(bytes, HEADER_BYTES, resolver).value
        } catch (cause) {
          throw this.#misread(cause)
        }
      }
    } catch (cause) {
      const message = `${this.name} as written with schema id ${writerId} cannot be read by ours: ${messageOf(cause)}`
      throw new StreamsError('SCHEMA_INCOMPATIBLE', message, { cause })
    }
  }

  #misread(cause: unknown): StreamsError {
    return new StreamsError('SERDE_INVALID_BYTES', `The bytes are not a ${this.name}: ${messageOf(cause)}.`, { cause })
  }

  #misfit(value: unknown, cause: unknown): StreamsError {
    let found = ''
    const errorHook = (path: string[], actual: unknown, type: Type): void => {
      found ||= `${[this.name, ...path].join('.')} is ${describe(actual)}, and must be ${expected(type)}.`
    }
    this.#type.isValid(value, { errorHook } as never)
    return new StreamsError('SERDE_INVALID_VALUE', found || `Not a ${this.name}: ${messageOf(cause)}`, { cause })
  }
}

/** What a value is, without showing text: it may be somebody's name. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return value === '' ? 'an empty string' : `a string of ${value.length} characters`
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`
}

function expected(type: Type): string {
  if (type.typeName === 'logical:date') return "a date of the form '1997-01-31'"
  const schema = type.schema() as unknown
  if (Array.isArray(schema)) return schema.map((branch) => nameOf(branch)).join(' or ')
  const { symbols } = schema as { symbols?: string[] }
  return symbols ? `one of ${symbols.join(', ')}` : nameOf(schema)
}

function nameOf(schema: unknown): string {
  if (typeof schema === 'string') return schema
  const { name, type } = schema as { name?: string; type: string }
  return name ?? type
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
