import { expect, test } from 'vitest'
import { appRange, changelogOffsetKey, storePrefix, storeRange } from './keys.ts'

const within = (key: Buffer, range: { gte: Buffer; lt: Buffer }) =>
  Buffer.compare(key, range.gte) >= 0 && Buffer.compare(key, range.lt) < 0

test('keeps the keys of two stores apart even where one name begins with the other', () => {
  const short = storeRange(storePrefix('app', 'main.1', 'line'))
  const long = Buffer.concat([storePrefix('app', 'main.1', 'lines'), Buffer.from('k')])
  expect(within(long, short)).toBe(false)
  expect(within(long, storeRange(storePrefix('app', 'main.1', 'lines')))).toBe(true)
})

test('covers every key of a store, also those of highest bytes', () => {
  const prefix = storePrefix('app', 'main.0', 'store')
  expect(within(Buffer.concat([prefix, Buffer.alloc(40, 0xff)]), storeRange(prefix))).toBe(true)
  expect(within(prefix, storeRange(prefix))).toBe(true)
})

test('keeps the stores and the checkpoints of a task inside its range, and those of task 10 out of task 1', () => {
  const one = storeRange(Buffer.from('app\0main.1\0'))
  expect(within(changelogOffsetKey('app', 'main.1', 'app.s.changelog'), one)).toBe(true)
  expect(within(storePrefix('app', 'main.1', 's'), one)).toBe(true)
  expect(within(storePrefix('app', 'main.10', 's'), one)).toBe(false)
  expect(within(storePrefix('app', 'main.10', 's'), appRange('app'))).toBe(true)
  expect(within(storePrefix('app2', 'main.10', 's'), appRange('app'))).toBe(false)
})

test('refuses a name that would break the order of the keys', () => {
  expect(() => storePrefix('app', 'main.0', 'a\0b')).toThrow(/zero character/)
  expect(() => storePrefix('', 'main.0', 'a')).toThrow(/not empty/)
})
