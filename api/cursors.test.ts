import { expect, test } from 'vitest'
import { Cursors } from './cursors.ts'
import type { PageRequest } from './reads.ts'

const cursors = new Cursors('secret')
const list = ['purchases', 'mer_1', undefined]
const inner = '["2026-03-01 00:00:00+00","pur_1"]'
const read = ({ cursor, limit }: PageRequest) =>
  Promise.resolve({ items: [cursor, limit], nextCursor: cursor === null ? inner : null })

test('what one page gives, the next one takes, and the read model gets its own cursor back', async () => {
  const first = await cursors.page(list, { limit: 5 }, read)
  expect(first).toEqual({ items: [null, 5], nextCursor: expect.stringMatching(/^[\w-]+$/) })
  const cursor = first.nextCursor as string
  expect(await cursors.page(list, { limit: 5, cursor }, read)).toEqual({ items: [inner, 5], nextCursor: null })
})

const given = async () => (await cursors.page(list, { limit: 5 }, read)).nextCursor as string

test.each<[string, readonly (string | undefined)[], () => string | Promise<string>]>([
  ['nothing', list, () => ''],
  ['no cursor at all', list, () => 'nowhere'],
  ['one that was changed', list, async () => `${await given()}AAAA`],
  ['one of another list', ['plans', 'mer_1'], given],
  ['one of another caller', ['purchases', 'mer_2', undefined], given],
  ['one of another filter', ['purchases', 'mer_1', 'order-1'], given],
  ['what the read model would take', list, () => Buffer.from(inner).toString('base64url')],
  [
    'one of another platform',
    list,
    async () => (await new Cursors('x').page(list, { limit: 5 }, read)).nextCursor ?? '',
  ],
])('%s is refused, and the field named', async (_what, name, cursor) => {
  await expect(cursors.page(name, { limit: 5, cursor: await cursor() }, read)).rejects.toMatchObject({
    status: 400,
    code: 'CURSOR_INVALID',
    errors: [{ field: 'cursor' }],
  })
})
