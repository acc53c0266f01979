import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import type { Log } from '#streams'
import { memoryLog } from '#streams'
import { Registry } from './registry.ts'
import { registryRoutes } from './routes.ts'

const V1 = record({ name: 'amountMinor', type: 'long' })
const V2 = record({ name: 'amountMinor', type: 'long' }, { name: 'note', type: 'string', default: '' })
const RETYPED = record({ name: 'amountMinor', type: 'string' })
const NO_DEFAULT = record({ name: 'amountMinor', type: 'long' }, { name: 'note', type: 'string' })
const SUBJECT = '/subjects/fourfold.PurchaseApproved'

let log: Log
let app: Hono

beforeEach(async () => {
  log = memoryLog()
  app = registryRoutes(await Registry.open(log, { nowMs: () => 0 }))
})

function record(...fields: object[]): string {
  return JSON.stringify({ type: 'record', namespace: 'fourfold', name: 'PurchaseApproved', fields })
}

/** One request; the answer as its status and JSON. */
async function call(method: string, path: string, body?: unknown): Promise<[status: number, body: unknown]> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await app.request(path, init)
  expect(response.headers.get('content-type')).toBe('application/vnd.schemaregistry.v1+json')
  return [response.status, await response.json()]
}

const register = (schema: string, subject = SUBJECT) => call('POST', `${subject}/versions`, { schema })
const errorCode = (code: number) => expect.objectContaining({ error_code: code, message: expect.any(String) })

test('gives ids and versions in order, and a known schema its own id again', async () => {
  expect(await register(V1)).toEqual([200, { id: 1 }])
  expect(await register(V2)).toEqual([200, { id: 2 }])
  expect(await register(V1)).toEqual([200, { id: 1 }])
  expect(await call('GET', `${SUBJECT}/versions`)).toEqual([200, [1, 2]])
  expect(await call('GET', `${SUBJECT}/versions/1`)).toEqual([
    200,
    { subject: 'fourfold.PurchaseApproved', version: 1, id: 1, schema: V1 },
  ])
  expect(await call('GET', `${SUBJECT}/versions/latest`)).toEqual([200, expect.objectContaining({ version: 2 })])
  expect(await call('GET', `${SUBJECT}/versions/2/schema`)).toEqual([200, JSON.parse(V2)])
})

test('gives one schema one id under all subjects, and knows where it is used', async () => {
  await register(V1)
  expect(await register(V1, '/subjects/copy%2Fvalue')).toEqual([200, { id: 1 }])
  expect(await call('GET', '/subjects')).toEqual([200, ['copy/value', 'fourfold.PurchaseApproved']])
  expect(await call('GET', '/subjects?subjectPrefix=copy')).toEqual([200, ['copy/value']])
  expect(await call('GET', '/schemas/ids/1')).toEqual([200, { schema: V1 }])
  expect(await call('GET', '/schemas/ids/1/schema')).toEqual([200, JSON.parse(V1)])
  expect(await call('GET', '/schemas/ids/1/subjects')).toEqual([200, ['copy/value', 'fourfold.PurchaseApproved']])
  expect(await call('GET', '/schemas/ids/1/versions')).toEqual([
    200,
    [
      { subject: 'copy/value', version: 1 },
      { subject: 'fourfold.PurchaseApproved', version: 1 },
    ],
  ])
})

test('takes two texts of one schema for the same', async () => {
  await register(V1)
  const { type, name, namespace, fields } = JSON.parse(V1) as Record<string, unknown>
  expect(await register(JSON.stringify({ fields, name, namespace, type }, null, 2))).toEqual([200, { id: 1 }])
})

test('looks a schema up', async () => {
  await register(V1)
  const found = { subject: 'fourfold.PurchaseApproved', version: 1, id: 1, schema: V1 }
  expect(await call('POST', SUBJECT, { schema: V1 })).toEqual([200, found])
  expect(await call('POST', SUBJECT, { schema: V2 })).toEqual([404, errorCode(40403)])
  expect(await call('POST', '/subjects/none', { schema: V1 })).toEqual([404, errorCode(40401)])
})

test.each<[string, string, string, unknown, number, number]>([
  ['an unknown subject', 'GET', '/subjects/none/versions', undefined, 404, 40401],
  ['a version of an unknown subject', 'GET', '/subjects/none/versions/1', undefined, 404, 40401],
  ['an unknown version', 'GET', `${SUBJECT}/versions/9`, undefined, 404, 40402],
  ['a version that is no number', 'GET', `${SUBJECT}/versions/first`, undefined, 422, 42202],
  ['version 0', 'GET', `${SUBJECT}/versions/0`, undefined, 422, 42202],
  ['an unknown id', 'GET', '/schemas/ids/99', undefined, 404, 40403],
  ['an id that is no number', 'GET', '/schemas/ids/x', undefined, 404, 40403],
  ['a level of an unknown subject', 'GET', '/config/none', undefined, 404, 40408],
  ['an unknown level', 'PUT', '/config', { compatibility: 'SIDEWAYS' }, 422, 42203],
  ['a missing level', 'PUT', '/config', {}, 422, 42203],
  ['a schema that is not JSON', 'POST', `${SUBJECT}/versions`, { schema: '{' }, 422, 42201],
  ['a schema that is not Avro', 'POST', `${SUBJECT}/versions`, { schema: '{"type":"record"}' }, 422, 42201],
  ['a name that is no type', 'POST', `${SUBJECT}/versions`, { schema: 'purse' }, 422, 42201],
  ['no schema', 'POST', `${SUBJECT}/versions`, {}, 422, 42201],
  ['a schema type other than Avro', 'POST', `${SUBJECT}/versions`, { schema: '{}', schemaType: 'JSON' }, 422, 42201],
  ['references', 'POST', `${SUBJECT}/versions`, { schema: V1, references: [{}] }, 422, 42201],
  ['a body that is not JSON', 'POST', `${SUBJECT}/versions`, '{', 400, 400],
  ['a body that is no object', 'POST', `${SUBJECT}/versions`, [], 422, 422],
  ['an incompatible schema', 'POST', `${SUBJECT}/versions`, { schema: RETYPED }, 409, 409],
  ['an unknown path', 'GET', '/nothing', undefined, 404, 404],
])('answers %s with its error code', async (_, method, path, body, status, code) => {
  await register(V1)
  expect(await call(method, path, body)).toEqual([status, errorCode(code)])
})

test.each<[string, string, [string, number][]]>([
  [
    'NONE',
    V1,
    [
      [V2, 200],
      [NO_DEFAULT, 200],
      [RETYPED, 200],
    ],
  ],
  [
    'BACKWARD',
    V1,
    [
      [V2, 200],
      [NO_DEFAULT, 409],
      [RETYPED, 409],
    ],
  ],
  [
    'BACKWARD_TRANSITIVE',
    V1,
    [
      [V2, 200],
      [NO_DEFAULT, 409],
      [RETYPED, 409],
    ],
  ],
  [
    'FORWARD',
    V1,
    [
      [V2, 200],
      [NO_DEFAULT, 200],
      [RETYPED, 409],
    ],
  ],
  [
    'FORWARD',
    NO_DEFAULT,
    [
      [V1, 409],
      [V2, 200],
    ],
  ],
  [
    'FORWARD_TRANSITIVE',
    V1,
    [
      [V2, 200],
      [RETYPED, 409],
    ],
  ],
  [
    'FULL',
    V1,
    [
      [V2, 200],
      [NO_DEFAULT, 409],
      [RETYPED, 409],
    ],
  ],
  [
    'FULL',
    V2,
    [
      [V1, 200],
      [RETYPED, 409],
    ],
  ],
  [
    'FULL_TRANSITIVE',
    V2,
    [
      [V1, 200],
      [NO_DEFAULT, 200],
      [RETYPED, 409],
    ],
  ],
])('at the level %s lets through what fits %s', async (level, first, candidates) => {
  await call('PUT', '/config', { compatibility: level })
  await register(first)
  for (const [index, [candidate, status]] of candidates.entries()) {
    const subject = `/subjects/case-${index}`
    await register(first, subject)
    const check = await call('POST', `/compatibility${subject}/versions/latest`, { schema: candidate })
    expect(check).toEqual([200, { is_compatible: status === 200 }])
    expect((await register(candidate, subject))[0]).toBe(status)
  }
})

test('a transitive level looks at all versions, the plain one at the last', async () => {
  // The field comes back with another type: the last version does not have it, the first one does.
  const versions = [record({ name: 'a', type: 'string', default: '' }), record()]
  const back = record({ name: 'a', type: 'long', default: 0 })
  for (const [level, status] of [
    ['BACKWARD_TRANSITIVE', 409],
    ['BACKWARD', 200],
  ] as const) {
    const subject = `/subjects/${level}`
    await call('PUT', `/config/${level}`, { compatibility: level })
    for (const version of versions) await register(version, subject)
    expect((await call('POST', `/compatibility${subject}/versions`, { schema: back }))[1]).toEqual({
      is_compatible: status === 200,
    })
    expect((await register(back, subject))[0]).toBe(status)
  }
})

test('says at which field and why a schema does not fit', async () => {
  await register(V1)
  const [, answer] = await call('POST', `/compatibility${SUBJECT}/versions/1?verbose=true`, { schema: RETYPED })
  expect(answer).toEqual({
    is_compatible: false,
    messages: ['fourfold.PurchaseApproved.amountMinor: it was long and is string (reading what version 1 wrote)'],
  })
})

test('keeps a level for all subjects and one for each', async () => {
  expect(await call('GET', '/config')).toEqual([200, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }])
  expect(await call('PUT', '/config', { compatibility: 'full' })).toEqual([200, { compatibility: 'FULL' }])
  expect(await call('GET', '/config/a')).toEqual([404, errorCode(40408)])
  expect(await call('GET', '/config/a?defaultToGlobal=true')).toEqual([200, { compatibilityLevel: 'FULL' }])
  await call('PUT', '/config/a', { compatibility: 'NONE' })
  expect(await call('GET', '/config/a')).toEqual([200, { compatibilityLevel: 'NONE' }])
  expect(await call('DELETE', '/config/a')).toEqual([200, { compatibilityLevel: 'NONE' }])
  expect(await call('GET', '/config/a')).toEqual([404, errorCode(40408)])
  expect(await call('DELETE', '/config')).toEqual([200, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }])
})

test('deletes a subject softly first, and for good after that', async () => {
  await register(V1)
  await register(V2)
  expect(await call('DELETE', `${SUBJECT}?permanent=true`)).toEqual([404, errorCode(40405)])
  expect(await call('DELETE', SUBJECT)).toEqual([200, [1, 2]])
  expect(await call('DELETE', SUBJECT)).toEqual([404, errorCode(40404)])
  expect(await call('GET', '/subjects')).toEqual([200, []])
  expect(await call('GET', '/subjects?deleted=true')).toEqual([200, ['fourfold.PurchaseApproved']])
  expect(await call('GET', `${SUBJECT}/versions`)).toEqual([404, errorCode(40401)])
  // What was written with it must stay readable.
  expect((await call('GET', '/schemas/ids/2'))[0]).toBe(200)
  expect(await register(V1)).toEqual([200, { id: 1 }])
  expect(await call('GET', `${SUBJECT}/versions`)).toEqual([200, [3]])
  await call('DELETE', SUBJECT)
  expect(await call('DELETE', `${SUBJECT}?permanent=true`)).toEqual([200, [1, 2, 3]])
  expect(await call('GET', '/subjects?deleted=true')).toEqual([200, []])
  expect(await call('DELETE', SUBJECT)).toEqual([404, errorCode(40401)])
})

test('deletes one version', async () => {
  await register(V1)
  await register(V2)
  expect(await call('DELETE', `${SUBJECT}/versions/1?permanent=true`)).toEqual([404, errorCode(40407)])
  expect(await call('DELETE', `${SUBJECT}/versions/latest`)).toEqual([200, 2])
  expect(await call('DELETE', `${SUBJECT}/versions/2`)).toEqual([404, errorCode(40406)])
  expect(await call('GET', `${SUBJECT}/versions`)).toEqual([200, [1]])
  expect(await call('DELETE', `${SUBJECT}/versions/2?permanent=true`)).toEqual([200, 2])
  expect(await call('GET', `${SUBJECT}/versions?deleted=true`)).toEqual([200, [1]])
})

test('many registrations at once give each schema one id, without a gap', async () => {
  const schemas = Array.from({ length: 20 }, (_, index) => record({ name: `field${index}`, type: 'long', default: 0 }))
  const answers = await Promise.all([...schemas, ...schemas].map((schema) => register(schema)))
  const ids = answers.map(([, body]) => (body as { id: number }).id)
  expect(ids.slice(0, 20)).toEqual(ids.slice(20))
  expect([...ids.slice(0, 20)].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test('has the same answers after a restart, also when its topic was compacted', async () => {
  await register(V1)
  await register(V2)
  await register(V1, '/subjects/gone')
  await call('DELETE', '/subjects/gone')
  await call('PUT', '/config/gone', { compatibility: 'NONE' })
  await log.maintain(1)
  app = registryRoutes(await Registry.open(log))
  expect(await call('GET', '/subjects?deleted=true')).toEqual([200, ['fourfold.PurchaseApproved', 'gone']])
  expect(await call('GET', '/subjects')).toEqual([200, ['fourfold.PurchaseApproved']])
  expect(await call('GET', '/config/gone')).toEqual([200, { compatibilityLevel: 'NONE' }])
  expect(await register(V2)).toEqual([200, { id: 2 }])
  expect((await register(record({ name: 'other', type: 'long', default: 0 })))[1]).toEqual({ id: 3 })
})

test('refuses a topic that is not of a schema registry, and says where', async () => {
  await log.append([
    { topic: '_schemas', partition: 0, timestampMs: 0, key: Buffer.from('hello'), value: Buffer.from('world') },
  ])
  await expect(Registry.open(log)).rejects.toMatchObject({
    code: 'SCHEMA_REGISTRY_CORRUPT',
    message: expect.stringContaining('offset 0 of _schemas'),
  })
})

test('reads what the registry of Confluent writes', async () => {
  const entry = (key: object, value: object | null) => ({
    topic: '_schemas',
    partition: 0,
    timestampMs: 0,
    key: Buffer.from(JSON.stringify(key)),
    value: value && Buffer.from(JSON.stringify(value)),
  })
  await log.append([
    entry({ keytype: 'NOOP', magic: 0 }, null),
    entry({ keytype: 'CONFIG', subject: null, magic: 0 }, { compatibilityLevel: 'FULL' }),
    entry(
      { keytype: 'SCHEMA', subject: 's', version: 1, magic: 1 },
      {
        subject: 's',
        version: 1,
        id: 100_001,
        schema: V1,
        deleted: false,
      },
    ),
  ])
  app = registryRoutes(await Registry.open(log))
  expect(await call('GET', '/config')).toEqual([200, { compatibilityLevel: 'FULL' }])
  expect((await call('GET', '/schemas/ids/100001'))[0]).toBe(200)
  expect(await register(V2, '/subjects/s')).toEqual([200, { id: 100_002 }])
})
