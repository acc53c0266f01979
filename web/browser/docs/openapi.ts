/** The parts of an OpenAPI 3.1 document that the page reads. */
export type OpenApi = {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** One call. */
export type Operation = {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
  readonly security?: readonly Readonly<Record<string, unknown>>[]
}

/** A value in the path, the query or the headers. */
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

/** JSON Schema, as far as the API uses it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly example?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

/** A call with its place. */
export type Call = { readonly method: string; readonly path: string; readonly operation: Operation }

const METHODS: readonly string[] = ['get', 'post', 'put', 'patch', 'delete']

/** All calls by their group, in the order of the document. */
export function callsByTag(document: OpenApi): Map<string, Call[]> {
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]): Call => ({ method: method.toUpperCase(), path, operation })),
  )
  return Map.groupBy(calls, ({ operation }) => operation.tags?.[0] ?? 'Other')
}

/** The schema itself, where there was a reference to it; what stands beside the reference wins. */
export function resolve(schema: Schema, document: OpenApi): Schema {
  if (schema.allOf !== undefined) {
    const { allOf, ...own } = schema
    return Object.assign({}, ...allOf.map((part) => resolve(part, document)), own) as Schema
  }
  if (schema.$ref === undefined) return schema
  const { $ref, ...own } = schema
  const found = document.components?.schemas?.[$ref.replace('#/components/schemas/', '')]
  return found === undefined ? own : { ...resolve(found, document), ...own }
}

/** The schema of a JSON body, if there is one. */
export function jsonOf(content: Content | undefined): Schema | undefined {
  return content?.['application/json']?.schema
}

/** The tokens that a call takes: consumer, merchant, operator. */
export function callersOf({ security = [] }: Operation): string[] {
  return security.flatMap((one) => Object.keys(one))
}
