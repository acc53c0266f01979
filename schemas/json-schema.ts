/**
 * Checks a JSON value against a JSON Schema, for files that people write. It knows the keywords that our schemas use:
 * `$ref` to `#/$defs/…`, `type`, `const`, `enum`, `minimum`, `maximum`, `minLength`, `pattern`, `items`, `minItems`,
 * `properties`, `required`, `additionalProperties`, `propertyNames` (with a pattern). Others are annotations.
 */

/** A JSON Schema (draft 2020-12), of which the keywords above are obeyed. */
export type JsonSchema = {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly propertyNames?: { readonly pattern?: string }
}

type Place = { readonly root: JsonSchema; readonly path: string }

/** What is wrong with a value, each problem with its path (`bands[2].limit must be a whole number`). */
export function jsonProblems(schema: JsonSchema, value: unknown): readonly string[] {
  return problemsAt(schema, value, { root: schema, path: '' })
}

function problemsAt(given: JsonSchema, value: unknown, place: Place): readonly string[] {
  const schema = given.$ref === undefined ? given : referred(given.$ref, place.root)
  const wrongType = typeProblem(schema, value)
  if (wrongType !== null) return [`${place.path || 'the file'} ${wrongType}`]
  const own = valueProblem(schema, value)
  return [
    ...(own === null ? [] : [`${place.path || 'the file'} ${own}`]),
    ...(Array.isArray(value) ? itemProblems(schema, value, place) : []),
    ...(isObject(value) ? propertyProblems(schema, value, place) : []),
  ]
}

function referred(ref: string, root: JsonSchema): JsonSchema {
  const found = root.$defs?.[ref.replace('#/$defs/', '')]
  if (found === undefined) throw new Error(`The schema refers to ${ref}, which it does not have`)
  return found
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}

function typeProblem({ type }: JsonSchema, value: unknown): string | null {
  if (type === undefined) return null
  const types = typeof type === 'string' ? [type] : type
  if (types.some((one) => isOfType(one, value))) return null
  return `must be ${types.map((one) => TYPE_NAMES[one] ?? one).join(' or ')}`
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isSafeInteger(value)
  return type === typeof value
}

function valueProblem(schema: JsonSchema, value: unknown): string | null {
  if (schema.const !== undefined && value !== schema.const) return `must be ${JSON.stringify(schema.const)}`
  if (schema.enum !== undefined && !schema.enum.includes(value)) return `must be one of ${schema.enum.join(', ')}`
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return `must be at least ${schema.minimum}`
    if (schema.maximum !== undefined && value > schema.maximum) return `must be at most ${schema.maximum}`
  }
  if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength) return 'must not be empty'
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      return `must look like ${schema.pattern}`
  }
  return null
}

function itemProblems({ items, minItems = 0 }: JsonSchema, list: readonly unknown[], place: Place): readonly string[] {
  const few = list.length < minItems ? [`${place.path} must have at least ${minItems}`] : []
  if (items === undefined) return few
  return [
    ...few,
    ...list.flatMap((item, index) => problemsAt(items, item, { ...place, path: `${place.path}[${index}]` })),
  ]
}

function propertyProblems(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  place: Place,
): readonly string[] {
  const { properties = {}, required = [], additionalProperties = true, propertyNames } = schema
  const at = (name: string) => (place.path === '' ? name : `${place.path}.${name}`)
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at(name)} is missing`)
  const given = Object.entries(value).flatMap(([name, item]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (known !== undefined) return problemsAt(known, item, { ...place, path: at(name) })
    if (additionalProperties === false) return [`${at(name)} is not known`]
    if (propertyNames?.pattern !== undefined && !new RegExp(propertyNames.pattern).test(name)) {
      return [`${at(name)} must look like ${propertyNames.pattern}`]
    }
    return additionalProperties === true ? [] : problemsAt(additionalProperties, item, { ...place, path: at(name) })
  })
  return [...missing, ...given]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
