/**
 * The records of the topic `_schemas`, in the JSON that Confluent's registry writes: a registry of theirs can take the
 * topic over, and ours can take over theirs.
 */
import { type LogRecord, type ProducerRecord, StreamsError, type TopicSpec } from '#streams'
import { COMPATIBILITY_LEVELS, type CompatibilityLevel } from '../compatibility.ts'

/** The registry's topic: compacted, one partition. */
export const SCHEMAS_TOPIC: TopicSpec = { name: '_schemas', partitions: 1, cleanup: 'compact', retentionMs: -1 }

/** One version of a subject. */
export type SchemaVersion = {
  readonly subject: string
  readonly version: number
  readonly id: number
  /** Avro JSON, without blanks. */
  readonly schema: string
  readonly deleted: boolean
}

/** A change of the registry's state. */
export type RegistryChange =
  | { readonly kind: 'schema'; readonly version: SchemaVersion }
  | { readonly kind: 'forgotten'; readonly subject: string; readonly version: number }
  /** A null level: back to the one above. A null subject: all subjects. */
  | { readonly kind: 'config'; readonly subject: string | null; readonly level: CompatibilityLevel | null }

/** The record that keeps a change. */
export function recordOfChange(change: RegistryChange, timestampMs: number): ProducerRecord {
  const [key, value] = keyAndValue(change)
  return {
    topic: SCHEMAS_TOPIC.name,
    partition: 0,
    timestampMs,
    key: Buffer.from(JSON.stringify(key)),
    value: value === null ? null : Buffer.from(JSON.stringify(value)),
  }
}

function keyAndValue(change: RegistryChange): [object, object | null] {
  if (change.kind === 'config') {
    const key = { keytype: 'CONFIG', subject: change.subject, magic: 0 }
    return [key, change.level === null ? null : { compatibilityLevel: change.level }]
  }
  const { subject, version } = change.kind === 'schema' ? change.version : change
  const key = { keytype: 'SCHEMA', subject, version, magic: 1 }
  return [key, change.kind === 'schema' ? change.version : null]
}

type Key = { keytype?: string; subject?: string | null; version?: number }

/**
 * The changes a record stands for; none for records that say nothing of schemas (Confluent's NOOP, MODE).
 * @throws StreamsError SCHEMA_REGISTRY_CORRUPT naming the offset.
 */
export function changesOfRecord(record: LogRecord): RegistryChange[] {
  try {
    const key = JSON.parse(record.key?.toString() ?? '{}') as Key
    const value = record.value === null ? null : (JSON.parse(record.value.toString()) as Record<string, unknown>)
    return changesOf(key, value)
  } catch (cause) {
    const message = `The record at offset ${record.offset} of ${record.topic} is not of a schema registry.`
    throw new StreamsError('SCHEMA_REGISTRY_CORRUPT', message, { cause })
  }
}

function changesOf(key: Key, value: Record<string, unknown> | null): RegistryChange[] {
  const { keytype, subject = null, version } = key
  if (keytype === 'CONFIG') {
    const level = value?.compatibilityLevel ?? null
    if (level !== null && !COMPATIBILITY_LEVELS.includes(level as never)) throw new RangeError(String(level))
    return [{ kind: 'config', subject, level: level as CompatibilityLevel | null }]
  }
  if (keytype !== 'SCHEMA' || subject === null || version === undefined) return []
  if (value === null) return [{ kind: 'forgotten', subject, version }]
  const { id, schema, deleted = false } = value as { id: number; schema: string; deleted?: boolean }
  if (!Number.isInteger(id) || typeof schema !== 'string') throw new TypeError('A version without id or schema.')
  return [{ kind: 'schema', version: { subject, version, id, schema, deleted } }]
}
