import { expect, test } from 'vitest'
import { signWebhook } from '../runtime/signed-webhook.ts'
import { eventually } from '../testing.ts'
import { EmailClient } from './client.ts'
import { startMailSandbox } from './sandbox.ts'
import { type MailEvent, MailWebhook, troubleOf } from './webhook.ts'

const SECRET = 'whsec_mail'
const NOW_MS = 1_800_000_000_000
const NOW_S = NOW_MS / 1000
const event: MailEvent = {
  id: 'mev_1',
  name: 'mail.bounced',
  data: { recipient: 'jo@example.com', reason: 'no_such_mailbox', metadata: { consumer: 'con_1', notice: 'ntf_1' } },
}
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const signed = (body: Buffer, secret = SECRET, timeS = NOW_S) => signWebhook(body, secret, timeS)

/** A webhook and what it was told. */
function receiver() {
  const told: MailEvent[] = []
  const onTrouble = async (one: MailEvent) => void told.push(one)
  return { told, webhook: new MailWebhook({ secret: SECRET, nowMs: () => NOW_MS, onTrouble }) }
}

test('takes in what is signed, once', async () => {
  const { told, webhook } = receiver()
  const body = bytes(event)
  expect(await webhook.receive(body, signed(body))).toBe('accepted')
  expect(await webhook.receive(body, signed(body))).toBe('duplicate')
  expect(told).toEqual([event])
})

test('ignores names that it does not know', async () => {
  const { told, webhook } = receiver()
  for (const name of ['mail.opened', 'toString', '__proto__']) {
    const body = bytes({ ...event, name })
    expect(await webhook.receive(body, signed(body))).toBe('ignored')
  }
  expect(told).toEqual([])
})

const without = (data: object) => bytes({ ...event, data: { ...event.data, ...data } })

test.each([
  ['no signature', bytes(event), undefined, 'WEBHOOK_SIGNATURE_MISSING'],
  ['another secret', bytes(event), signed(bytes(event), 'guess'), 'WEBHOOK_SIGNATURE_INVALID'],
  ['another body', bytes({ ...event, id: 'mev_2' }), signed(bytes(event)), 'WEBHOOK_SIGNATURE_INVALID'],
  ['an old one', bytes(event), signed(bytes(event), SECRET, NOW_S - 301), 'WEBHOOK_SIGNATURE_EXPIRED'],
  ['no JSON', Buffer.from('{'), signed(Buffer.from('{')), 'WEBHOOK_BODY_INVALID'],
  [
    'nobody',
    without({ metadata: { notice: 'n' } }),
    signed(without({ metadata: { notice: 'n' } })),
    'WEBHOOK_BODY_INVALID',
  ],
  ['no metadata', without({ metadata: null }), signed(without({ metadata: null })), 'WEBHOOK_BODY_INVALID'],
])('refuses %s', async (_what, body, signature, code) => {
  const { told, webhook } = receiver()
  await expect(webhook.receive(body, signature)).rejects.toMatchObject({ code })
  expect(told).toEqual([])
})

test('hears an event again that it could not take in', async () => {
  let times = 0
  const onTrouble = async () => {
    if (++times === 1) throw new Error('the log is away')
  }
  const webhook = new MailWebhook({ secret: SECRET, nowMs: () => NOW_MS, onTrouble })
  const body = bytes(event)
  await expect(webhook.receive(body, signed(body))).rejects.toThrow('the log is away')
  expect(await webhook.receive(body, signed(body))).toBe('accepted')
})

test('the sandbox tells what comes back, by the address, with what the mail carried', async () => {
  const told: MailEvent[] = []
  const mail = await startMailSandbox({ onEvent: (one) => told.push(one) })
  const client = new EmailClient(mail.url, 'us@example.com')
  for (const address of ['a+hard@example.com', 'b+soft@example.com', 'c+spam@example.com', 'd@example.com']) {
    const headers = { 'X-Fourfold-Consumer': `con_${address[0]}`, 'X-Fourfold-Notice': 'ntf_1' }
    const sent = { to: address, subject: 'Paid', text: 'Paid.', messageId: `<${address}>`, date: new Date(0), headers }
    expect(await client.send(sent)).toMatchObject({ ref: expect.any(String) })
  }
  await eventually(
    () => told.length,
    (count) => count === 3,
  )
  const seen = told.map((one) => [troubleOf(one), one.data.recipient, one.data.metadata.consumer])
  expect(seen.sort()).toEqual([
    ['COMPLAINT', 'c+spam@example.com', 'con_c'],
    ['HARD_BOUNCE', 'a+hard@example.com', 'con_a'],
    ['SOFT_BOUNCE', 'b+soft@example.com', 'con_b'],
  ])
  expect(new Set(told.map(({ id }) => id)).size).toBe(3)
  client.close()
  await mail.close()
})
