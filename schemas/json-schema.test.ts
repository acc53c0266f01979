import { expect, test } from 'vitest'
import { type JsonSchema, jsonProblems } from './json-schema.ts'

const schema: JsonSchema = {
  type: 'object',
  required: ['name', 'size'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, pattern: '^[a-z]*$' },
    size: { $ref: '#/$defs/size' },
    kind: { enum: ['A', 'B'] },
    format: { const: 1 },
    share: { type: 'number' },
    on: { type: 'boolean' },
    list: { type: 'array', minItems: 1, items: { $ref: '#/$defs/size' } },
    byCode: { type: 'object', propertyNames: { pattern: '^[A-Z]$' }, additionalProperties: { type: 'integer' } },
    anything: { type: 'object' },
  },
  $defs: { size: { type: ['integer', 'null'], minimum: 1, maximum: 9 } },
}

const good = { name: 'a', size: 1 }

test.each([
  [
    'all of it',
    { ...good, kind: 'B', format: 1, share: 0.5, on: false, list: [null, 9], byCode: { A: 1 }, anything: { x: 1 } },
  ],
  ['what must be', good],
])('finds nothing wrong with %s', (_what, value) => {
  expect(jsonProblems(schema, value)).toEqual([])
})

test.each([
  [[], 'the file must be an object'],
  [null, 'the file must be an object'],
  [{ size: 1 }, 'name is missing'],
  [{ ...good, name: 7 }, 'name must be a text'],
  [{ ...good, name: '' }, 'name must not be empty'],
  [{ ...good, name: 'A' }, 'name must look like ^[a-z]*$'],
  [{ ...good, size: 1.5 }, 'size must be a whole number or null'],
  [{ ...good, size: 0 }, 'size must be at least 1'],
  [{ ...good, size: 10 }, 'size must be at most 9'],
  [{ ...good, kind: 'C' }, 'kind must be one of A, B'],
  [{ ...good, format: 2 }, 'format must be 1'],
  [{ ...good, on: 'yes' }, 'on must be true or false'],
  [{ ...good, share: '1' }, 'share must be a number'],
  [{ ...good, list: [] }, 'list must have at least 1'],
  [{ ...good, list: [1, 'x'] }, 'list[1] must be a whole number or null'],
  [{ ...good, list: {} }, 'list must be a list'],
  [{ ...good, byCode: { ab: 1 } }, 'byCode.ab must look like ^[A-Z]$'],
  [{ ...good, byCode: { A: 'x' } }, 'byCode.A must be a whole number'],
  [{ ...good, other: 1 }, 'other is not known'],
  [JSON.parse('{"name":"a","size":1,"__proto__":1}'), '__proto__ is not known'],
])('says of %j: %s', (value, problem) => {
  expect(jsonProblems(schema, value)).toEqual([problem])
})

test('names every problem', () => {
  expect(jsonProblems(schema, { name: '', extra: 1 })).toEqual([
    'size is missing',
    'name must not be empty',
    'extra is not known',
  ])
})
