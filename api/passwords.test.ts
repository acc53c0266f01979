import { expect, test } from 'vitest'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'

test('a password matches its own hash and no other', async () => {
  const [hash, again] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(again).not.toBe(hash)
  expect(await verifyPassword('correct horse', hash)).toBe(true)
  expect(await verifyPassword('correct horse', again)).toBe(true)
  expect(await verifyPassword('Correct horse', hash)).toBe(false)
  expect(await verifyPassword('', hash)).toBe(false)
})

test.each(['', 'correct horse', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA', '$2b$10$abcdefghijklmnopqrstuv'])(
  'what is no hash of ours matches nothing: %j',
  async (hash) => expect(await verifyPassword('correct horse', hash)).toBe(false),
)

test('a hash of another cost still matches, and counts as outdated', async () => {
  const weak = await hashPassword('correct horse', { memory: 8_192, passes: 1, parallelism: 1 })
  expect(weak).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1\$/)
  expect([await verifyPassword('correct horse', weak), isOutdated(weak)]).toEqual([true, true])
  expect(isOutdated(await hashPassword('correct horse'))).toBe(false)
})
