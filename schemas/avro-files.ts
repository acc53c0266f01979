/**
 * The `.avsc` files as they stand in `schemas/avro`: one named type a file, referring to others by their full name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StreamsError } from '#streams'

/** A field of an Avro record. */
export type AvroField = { name: string; type: AvroSchema; doc?: string; default?: unknown }

/** An Avro schema that is not a plain name or a union. */
export type AvroObject = {
  type: AvroSchema
  name?: string
  namespace?: string
  doc?: string
  symbols?: string[]
  items?: AvroSchema
  values?: AvroSchema
  logicalType?: string
  fields?: AvroField[]
}

/** Any Avro schema as JSON. */
export type AvroSchema = string | AvroSchema[] | AvroObject

/** Our named types by their name without the namespace. */
export type AvroDefinitions = ReadonlyMap<string, AvroObject>

/** The namespace of all records of the platform. */
export const NAMESPACE = 'fourfold'

const DIRECTORY = fileURLToPath(new URL('./avro', import.meta.url))

/**
 * Reads every `.avsc` below `directory`.
 * @throws StreamsError SCHEMA_INVALID where a file is not JSON, or is not named after the type in it.
 */
export function loadAvroFiles(directory: string = DIRECTORY): AvroDefinitions {
  const definitions = new Map<string, AvroObject>()
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.avsc')) continue
    const schema = parse(join(directory, file))
    const name = file.replace(/^.*[/\\]/, '').slice(0, -'.avsc'.length)
    if (schema.name !== name || schema.namespace !== NAMESPACE) {
      throw new StreamsError('SCHEMA_INVALID', `${file} must hold the type ${NAMESPACE}.${name}, named after the file.`)
    }
    if (definitions.has(name)) throw new StreamsError('SCHEMA_INVALID', `${file}: ${name} is in another folder too.`)
    definitions.set(name, schema)
  }
  return definitions
}

function parse(path: string): AvroObject {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as AvroObject
  } catch (cause) {
    throw new StreamsError('SCHEMA_INVALID', `${path} is not JSON.`, { cause })
  }
}
