import { expect, test } from 'vitest'
import { endpointSecret, isSignedBy, signBody } from './webhook-signature.ts'

const [old, current] = [endpointSecret('master', 'whe_1', 1), endpointSecret('master', 'whe_1', 2)]
const header = signBody('{"a":1}', [current, old], 1_800_000_000)

test('a signature is checked by either of two valid secrets, and by no other', () => {
  const check = (secret: string) => isSignedBy('{"a":1}', header, secret, { nowS: 1_800_000_010 })
  expect([check(current), check(old), check(endpointSecret('master', 'whe_1', 3))]).toEqual([true, true, false])
  expect(check(endpointSecret('master', 'whe_2', 2))).toBe(false)
  expect(check(endpointSecret('other', 'whe_1', 2))).toBe(false)
})

test.each([
  ['another body', '{"a":2}', header, 1_800_000_000],
  ['another time', '{"a":1}', header.replace('t=1800000000', 't=1800000001'), 1_800_000_000],
  ['an old one', '{"a":1}', header, 1_800_000_301],
  ['one of the future', '{"a":1}', header, 1_799_999_699],
  ['none', '{"a":1}', '', 1_800_000_000],
])('refuses %s', (_, body, given, nowS) => expect(isSignedBy(body, given, current, { nowS })).toBe(false))
