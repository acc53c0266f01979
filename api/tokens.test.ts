import { expect, test } from 'vitest'
import { sha256 } from '#domain/ids.ts'
import { TokenIssuer } from './tokens.ts'

const issuer = new TokenIssuer('secret')
const consumerId = `con_${'0'.repeat(32)}`

test('a repeat of the request gets the same token, another request another one', () => {
  expect(issuer.session(consumerId, 'cmd_1')).toEqual(issuer.session(consumerId, 'cmd_1'))
  const tokens = [
    issuer.session(consumerId, 'cmd_1'),
    issuer.session(consumerId, 'cmd_2'),
    issuer.session(`con_${'1'.repeat(32)}`, 'cmd_1'),
    new TokenIssuer('another').session(consumerId, 'cmd_1'),
    issuer.apiKey('mer_1', 'cmd_1'),
  ].map(({ token }) => token)
  expect(new Set(tokens).size).toBe(tokens.length)
})

test('a token names its owner and carries 256 bits; hash and id are made of the whole of it', () => {
  const session = issuer.session(consumerId, 'cmd_1')
  expect(session.token).toMatch(new RegExp(`^fs_${consumerId}\\.[\\w-]{43}$`))
  expect(session.hash).toBe(sha256(session.token))
  expect(session.id).toBe(`ses_${session.hash.slice(0, 32)}`)
  const key = issuer.apiKey('mer_1', 'cmd_1')
  expect([key.token.slice(0, 9), key.id.slice(0, 4)]).toEqual(['fm_mer_1.', 'key_'])
})
