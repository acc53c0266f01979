import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { GatewayWebhook } from './payment-gateway/webhook.ts'
import { type Sandboxes, startSandboxes } from './sandbox-servers.ts'
import { startSandboxThread } from './sandbox-thread.ts'
import { CONNECTOR_NAMES, startConnectors } from './start-connectors.ts'
import { eventually, readFrom, writeTo } from './testing.ts'

const schemas = testSchemas()
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

/** Everything at work on a log in memory. */
async function started(sandboxes: Sandboxes) {
  const log = memoryLog()
  const connectors = await startConnectors({
    log,
    schemas,
    urls: sandboxes.urls,
    codeSecret: 'secret',
    privateWebhooks: true,
  })
  ended.push(
    () => connectors.close(),
    () => sandboxes.close(),
  )
  return { log, connectors }
}

async function tokenOf(sandboxes: Sandboxes, number: string): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ number, expiryMonth: 12, expiryYear: 2030 }) }
  const response = await fetch(`${sandboxes.urls.gateway}/v1/tokens`, init)
  return ((await response.json()) as { token: string }).token
}

test.each([
  ['in this thread', startSandboxes],
  ['in a thread of their own', startSandboxThread],
])('every connector talks to its sandbox %s', async (_, start) => {
  const sandboxes = await start()
  const { log, connectors } = await started(sandboxes)
  const { topics } = schemas
  const token = await tokenOf(sandboxes, '4242424242424242')
  const card = { token, amountMinor: 1, currency: 'USD', attempt: 1 }
  await writeTo(log, topics.paymentRequests, sampleRecord('ChargeRequested', card))
  const elsewhere = { ...card, requestId: 'req_2', gateway: 'secondary' }
  await writeTo(log, topics.paymentRequests, sampleRecord('ChargeRequested', elsewhere))
  await writeTo(
    log,
    topics.payoutRequests,
    sampleRecord('PayoutRequested', { requestId: 'req_payout', amountMinor: 1 }),
  )
  await writeTo(log, topics.identityRequests, sampleRecord('IdentityCheckRequested', { email: 'jo@example.com' }))
  await writeTo(log, topics.merchantCheckRequests, sampleRecord('MerchantCheckRequested'))
  await writeTo(log, topics.bureauRequests, sampleRecord('BureauReportRequested', { bureau: 'primary' }))
  for (const [channel, recipient] of [
    ['EMAIL', 'jo@example.com'],
    ['SMS', '+15550100'],
    ['PUSH', 'con_1'],
  ] as const) {
    const notice = { channel, recipient, requestId: `req_${channel}`, subject: 'Paid' }
    await writeTo(log, topics.notificationRequests, sampleRecord('NotificationRequested', notice))
  }
  const url = `${sandboxes.outbox.replace(/outbox$/, 'merchant')}/shop`
  await writeTo(log, topics.webhookRequests, sampleRecord('WebhookDeliveryRequested', { url, eventId: 'evt_1' }))
  expect((await readFrom(log, topics.webhookResults, 1)).map(({ status }) => status)).toEqual([200])
  const charged = (await readFrom(log, topics.paymentResults, 2)).map(({ type, gateway }) => `${type} ${gateway}`)
  expect(charged.sort()).toEqual(['ChargeSucceeded null', 'ChargeSucceeded secondary'])
  expect((await readFrom(log, topics.payoutResults, 1)).map(({ succeeded }) => succeeded)).toEqual([true])
  expect((await readFrom(log, topics.identityResults, 1)).map(({ outcome }) => outcome)).toEqual(['APPROVED'])
  expect((await readFrom(log, topics.merchantCheckResults, 1)).map(({ outcome }) => outcome)).toEqual(['VERIFIED'])
  expect((await readFrom(log, topics.bureauResults, 1)).map(({ outcome }) => outcome)).toEqual(['FOUND'])
  const notices = await readFrom(log, topics.notificationResults, 3)
  expect(notices.map(({ channel, delivered }) => [channel, delivered]).sort()).toEqual([
    ['EMAIL', true],
    ['PUSH', true],
    ['SMS', true],
  ])
  const quiet = await eventually(connectors.status, (all) => all.every(({ lag, inFlight }) => lag + inFlight === 0))
  expect(quiet.map(({ name }) => name).sort()).toEqual([...CONNECTOR_NAMES].sort())
  for (const { processed, open, failures, deadLetters, circuit, trouble } of quiet) {
    expect({ processed, open, failures, deadLetters, circuit, trouble }).toEqual({
      processed: 1,
      open: 0,
      failures: 0,
      deadLetters: 0,
      circuit: 'closed',
      trouble: null,
    })
  }
  for (const [box, query] of [
    ['mail', 'jo@example.com'],
    ['sms', '+15550100'],
    ['push', 'con_1'],
  ] as const) {
    const seen = await fetch(`${sandboxes.outbox}/${box}?to=${encodeURIComponent(query)}`)
    expect((await seen.json()) as unknown[]).toHaveLength(1)
  }
})

test('the gateway posts its events to the webhook, signed', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { Hono } = await import('hono')
  const { serve } = await import('@hono/node-server')
  const app = new Hono().post('/hook', async (c) => {
    resolve(`${c.req.header('gateway-signature')} ${await c.req.text()}`)
    return c.body(null, 204)
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((listening) => server.once('listening', () => listening(null)))
  const { port } = server.address() as { port: number }
  ended.push(() => new Promise((closed) => server.close(closed)))
  const sandboxes = await startSandboxes({ webhook: { url: `http://127.0.0.1:${port}/hook`, secret: 'whsec' } })
  const { log } = await started(sandboxes)
  const card = { token: await tokenOf(sandboxes, '4000000000000002'), amountMinor: 1, attempt: 1, requestId: 'req_1' }
  await writeTo(log, schemas.topics.paymentRequests, sampleRecord('ChargeRequested', card))
  const [signature = '', ...body] = (await promise).split(' ')
  const raw = Buffer.from(body.join(' '))
  expect(JSON.parse(raw.toString())).toMatchObject({ name: 'charge.failed', data: { idempotencyKey: 'req_1' } })
  const webhook = new GatewayWebhook({
    secret: 'whsec',
    onCharge: () => undefined,
    onChargeBack: async () => undefined,
  })
  expect(await webhook.receive(raw, signature)).toBe('accepted')
})

test('the sandboxes know after a restart what they answered, and listen on the loopback interface', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-sandboxes-'))
  ended.push(async () => rmSync(directory, { recursive: true }))
  const body = JSON.stringify({ to: '+15550100', text: 'Paid.' })
  const send = async ({ urls }: Sandboxes, text: string) => {
    const init = { method: 'POST', headers: { 'idempotency-key': 'k' }, body: text }
    const response = await fetch(`${urls.sms}/v1/messages`, init)
    return [response.status, await response.json()]
  }
  const first = await startSandboxes({ directory })
  const answer = await send(first, body)
  await first.close()
  const second = await startSandboxes({ directory })
  ended.push(() => second.close())
  expect(await send(second, body)).toEqual(answer)
  expect((await send(second, body.replace('Paid', 'Due')))[0]).toBe(409)
  for (const url of Object.values(second.urls)) expect(new URL(url).hostname).toBe('127.0.0.1')
})

test.each([
  ['in this thread', startSandboxes],
  ['in a thread of their own', startSandboxThread],
])('a port in use is an error of the start %s', async (_, start) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  ended.push(() => new Promise((resolve) => other.close(resolve)))
  const { port } = other.address() as { port: number }
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
