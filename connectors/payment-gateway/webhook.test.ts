import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { signWebhook } from '../runtime/signed-webhook.ts'
import { WebhookSender } from '../runtime/webhook-sender.ts'
import { eventually } from '../testing.ts'
import { type ChargeEvent, GatewayWebhook } from './webhook.ts'

const SECRET = 'whsec_test'
const NOW_S = 1_800_000_000

const event: ChargeEvent = {
  id: 'evt_1',
  name: 'charge.succeeded',
  data: {
    id: 'ch_1',
    idempotencyKey: 'req_1',
    status: 'succeeded',
    amountMinor: 1,
    currency: 'USD',
    reference: 'pay_1',
  },
}

/** A webhook at a fixed time, and what it told. */
function receiver() {
  const told: ChargeEvent[] = []
  const webhook = new GatewayWebhook({
    secret: SECRET,
    onCharge: (one) => told.push(one),
    onChargeBack: () => Promise.resolve(),
    nowMs: () => NOW_S * 1000,
  })
  return { webhook, told }
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const refusal = async (webhook: GatewayWebhook, body: Buffer, signature: string | undefined) => {
  try {
    return await webhook.receive(body, signature)
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('takes a signed event in, once', async () => {
  const { webhook, told } = receiver()
  const signature = signWebhook(bytes(event), SECRET, NOW_S)
  expect(await webhook.receive(bytes(event), signature)).toBe('accepted')
  expect(await webhook.receive(bytes(event), signature)).toBe('duplicate')
  expect(told).toEqual([event])
})

test('ignores events whose name it does not know', async () => {
  const { webhook, told } = receiver()
  const body = bytes({ ...event, name: 'dispute.opened' })
  expect(await webhook.receive(body, signWebhook(body, SECRET, NOW_S))).toBe('ignored')
  expect(told).toEqual([])
})

test('takes a second signature, as they come while a secret is being changed', async () => {
  const { webhook } = receiver()
  const [, mac] = signWebhook(bytes(event), SECRET, NOW_S).split(',')
  const [time, oldMac] = signWebhook(bytes(event), 'old secret', NOW_S).split(',')
  expect(await webhook.receive(bytes(event), `${time}, ${oldMac}, ${mac}`)).toBe('accepted')
})

test.each<[string, Buffer, string | undefined, string]>([
  ['no signature', bytes(event), undefined, 'WEBHOOK_SIGNATURE_MISSING'],
  ['an empty signature', bytes(event), '', 'WEBHOOK_SIGNATURE_MISSING'],
  ['a signature without a time', bytes(event), 'v1=00', 'WEBHOOK_SIGNATURE_MISSING'],
  ['a signature of another length', bytes(event), `t=${NOW_S},v1=00`, 'WEBHOOK_SIGNATURE_INVALID'],
  ['another secret', bytes(event), signWebhook(bytes(event), 'guess', NOW_S), 'WEBHOOK_SIGNATURE_INVALID'],
  [
    'another body',
    bytes({ ...event, id: 'evt_2' }),
    signWebhook(bytes(event), SECRET, NOW_S),
    'WEBHOOK_SIGNATURE_INVALID',
  ],
  [
    'the same JSON in other bytes',
    Buffer.from(JSON.stringify(event, null, 1)),
    signWebhook(bytes(event), SECRET, NOW_S),
    'WEBHOOK_SIGNATURE_INVALID',
  ],
  [
    'another time',
    bytes(event),
    signWebhook(bytes(event), SECRET, NOW_S).replace(`${NOW_S}`, `${NOW_S + 1}`),
    'WEBHOOK_SIGNATURE_INVALID',
  ],
  ['an old signature', bytes(event), signWebhook(bytes(event), SECRET, NOW_S - 301), 'WEBHOOK_SIGNATURE_EXPIRED'],
  ['one of the future', bytes(event), signWebhook(bytes(event), SECRET, NOW_S + 301), 'WEBHOOK_SIGNATURE_EXPIRED'],
  ['no JSON', Buffer.from('{'), signWebhook(Buffer.from('{'), SECRET, NOW_S), 'WEBHOOK_BODY_INVALID'],
  ['null', Buffer.from('null'), signWebhook(Buffer.from('null'), SECRET, NOW_S), 'WEBHOOK_BODY_INVALID'],
  ['no id', bytes({ name: 'x' }), signWebhook(bytes({ name: 'x' }), SECRET, NOW_S), 'WEBHOOK_BODY_INVALID'],
])('refuses %s', async (_, body, signature, code) => {
  const { webhook, told } = receiver()
  expect(await refusal(webhook, body, signature)).toBe(code)
  expect(told).toEqual([])
})

test('a sender posts what a receiver takes, again until it is answered well', async () => {
  const told: ChargeEvent[] = []
  const webhook = new GatewayWebhook({
    secret: SECRET,
    onCharge: (one) => told.push(one),
    onChargeBack: () => Promise.resolve(),
  })
  let posts = 0
  const app = new Hono().post('/hook', async (c) => {
    if (++posts <= 2) return c.text('busy', 503)
    return c.text(await webhook.receive(Buffer.from(await c.req.arrayBuffer()), c.req.header('gateway-signature')))
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const sender = new WebhookSender({
    url: `http://127.0.0.1:${port}/hook`,
    secret: SECRET,
    header: 'gateway-signature',
    pauseMs: 1,
  })
  try {
    sender.send(event)
    expect(
      await eventually(
        () => told.length,
        (count) => count > 0,
      ),
    ).toBe(1)
    expect([posts, sender.dropped]).toEqual([3, 0])
  } finally {
    await sender.close()
    server.close()
  }
})

test('a sender gives up on a receiver that is never there, and says so', async () => {
  const sender = new WebhookSender({
    url: 'http://127.0.0.1:9/hook',
    secret: SECRET,
    header: 'gateway-signature',
    pauseMs: 1,
  })
  sender.send(event)
  expect(
    await eventually(
      () => sender.dropped,
      (dropped) => dropped > 0,
    ),
  ).toBe(1)
  await sender.close()
})
