/** Records for tests: valid by their schema, with only what a test is about written out. */
import { dateToMs } from '#domain/calendar.ts'
import { type AvroDefinitions, type AvroSchema, loadAvroFiles, NAMESPACE } from './avro-files.ts'
import { rootMeta } from './envelope.ts'
import type { Envelope } from './generated/types.ts'
import type { Topics } from './topics.ts'

type ValueOf<T> = T extends { readonly value: { serialize(value: infer V): Buffer } } ? V : never
/** Any record that can stand in a topic. */
export type TopicRecord = ValueOf<Topics[keyof Topics]>
/** The topic record of this name. */
export type RecordNamed<N extends TopicRecord['type']> = Extract<TopicRecord, { type: N }>

let definitions: AvroDefinitions | undefined

/** The envelope of a record that came from nowhere, on a business date (at midnight UTC). */
export function sampleMeta(id: string, businessDate = '2026-01-01'): Envelope {
  return rootMeta({ source: 'test', id, businessDate, occurredAt: dateToMs(businessDate) })
}

/**
 * A topic record with these fields; the others are the simplest value of their type: the field's own name for a string
 * (`EUR` for a currency), 0, false, null where it may be, the first symbol of an enum, nothing in a list.
 */
export function sampleRecord<N extends TopicRecord['type']>(
  type: N,
  fields: Partial<Omit<RecordNamed<N>, 'type'>> = {},
): RecordNamed<N> {
  definitions ??= loadAvroFiles()
  const base = sampleOf(definitions, `${NAMESPACE}.${type}`, type) as object
  return { ...base, type, ...fields } as RecordNamed<N>
}

function sampleOf(known: AvroDefinitions, schema: AvroSchema, field: string): unknown {
  if (Array.isArray(schema)) return schema.includes('null') ? null : sampleOf(known, schema[0] ?? 'null', field)
  if (typeof schema === 'string') return sampleOfName(known, schema, field)
  if (schema.logicalType === 'date') return '2026-01-01'
  if (schema.type === 'array') return []
  if (schema.type === 'map') return {}
  if (schema.type === 'enum') return schema.symbols?.[0]
  if (schema.type !== 'record') return sampleOf(known, schema.type, field)
  return Object.fromEntries((schema.fields ?? []).map(({ name, type }) => [name, sampleOf(known, type, name)]))
}

function sampleOfName(known: AvroDefinitions, name: string, field: string): unknown {
  if (name === `${NAMESPACE}.Envelope`) return sampleMeta('evt_sample')
  const definition = known.get(name.replace(`${NAMESPACE}.`, ''))
  if (definition !== undefined) return sampleOf(known, definition, field)
  if (name === 'string') return field === 'currency' ? 'EUR' : field
  if (name === 'boolean') return false
  if (name === 'bytes') return Buffer.alloc(0)
  return name === 'null' ? null : 0
}
