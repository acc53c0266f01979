import { StreamsError } from '#streams'
import { type AvroDefinitions, type AvroObject, type AvroSchema, NAMESPACE } from './avro-files.ts'

const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'])

/**
 * The schema of one of our types with every type it names written out where it is first named, so that a reader
 * needs no other schema: what is registered, and what is kept in a release.
 * @throws StreamsError SCHEMA_UNKNOWN_TYPE where a name is not one of ours.
 */
export function selfContained(definitions: AvroDefinitions, name: string): AvroObject {
  const seen = new Set<string>()
  const named = (fullName: string): AvroSchema => {
    if (seen.has(fullName)) return fullName
    const definition = definitions.get(fullName.slice(NAMESPACE.length + 1))
    if (!fullName.startsWith(`${NAMESPACE}.`) || !definition) {
      throw new StreamsError(
        'SCHEMA_UNKNOWN_TYPE',
        `${name} names the type ${fullName}, of which there is no .avsc file.`,
      )
    }
    seen.add(fullName)
    return object(definition)
  }
  const object = (schema: AvroObject): AvroObject => ({
    ...schema,
    ...(schema.items === undefined ? {} : { items: expand(schema.items) }),
    ...(schema.values === undefined ? {} : { values: expand(schema.values) }),
    ...(schema.fields === undefined
      ? {}
      : { fields: schema.fields.map((field) => ({ ...field, type: expand(field.type) })) }),
  })
  const expand = (schema: AvroSchema): AvroSchema => {
    if (Array.isArray(schema)) return schema.map(expand)
    if (typeof schema === 'string') return PRIMITIVES.has(schema) ? schema : named(schema)
    return object(schema)
  }
  return named(`${NAMESPACE}.${name}`) as AvroObject
}
