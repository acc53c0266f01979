import { expect, test } from 'vitest'
import { sha256 } from '#domain/ids.ts'
import { TokenIssuer } from './tokens.ts'

const issuer = new TokenIssuer('secret')
const consumerId = `con_${'0'.repeat(32)}`

test('a repeat of the request gets the same tokens, another request other ones', () => {
  expect(issuer.session(consumerId, 'cmd_1')).toEqual(issuer.session(consumerId, 'cmd_1'))
  const sessions = [
    issuer.session(consumerId, 'cmd_1'),
    issuer.session(consumerId, 'cmd_2'),
    issuer.session(`con_${'1'.repeat(32)}`, 'cmd_1'),
    new TokenIssuer('another').session(consumerId, 'cmd_1'),
  ]
  const tokens = [...sessions.flatMap(({ access, refresh }) => [access.token, refresh.token])]
  tokens.push(
    issuer.apiKey('mer_1', 'cmd_1').token,
    issuer.next(consumerId, sessions[0]?.id ?? '', 'cmd_3').access.token,
  )
  expect(new Set(tokens).size).toBe(tokens.length)
  expect(new Set(sessions.map(({ id }) => id)).size).toBe(sessions.length)
})

test('a token names its owner and carries 256 bits; its hash is that of the whole of it', () => {
  const { id, access, refresh } = issuer.session(consumerId, 'cmd_1')
  expect(access.token).toMatch(new RegExp(`^fs_${consumerId}\\.[\\w-]{43}$`))
  expect(refresh.token).toMatch(new RegExp(`^fr_${consumerId}\\.${id}\\.[0-9a-f]{32}\\.[\\w-]{43}$`))
  for (const { token, hash } of [access, refresh]) expect(hash).toBe(sha256(token))
  const key = issuer.apiKey('mer_1', 'cmd_1')
  expect([key.token.slice(0, 9), key.id.slice(0, 4)]).toEqual(['fm_mer_1.', 'key_'])
})

test('a refresh token of ours is read; whatever was changed in it, it is none of ours', () => {
  const { id, refresh } = issuer.session(consumerId, 'cmd_1')
  const { token } = refresh
  expect(issuer.readRefresh(token)).toEqual({ consumerId, sessionId: id, hash: refresh.hash })
  const last = token.at(-2) === 'A' ? 'B' : 'A'
  const wrong = [
    token.replace(consumerId, `con_${'1'.repeat(32)}`),
    token.replace(id, `ses_${'1'.repeat(32)}`),
    `${token.slice(0, -2)}${last}${token.at(-1)}`,
    token.slice(0, -1),
    `${token}A`,
    token.replace('fr_', 'fs_'),
    '',
  ]
  for (const one of wrong) expect(issuer.readRefresh(one)).toBeNull()
  expect(new TokenIssuer('another').readRefresh(token)).toBeNull()
})
