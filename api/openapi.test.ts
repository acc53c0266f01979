import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { loadAvroFiles } from '#schemas/avro-files.ts'
import { openFakeApi, TOKENS } from './testing/fake-parts.ts'

type Schema = {
  readonly $ref?: string
  readonly type?: string | string[]
  readonly properties?: Record<string, Schema>
  readonly items?: Schema
  readonly allOf?: Schema[]
  readonly anyOf?: Schema[]
  readonly oneOf?: Schema[]
  readonly enum?: unknown[]
  readonly description?: string
  readonly example?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly additionalProperties?: unknown
}
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Schema }
type Body = { readonly content?: Record<string, { readonly schema: Schema }>; readonly headers?: object }
type Operation = {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: string[]
  readonly security?: Record<string, string[]>[]
  readonly parameters?: Parameter[]
  readonly requestBody?: Body
  readonly responses: Record<string, Body & { readonly description?: string }>
}
type Document = {
  readonly openapi: string
  readonly tags: { readonly name: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: Record<string, object> }
}

const { app, close } = await openFakeApi()
afterAll(close)
const document = (await (await app.request('/openapi.json')).json()) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method,
    operation,
  })),
)
const commands = operations.filter(({ operation }) => operation.parameters?.some(({ in: place }) => place === 'header'))
const PUBLIC = [
  'POST /v1/consumers',
  'POST /v1/merchant-applications',
  'POST /v1/password-resets',
  'POST /v1/password-resets/{resetId}/confirm',
  'POST /v1/registrations/{registrationId}/confirm',
  'POST /v1/sessions',
  'POST /v1/sessions/refresh',
]
const ROOT = new URL('..', import.meta.url)

describe('each operation', () => {
  test('is named once and described, under a tag that is explained', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id ?? ''))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    const tags = document.tags.map(({ name }) => name)
    const bad = operations.filter(({ operation: { summary = '', tags: own = [] } }) => {
      return summary.length < 5 || own.length !== 1 || !tags.includes(own[0] ?? '')
    })
    expect(bad.map(({ name }) => name)).toEqual([])
    expect(tags.filter((tag) => !operations.some(({ operation }) => operation.tags?.includes(tag)))).toEqual([])
  })

  test('says who may call it; all but signing up and in need a token', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ name }) => name)
    expect(open.sort()).toEqual(PUBLIC)
    const schemes = Object.keys(document.components.securitySchemes)
    const kinds = operations.flatMap(
      ({ operation }) => operation.security?.flatMap((one) => Object.keys(one)) ?? ['none'],
    )
    expect([...new Set(kinds)].sort()).toEqual(schemes.sort())
  })

  test('describes the problems it can answer with', () => {
    const missing = operations.flatMap(({ name, path, operation }) => {
      const wanted = ['400', '429', '500', '503']
      if (!PUBLIC.includes(name)) wanted.push('401', '403')
      if (path.includes('{')) wanted.push('404')
      if (operation.requestBody !== undefined) wanted.push('413', '415')
      if (commands.some((command) => command.name === name)) wanted.push('409', '422', '504')
      const isProblem = (status: string) => 'application/problem+json' in (operation.responses[status]?.content ?? {})
      return wanted.filter((status) => !isProblem(status)).map((status) => `${name}: ${status}`)
    })
    expect(missing).toEqual([])
  })

  test('that commands takes an Idempotency-Key, and its answer says where it was given before', () => {
    const writes = operations.filter(({ method, path }) => {
      return method !== 'get' && !path.startsWith('/v1/operations') && !path.startsWith('/v1/sandbox')
    })
    expect(commands.map(({ name }) => name).sort()).toEqual(writes.map(({ name }) => name).sort())
    for (const { operation } of commands) {
      const header = operation.parameters?.find(({ in: place }) => place === 'header')
      expect(header).toMatchObject({ name: 'idempotency-key', schema: { type: 'string', example: expect.any(String) } })
      const [status, answer] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
      if (status !== '204') expect(answer?.headers).toHaveProperty('Idempotent-Replayed')
    }
  })

  test('has every parameter of its path', () => {
    const bad = operations.filter(({ path, operation }) => {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const given = operation.parameters?.filter(({ in: place }) => place === 'path').map(({ name }) => name) ?? []
      return named.join() !== given.join()
    })
    expect(bad.map(({ name }) => name)).toEqual([])
  })
})

describe('who may call', () => {
  const fill = (path: string) =>
    path
      .replaceAll(/\{(\w+)Id\}/g, (_, noun: string) => `${PREFIXES[noun]}_${'0'.repeat(32)}`)
      .replaceAll(/\{\w+\}/g, 'x')
  const PREFIXES: Readonly<Record<string, string>> = {
    ...{
      checkout: 'chk',
      purchase: 'pur',
      plan: 'pln',
      settlement: 'set',
      merchant: 'mer',
      decision: 'dec',
      apiKey: 'key',
    },
  }
  const secured = operations.filter(({ name }) => !PUBLIC.includes(name))

  test.each(secured.map(({ name, ...rest }) => [name, rest] as const))(
    '%s',
    async (_name, { method, path, operation }) => {
      // The body is not valid: that the token is looked at first is seen by the answer.
      const body = operation.requestBody === undefined ? {} : { body: '{"nonsense":true}' }
      const ask = (headers: Record<string, string>) =>
        app.request(fill(path), { method, ...body, headers: { 'content-type': 'application/json', ...headers } })
      const nobody = await ask({})
      expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect((await ask({ authorization: 'Bearer wrong' })).status).toBe(401)
      const allowed = operation.security?.flatMap((one) => Object.keys(one)) ?? []
      const refused = Object.entries(TOKENS).filter(([kind]) => !allowed.includes(kind))
      for (const [, token] of refused) expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(403)
      expect(allowed.length + refused.length).toBe(3)
    },
  )
})

describe('the schemas', () => {
  const named = document.components.schemas

  /** Every property of a schema and of what is in it, with its path. */
  function properties(name: string, schema: Schema): [string, Schema][] {
    const inner = [
      ...(schema.allOf ?? []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.items ? [schema.items] : []),
    ]
    return [
      ...Object.entries(schema.properties ?? {}).flatMap(([key, value]): [string, Schema][] => [
        [`${name}.${key}`, value],
        ...properties(`${name}.${key}`, value),
      ]),
      ...inner.flatMap((one) => properties(name, one)),
    ]
  }
  const all = Object.entries(named).flatMap(([name, schema]) => properties(name, schema))
  const isExplained = ({ $ref, description, allOf, anyOf, items, properties: own }: Schema) =>
    [$ref, description, allOf, anyOf, own].some((part) => part !== undefined) ||
    items?.$ref !== undefined ||
    items?.properties !== undefined

  test('lead somewhere, each reference of them', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1],
    )
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter((name) => !(name !== undefined && name in named))).toEqual([])
  })

  test('explain their fields where the name does not say it all', () => {
    const obvious =
      /\.(?:approved|email|password|last4|brand|expiryMonth|expiryYear|legalName|givenName|familyName|phone)$/
    expect(all.filter(([name, schema]) => !isExplained(schema) && !obvious.test(name)).map(([name]) => name)).toEqual(
      [],
    )
  })

  test('give an example for each field of a request', () => {
    const requests = operations.flatMap(({ operation }) => {
      const schema = operation.requestBody?.content?.['application/json']?.schema
      return schema?.$ref === undefined ? [] : [schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]
    })
    const fields = requests.flatMap((name) => properties(name, named[name] as Schema))
    const without = fields.filter(([, schema]) => {
      const isPlain = schema.$ref === undefined && schema.items === undefined && schema.properties === undefined
      return isPlain && schema.example === undefined && schema.default === undefined && schema.enum === undefined
    })
    expect(requests.length).toBeGreaterThan(8)
    expect(without.map(([name]) => name)).toEqual([])
  })

  test('have patterns that their examples match', () => {
    const bad = all.filter(([, { pattern, example }]) => {
      return pattern !== undefined && example !== undefined && !new RegExp(pattern, 'u').test(String(example))
    })
    expect(all.filter(([, { pattern }]) => pattern !== undefined).length).toBeGreaterThan(10)
    expect(bad.map(([name]) => name)).toEqual([])
  })

  test('take no fields they do not name in requests', () => {
    expect(named['NewCheckout']).toMatchObject({ additionalProperties: false })
  })

  test.each([
    ['Consumer.kycStatus', 'KycStatus', []],
    ['Merchant.status', 'MerchantStatus', []],
    ['Checkout.status', 'CheckoutStatus', []],
    ['Purchase.status', 'PurchaseStatus', ['NEW']],
    ['Instalment.status', 'InstalmentStatus', []],
    ['Release.cause', 'ReleaseCause', []],
    ['Plan.product', 'Product', []],
  ])('%s has the words of %s', (field, record, never) => {
    const words = loadAvroFiles().get(record)?.symbols ?? ['there is no such enum']
    const schema = all.find(([name]) => name === field)?.[1]
    expect([...(schema?.enum ?? []), ...never].sort()).toEqual([...words].sort())
  })
})

test('docs/errors.md explains every code of the API', () => {
  const page = readFileSync(new URL('docs/errors.md', ROOT), 'utf8')
  const explained = new Set([...page.matchAll(/^### (\S+)$/gm)].map((match) => match[1]))
  const problems = readFileSync(new URL('api/problems.ts', ROOT), 'utf8')
  const codes = [...problems.matchAll(/^ {2}([A-Z_]+): /gm)].map((match) => match[1])
  expect(codes.length).toBeGreaterThan(20)
  expect(codes.filter((code) => !explained.has(code))).toEqual([])
})

test('the document is 3.1, and is served without a token', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(operations.length).toBeGreaterThan(35)
})
