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
import { ProviderRoute } from '../runtime/provider-route.ts'
import { runConnector } from '../runtime/run-connector.ts'
import { smsConnector } from '../sms/connector.ts'
import { smsSandbox } from '../sms/sandbox.ts'
import { readFrom, writeTo } from '../testing.ts'
import { MessageClient } from './message-client.ts'
import { sendNotice } from './send-notice.ts'

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

/** A log with the connector of a channel on it, to providers that answer so. */
async function connected(connect: typeof smsConnector, ...answers: readonly Fetch[]) {
  const log = memoryLog()
  const urls = await Promise.all(answers.map(served))
  const providers = urls.map((url, at) => {
    const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
    return { name: `provider-${at + 1}`, url, calls }
  })
  const connector = await runConnector(connect(schemas, { providers, codeSecret: 'secret' }), { log })
  ended.unshift(() => connector.close())
  return log
}

type Fetch = (request: Request) => Response | Promise<Response>

async function served(fetch: Fetch): Promise<string> {
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  ended.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
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
])('reports a notice as not delivered where the provider %s', async (_, fetch, failureCode) => {
  const log = await connected(smsConnector, fetch)
  await writeTo(log, requests, notice('SMS', '+15550100'))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ delivered: false, failureCode })])
})

test('goes by the second provider where the first is away, and says so', async () => {
  const second = smsSandbox()
  const log = await connected(smsConnector, () => new Response('{}', { status: 503 }), second.app.fetch)
  await writeTo(log, requests, notice('SMS', '+15550100'))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: true, provider: 'provider-2', failureCode: null }),
  ])
})

test('does not go by the second where the first may have sent it: it asks the first again by the key', async () => {
  const [first, second] = [smsSandbox(), smsSandbox()]
  let lost = 0
  // It takes the message, and its first answers are lost on the way.
  const deaf: Fetch = async (request) => {
    const answer = await first.app.fetch(request)
    return ++lost <= 2 ? new Response('lost', { status: 500 }) : answer
  }
  const log = await connected(smsConnector, deaf, second.app.fetch)
  await writeTo(log, requests, notice('SMS', '+15550100'))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: true, provider: 'provider-1' }),
  ])
  expect([first.messages().length, second.messages().length]).toEqual([1, 0])
})

test('after a crash asks every provider whether it has sent the message before', async () => {
  const [first, second] = [smsSandbox(), smsSandbox()]
  const client = new MessageClient(await served(second.app.fetch), '/v1/messages')
  const { signal } = new AbortController()
  await client.send({ to: '+15550100', text: 'Paid.' }, 'req_1', signal)
  const firstClient = new MessageClient(await served(first.app.fetch), '/v1/messages')
  const route = new ProviderRoute(
    [firstClient, client].map((one, at) => ({
      ...{ name: `provider-${at + 1}`, client: one, calls: new ProviderCalls(), hasKeys: true },
    })),
  )
  const sender = {
    ...{ source: 'test', route },
    send: (one: MessageClient) => one.send({ to: '+15550100', text: 'Paid.' }, 'req_1', signal),
    find: (one: MessageClient, key: string) => one.find(key, signal),
  }
  const context = {
    emit: () => undefined,
    emitOnce: () => undefined,
    signal,
    requestedAtMs: 0,
    pause: async () => undefined,
  }
  const request = notice('SMS', '+15550100')
  expect(await sendNotice(request, sender, { ...context, mayRepeat: true })).toMatchObject({
    ...{ delivered: true, provider: 'provider-2' },
  })
  expect(first.messages()).toEqual([])
  for (const one of [client, firstClient]) one.close()
})

test('a sandbox says what became of a key', async () => {
  const { app } = smsSandbox()
  const send = (key: string, to: string) =>
    app.request('/v1/messages', {
      ...{ method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify({ to, text: 'x' }) },
    })
  await send('a', '+15550100')
  await send('b', '+15550000')
  const saidOf = async (key: string) => app.request(`/v1/messages/by-key/${key}`)
  const [a, b, c] = [await saidOf('a'), await saidOf('b'), await saidOf('c')]
  expect([a.status, b.status, c.status]).toEqual([200, 402, 404])
  expect(await b.json()).toMatchObject({ failure: { code: 'number_unreachable' } })
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
