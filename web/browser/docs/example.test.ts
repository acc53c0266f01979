import { expect, test } from 'vitest'
import { curlOf, exampleOf } from './example.ts'
import { callsByTag, type OpenApi, type Schema } from './openapi.ts'

const NewThing: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', example: "Lena's" },
    size: { type: 'integer', minimum: 3 },
    kind: { enum: ['A', 'B'] },
    parts: { type: 'array', items: { $ref: '#/components/schemas/NewThing' } },
  },
}
const document: OpenApi = {
  info: { title: 'Things', version: '1' },
  paths: {
    '/things/{id}': {
      post: {
        tags: ['Things'],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', example: 'th_1' } },
          { name: 'idempotency-key', in: 'header', required: true, schema: { type: 'string' } },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Small' } } } },
        responses: {},
        security: [{ merchant: [] }],
      },
    },
  },
  components: {
    schemas: { NewThing, Small: { type: 'object', properties: { name: NewThing.properties?.['name'] ?? {} } } },
  },
}

test('an example follows references, and ends where a schema holds itself', () => {
  const example = exampleOf({ $ref: '#/components/schemas/NewThing' }, document) as Record<string, unknown>
  expect(example).toMatchObject({ name: "Lena's", size: 3, kind: 'A' })
  expect(JSON.stringify(example).match(/parts/g)?.length).toBeLessThan(10)
})

test('a curl line can be pasted into a shell', () => {
  const [call] = callsByTag(document).get('Things') ?? []
  expect(call && curlOf(call, document, 'http://host')).toBe(
    [
      "curl -X POST 'http://host/things/th_1'",
      "-H 'authorization: Bearer <token>'",
      "-H 'idempotency-key: <fresh unique value>'",
      "-H 'content-type: application/json'",
      `-d '{\n  "name": "Lena'\\''s"\n}'`,
    ].join(' \\\n  '),
  )
})
