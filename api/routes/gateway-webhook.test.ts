import { afterEach, expect, test, vi } from 'vitest'
import { gatewayWebhookRoutes, WEBHOOK_PATHS } from './gateway-webhook.ts'

afterEach(() => vi.restoreAllMocks())

const PATH = WEBHOOK_PATHS.primary

/** A refusal of the receiver. */
function refusal(code: string): Error {
  return Object.assign(new Error('The signature is not of this body.'), { code })
}

async function post(receive: (rawBody: Buffer, signature: string | undefined) => string, body: string) {
  const answer = await gatewayWebhookRoutes(new Map([[PATH, { receive }]])).request(PATH, {
    method: 'POST',
    headers: { 'gateway-signature': 't=1,v1=abc' },
    body: Buffer.from(body),
  })
  return { status: answer.status, body: (await answer.json()) as object }
}

test('hands on the raw body and the signature, and says what became of it', async () => {
  const received: unknown[] = []
  const answer = await post((...args) => {
    received.push(...args)
    return 'duplicate'
  }, ' {"id": "evt_1"}\n')
  expect(answer).toEqual({ status: 200, body: { outcome: 'duplicate' } })
  expect(received).toEqual([Buffer.from(' {"id": "evt_1"}\n'), 't=1,v1=abc'])
})

test('a webhook that is refused is 400 with its code', async () => {
  const answer = await post(() => {
    throw refusal('WEBHOOK_SIGNATURE_INVALID')
  }, '{}')
  expect(answer).toMatchObject({ status: 400, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } })
})

test('a fault of ours is 500, so that it is sent again, and tells nothing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const answer = await post(() => {
    throw Object.assign(new Error('open /srv/secret'), { code: 'ENOENT' })
  }, '{}')
  expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
  expect(JSON.stringify(answer.body)).not.toContain('secret')
})

test('a body that is too large is refused before anybody reads it', async () => {
  const receive = vi.fn(() => 'accepted')
  expect(await post(receive, 'x'.repeat(262_145))).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
  expect(receive).not.toHaveBeenCalled()
})
