import { z } from '@hono/zod-openapi'
import { expect, test } from 'vitest'
import { wordsOfIssue } from './validation-words.ts'

const order = z.strictObject({
  name: z.string().min(2).max(5),
  days: z.int().min(1).max(30),
  items: z.array(z.string()).max(1),
  kind: z.enum(['A', 'B']),
  own: z.string({ error: 'is what we say' }),
})
const good = { name: 'abc', days: 3, items: [], kind: 'A', own: 'x' }

test.each<[string, object, string]>([
  ['a missing field', { name: undefined }, 'is required'],
  ['another type', { name: 5 }, 'must be a string'],
  ['null', { name: null }, 'must be a string'],
  ['a text for a list', { items: 'x' }, 'must be an array'],
  ['a fraction', { days: 1.5 }, 'must be a whole number'],
  ['a number that is too large', { days: 31 }, 'must be at most 30'],
  ['a number that is too small', { days: 0 }, 'must be at least 1'],
  ['a text that is too long', { name: 'abcdef' }, 'must have at most 5 characters'],
  ['a text that is too short', { name: 'a' }, 'must have at least 2 characters'],
  ['a list that is too long', { items: ['a', 'b'] }, 'must have at most 1 entries'],
  ['something that is no choice', { kind: 'C' }, 'must be one of A, B'],
  ['a field with words of its own', { own: 1 }, 'is what we say'],
])('%s is said so that it reads on after its name', (_, wrong, words) => {
  const issues = order.safeParse({ ...good, ...wrong }).error?.issues ?? []
  expect(issues.map(wordsOfIssue)).toEqual([words])
})
