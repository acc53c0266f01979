import type { Serde } from '#streams'
import { AvroCodec } from './avro-codec.ts'
import { type AvroDefinitions, type AvroObject, loadAvroFiles } from './avro-files.ts'
import type { Codec } from './codec.ts'
import type { SchemaSource } from './schema-source.ts'
import { selfContained } from './self-contained.ts'
import { openTopics, type Topics } from './topics.ts'

/** The platform's records and topics with the schema ids of one registry. Handed to whatever reads or writes. */
export type Schemas = {
  readonly topics: Topics
  readonly codec: Codec
  /** The serde of a store's values: one record of `schemas/avro`. */
  state<T>(record: string): Serde<T>
  /** The name of the record that bytes in wire format hold, without decoding them; null where its id is unknown. */
  recordOf(bytes: Buffer): string | null
}

/** What `openSchemas` needs of a schema registry; see `registry/client.ts`. */
export interface SchemaRegistry extends SchemaSource {
  /** Registers the schema (a known one gives its id again). Rejects where it is not compatible with earlier ones. */
  register(subject: string, schema: AvroObject): Promise<number>
}

/** Options of `openSchemas`. */
export type OpenSchemasOptions = {
  /** Partitions of every topic; changed only before the first start. */
  readonly partitions?: number
}

/**
 * Registers every record with the registry, under its full name as subject, and opens the topics with the ids it gives.
 * @throws StreamsError SCHEMA_INCOMPATIBLE or SCHEMA_REGISTRY_UNAVAILABLE from the registry's client.
 */
export async function openSchemas(registry: SchemaRegistry, options: OpenSchemasOptions = {}): Promise<Schemas> {
  const definitions = loadAvroFiles()
  const ids = new Map<string, number>()
  for (const name of recordNames(definitions)) {
    ids.set(name, await registry.register(`fourfold.${name}`, selfContained(definitions, name)))
  }
  return schemasOf(new AvroCodec(definitions, ids, registry), options.partitions)
}

/** The names of all record types, sorted: every one is registered, because any may be a store's value. */
export function recordNames(definitions: AvroDefinitions): string[] {
  return [...definitions.values()]
    .filter((schema) => schema.type === 'record')
    .map((schema) => schema.name ?? '')
    .sort()
}

/** The schemas around a codec. */
export function schemasOf(codec: AvroCodec, partitions?: number): Schemas {
  return {
    topics: openTopics(codec, partitions),
    codec,
    state: (record) => codec.record(record),
    recordOf: (bytes) => codec.recordOf(bytes),
  }
}
