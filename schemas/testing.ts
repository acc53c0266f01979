/** Schemas for tests: no registry, no I/O but the `.avsc` files. */
import { AvroCodec } from './avro-codec.ts'
import { loadAvroFiles } from './avro-files.ts'
import { recordNames, type Schemas, schemasOf } from './open-schemas.ts'
import { noSchemaSource, type SchemaSource } from './schema-source.ts'

/** The schema id that a test's record gets: its place among all records, sorted by name, from 1. */
export function testSchemas(options: { partitions?: number; source?: SchemaSource } = {}): Schemas {
  const definitions = loadAvroFiles()
  const ids = new Map(recordNames(definitions).map((name, index) => [name, index + 1]))
  return schemasOf(new AvroCodec(definitions, ids, options.source ?? noSchemaSource), options.partitions)
}
