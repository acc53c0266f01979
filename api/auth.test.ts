import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { ConsumerState, MerchantState } from '#schemas'
import { authenticate, type PrincipalKind, sameSecret } from './auth.ts'
import type { ApiEnv } from './env.ts'
import type { StateQueries } from './ports.ts'
import { renderProblem } from './problems.ts'
import { TokenIssuer } from './tokens.ts'

const consumerId = `con_${'a'.repeat(32)}`
const merchantId = `mer_${'b'.repeat(32)}`
const issuer = new TokenIssuer('secret')
const session = issuer.session(consumerId, 'cmd_1')
const expired = issuer.session(consumerId, 'cmd_0')
const apiKey = issuer.apiKey(merchantId, 'cmd_2')
const NOW = 1_000

const consumer = {
  sessions: [
    { sessionId: expired.id, tokenHash: expired.access.hash, expiresAt: NOW },
    { sessionId: session.id, tokenHash: session.access.hash, expiresAt: NOW + 1 },
  ],
} as unknown as ConsumerState
const merchant = { apiKeys: [{ apiKeyId: apiKey.id, apiKeyHash: apiKey.hash }] } as unknown as MerchantState
const states: Readonly<Record<string, unknown>> = { [consumerId]: consumer, [merchantId]: merchant }
const queries: StateQueries = { get: (_app, _store, key) => Promise.resolve(states[key] as never) }

async function ask(authorization: string | undefined, ...kinds: PrincipalKind[]) {
  const app = new Hono<ApiEnv>()
  app.onError(renderProblem)
  const auth = { queries, time: { now: () => ({ timeMs: NOW, date: '2026-03-01' }) }, operatorToken: 'operate' }
  app.get('/', authenticate(auth, ...kinds), (c) => c.json(c.var.principal))
  const answer = await app.request('/', authorization === undefined ? {} : { headers: { authorization } })
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body: await answer.json() }
}

test.each<[string, string, PrincipalKind, object]>([
  ['a session', session.access.token, 'consumer', { kind: 'consumer', id: consumerId, sessionId: session.id }],
  ['an API key', apiKey.token, 'merchant', { kind: 'merchant', id: merchantId }],
  ['the operator token', 'operate', 'operator', { kind: 'operator', id: 'operator' }],
])('%s is known by its token', async (_what, token, kind, principal) => {
  expect(await ask(`Bearer ${token}`, kind)).toEqual({ status: 200, challenge: null, body: principal })
  expect((await ask(`bearer  ${token}`, 'consumer', 'merchant', 'operator')).status).toBe(200)
})

test.each<[string, string | undefined, string]>([
  ['nothing', undefined, 'Bearer'],
  ['an empty header', '', 'Bearer'],
  ['another scheme', 'Basic dXNlcjpwYXNz', 'Bearer'],
  ['two tokens', 'Bearer one two', 'Bearer'],
  ['a token of nobody', 'Bearer nonsense', 'Bearer error="invalid_token"'],
  ['a wrong secret', `Bearer ${session.access.token}x`, 'Bearer error="invalid_token"'],
  ['an expired session', `Bearer ${expired.access.token}`, 'Bearer error="invalid_token"'],
  ['an unknown consumer', `Bearer fs_con_${'f'.repeat(32)}.${'x'.repeat(43)}`, 'Bearer error="invalid_token"'],
  ['an unknown merchant', `Bearer fm_mer_${'f'.repeat(32)}.${'x'.repeat(43)}`, 'Bearer error="invalid_token"'],
  ['a withdrawn key', `Bearer ${issuer.apiKey(merchantId, 'cmd_9').token}`, 'Bearer error="invalid_token"'],
  ['a refresh token', `Bearer ${session.refresh.token}`, 'Bearer error="invalid_token"'],
  ['the hash of a token', `Bearer ${session.access.hash}`, 'Bearer error="invalid_token"'],
])('%s is 401 with a challenge', async (_what, header, challenge) => {
  const answer = await ask(header, 'consumer', 'merchant', 'operator')
  expect(answer).toMatchObject({ status: 401, challenge, body: { code: 'NOT_SIGNED_IN' } })
  const secret = header?.split(' ')[1]
  if (secret !== undefined && secret.length > 20) expect(JSON.stringify(answer.body)).not.toContain(secret)
})

test.each<[string, string, PrincipalKind[]]>([
  ['a consumer', session.access.token, ['merchant', 'operator']],
  ['a merchant', apiKey.token, ['consumer', 'operator']],
  ['the operator', 'operate', ['consumer', 'merchant']],
])('%s is 403 where others are meant', async (_what, token, kinds) => {
  expect(await ask(`Bearer ${token}`, ...kinds)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
})

test('secrets of any length are compared', () => {
  expect(sameSecret('one', 'one')).toBe(true)
  expect(sameSecret('one', 'two')).toBe(false)
  expect(sameSecret('one', 'one more')).toBe(false)
})
