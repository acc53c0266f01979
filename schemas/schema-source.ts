import type { AvroObject } from './avro-files.ts'

/** Where a codec gets schemas of other writers from: a registry, or nothing in a test. */
export interface SchemaSource {
  /** The schema of an id; null where the registry has none. Rejects where the registry cannot be asked. */
  schemaById(id: number): Promise<AvroObject | null>
}

/** Knows no schema but those the codec was made with. */
export const noSchemaSource: SchemaSource = { schemaById: () => Promise.resolve(null) }
