/**
 * Whether one version of a schema can read what another wrote. avsc is the judge (it makes a resolver or says why not);
 * this file asks it field by field, so that a message names the place.
 */
import avro, { type Type } from 'avsc'
import type { AvroObject, AvroSchema } from './avro-files.ts'

/** Confluent's compatibility levels. */
export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const

/** How a new version must fit the earlier ones: BACKWARD = it reads them, FORWARD = they read it, FULL = both. */
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number]

/** An earlier version to be compared with, and how a message calls it. */
export type EarlierSchema = { readonly label: string; readonly schema: AvroSchema }

/** Compiles a schema for comparison. @throws Error of avsc where it is not valid Avro. */
export function parseSchema(schema: AvroSchema): Type {
  return avro.Type.forSchema(schema as never, { wrapUnions: 'always', noAnonymousTypes: false })
}

/**
 * Why a new version does not fit the earlier ones (oldest first) at this level; empty where it does.
 * @throws Error of avsc where the candidate is not valid Avro.
 */
export function incompatibilities(
  level: CompatibilityLevel,
  candidate: AvroSchema,
  earlier: readonly EarlierSchema[],
): string[] {
  if (level === 'NONE') return []
  const type = parseSchema(candidate)
  const compared = level.endsWith('_TRANSITIVE') ? earlier : earlier.slice(-1)
  return compared.flatMap(({ label, schema }) => {
    const other = parseSchema(schema)
    const cannotRead = level.startsWith('FORWARD') ? [] : unreadable(type, other)
    const cannotBeRead = level.startsWith('BACKWARD') ? [] : unreadable(other, type)
    return [
      ...cannotRead.map(({ path, reason }) => `${path}: ${reason} (reading what ${label} wrote)`),
      ...cannotBeRead.map(({ path, reason }) => `${path}: ${reason} (read by ${label})`),
    ]
  })
}

/** A place at which a reader cannot read what a writer wrote. */
export type Misfit = {
  /** Record and field, e.g. `fourfold.PlanScheduled.instalments[].dueOn`. */
  readonly path: string
  readonly reason: string
  /** True where the writer did not have the field, and the reader has no default for it. */
  readonly isMissing: boolean
}

/** All places at which `reader` cannot read what `writer` wrote; empty where it can. */
export function unreadable(reader: Type, writer: Type, path: string = rootName(reader)): Misfit[] {
  if (writer === MISSING) return [{ path, reason: 'the field is new and has no default', isMissing: true }]
  const failure = resolverFailure(reader, writer)
  if (failure === null) return []
  const nested = nestedPairs(reader, writer, path).flatMap((pair) => unreadable(pair.reader, pair.writer, pair.path))
  return nested.length > 0 ? nested : [{ path, reason: failure, isMissing: false }]
}

type Pair = { readonly reader: Type; readonly writer: Type; readonly path: string }

function nestedPairs(reader: Type, writer: Type, path: string): Pair[] {
  if (isBoth('record', reader, writer) && nameOf(reader) === nameOf(writer)) return fieldPairs(reader, writer, path)
  if (isBoth('array', reader, writer)) {
    const items = (type: Type) => (type as avro.types.ArrayType).itemsType
    return [{ reader: items(reader), writer: items(writer), path: `${path}[]` }]
  }
  if (isBoth('map', reader, writer)) {
    const values = (type: Type) => (type as unknown as { valuesType: Type }).valuesType
    return [{ reader: values(reader), writer: values(writer), path: `${path}{}` }]
  }
  return []
}

function fieldPairs(reader: Type, writer: Type, path: string): Pair[] {
  const written = new Map((writer as avro.types.RecordType).fields.map((field) => [field.name, field.type]))
  return (reader as avro.types.RecordType).fields.flatMap((field) => {
    const name = [field.name, ...field.aliases].find((alias) => written.has(alias))
    const type = name === undefined ? undefined : written.get(name)
    if (type) return [{ reader: field.type, writer: type, path: `${path}.${field.name}` }]
    if (field.defaultValue() !== undefined) return []
    return [{ reader: field.type, writer: MISSING, path: `${path}.${field.name}` }]
  })
}

/** Stands for a field that the writer did not have. */
const MISSING = avro.Type.forSchema({ type: 'fixed', name: 'fourfold.Missing', size: 1 } as never)

function resolverFailure(reader: Type, writer: Type): string | null {
  try {
    reader.createResolver(writer)
    return null
  } catch (error) {
    const lost = lostSymbols(reader, writer)
    if (lost.length > 0) return `the symbols ${lost.join(', ')} are gone`
    const [read, written] = [shortName(reader), shortName(writer)]
    if (read !== written) return `it was ${written} and is ${read}`
    return error instanceof Error ? error.message : String(error)
  }
}

function lostSymbols(reader: Type, writer: Type): string[] {
  if (!avro.Type.isType(reader, 'enum') || !avro.Type.isType(writer, 'enum')) return []
  const kept = new Set((reader as avro.types.EnumType).symbols)
  return (writer as avro.types.EnumType).symbols.filter((symbol) => !kept.has(symbol))
}

function isBoth(typeName: 'record' | 'array' | 'map', reader: Type, writer: Type): boolean {
  return avro.Type.isType(reader, typeName) && avro.Type.isType(writer, typeName)
}

function nameOf(type: Type): string | undefined {
  return type.branchName
}

function rootName(type: Type): string {
  return nameOf(type) ?? type.typeName
}

function shortName(type: Type): string {
  const schema = type.schema() as AvroSchema
  if (typeof schema === 'string') return schema
  if (Array.isArray(schema))
    return `[${schema.map((branch) => (typeof branch === 'string' ? branch : label(branch))).join(', ')}]`
  return label(schema)
}

function label(schema: AvroSchema): string {
  return (schema as AvroObject).name ?? String((schema as AvroObject).type ?? schema)
}
