import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import type { NotificationRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { pushConnector } from '../push/connector.ts'
import { pushSandbox } from '../push/sandbox.ts'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { runConnector } from '../runtime/run-connector.ts'
import { smsConnector } from '../sms/connector.ts'
import { smsSandbox } from '../sms/sandbox.ts'
import { readFrom, writeTo } from '../testing.ts'

const schemas = testSchemas()
const { notificationRequests: requests, notificationResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

const CHANNELS = [
  ['SMS', smsConnector, smsSandbox, { to: '+15550100', text: 'Paid.' }],
  ['PUSH', pushConnector, pushSandbox, { to: 'con_1', title: 'Your plan', text: 'Paid.' }],
] as const

/** A log with the connector of a channel on it, to a provider that answers so. */
async function connected(connect: typeof smsConnector, fetch: (request: Request) => Response | Promise<Response>) {
  const log = memoryLog()
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
  const connector = await runConnector(connect(schemas, { url, calls, codeSecret: 'secret' }), { log })
  ended.push(
    () => connector.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  return log
}

function notice(
  channel: NotificationRequested['channel'],
  recipient: string,
  requestId = 'req_1',
): NotificationRequested {
  return sampleRecord('NotificationRequested', { channel, recipient, requestId, subject: 'Your plan', body: 'Paid.' })
}

test.each(CHANNELS)(
  '%s: delivers a notice once, and shows what was delivered',
  async (channel, connect, open, fields) => {
    const sandbox = open()
    const log = await connected(connect, sandbox.app.fetch)
    await writeTo(log, requests, notice(channel, fields.to), notice(channel, fields.to))
    const [first, second] = await readFrom(log, results, 2)
    expect(first).toMatchObject({
      channel,
      delivered: true,
      providerRef: expect.stringMatching(/^msg_/),
      failureCode: null,
    })
    expect(second?.providerRef).toBe(first?.providerRef)
    expect(sandbox.messages()).toEqual([{ id: first?.providerRef, fields }])
  },
)

test.each(CHANNELS)('%s: reports what is not delivered, with the reason', async (channel, connect, open) => {
  const log = await connected(connect, open().app.fetch)
  await writeTo(log, requests, notice(channel, channel === 'SMS' ? '+15550000' : 'con_gone'))
  const failureCode = channel === 'SMS' ? 'number_unreachable' : 'device_gone'
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: false, failureCode, providerRef: null }),
  ])
})

test.each([
  ['is away', () => new Response('{}', { status: 503 }), 'provider_unavailable'],
  [
    'refuses it for itself',
    () => Response.json({ error: { code: 'sender_blocked' } }, { status: 422 }),
    'sender_blocked',
  ],
  ['answers something else', () => Response.json({}), 'provider_unavailable'],
])('reports a notice as not delivered where the provider %s', async (_, fetch, failureCode) => {
  const log = await connected(smsConnector, fetch)
  await writeTo(log, requests, notice('SMS', '+15550100'))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ delivered: false, failureCode })])
})

test('a sandbox shows the messages of one recipient, and refuses what is no message', async () => {
  const { app } = smsSandbox()
  const send = (key: string, body: object) =>
    app.request('/v1/messages', { method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify(body) })
  await send('a', { to: '+1', text: 'one' })
  await send('b', { to: '+2', text: 'two' })
  expect(await (await app.request('/v1/messages?to=%2B2')).json()).toMatchObject([{ fields: { text: 'two' } }])
  expect((await send('c', { to: '+1' })).status).toBe(422)
})
