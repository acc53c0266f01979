import { type Call, jsonOf, type OpenApi, resolve, type Schema } from './openapi.ts'

const DEPTH_MAX = 6
const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '1990-05-17',
  email: 'lena@example.com',
  uri: 'https://shop.example.com/thanks',
}

/** A value that fits a schema: its own example, its default, or one made from its type. */
export function exampleOf(schema: Schema, document: OpenApi, depth = 0): unknown {
  const found = resolve(schema, document)
  if (found.example !== undefined) return found.example
  if (found.default !== undefined) return found.default
  if (found.enum !== undefined) return found.enum[0]
  const [first] = found.anyOf ?? []
  if (first !== undefined) return exampleOf(first, document, depth)
  const [type] = [found.type].flat()
  if (type === 'object') return objectOf(found, document, depth)
  if (type === 'array')
    return found.items === undefined || depth > DEPTH_MAX ? [] : [exampleOf(found.items, document, depth + 1)]
  if (type === 'integer' || type === 'number') return Math.max(found.minimum ?? 1, 1)
  if (type === 'boolean') return true
  return BY_FORMAT[found.format ?? ''] ?? 'text'
}

/** The call as a line for a shell. */
export function curlOf({ method, path, operation }: Call, document: OpenApi, origin: string): string {
  const body = jsonOf(operation.requestBody?.content)
  const headers = (operation.parameters ?? []).filter(({ in: place }) => place === 'header')
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} '${origin}${examplePath(path, operation.parameters, document)}'`,
    ...(operation.security === undefined ? [] : ["-H 'authorization: Bearer <token>'"]),
    ...headers.map(({ name }) => `-H '${name}: ${name === 'idempotency-key' ? '<fresh unique value>' : '…'}'`),
    ...(body === undefined ? [] : ["-H 'content-type: application/json'", `-d '${quoted(exampleOf(body, document))}'`]),
  ]
  return lines.join(' \\\n  ')
}

function examplePath(path: string, parameters: Call['operation']['parameters'], document: OpenApi): string {
  return path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = parameters?.find((one) => one.name === name)
    return parameter === undefined ? whole : String(exampleOf(parameter.schema, document))
  })
}

function quoted(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll("'", "'\\''")
}

function objectOf({ properties = {} }: Schema, document: OpenApi, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) return {}
  const pairs = Object.entries(properties).map(([name, schema]) => [name, exampleOf(schema, document, depth + 1)])
  return Object.fromEntries(pairs) as Record<string, unknown>
}
