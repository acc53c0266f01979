import type { Serde } from '#streams'

/** Makes serdes for the platform's Avro records, in Confluent wire format. */
export interface Codec {
  /** For a topic: any of these records; the schema id in the bytes says which, and the value gets it as `type`. */
  union<T>(records: readonly string[]): Serde<T>
  /** For a store: one record. */
  record<T>(record: string): Serde<T>
}
