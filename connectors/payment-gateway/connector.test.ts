import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChargeRequested, ReturnRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type LogFaults, type MemoryLog, memoryLog, nextCommits } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { type RunningConnector, runConnector } from '../runtime/run-connector.ts'
import { eventually, readFrom, writeTo } from '../testing.ts'
import { CardTokens } from './card-tokens.ts'
import { paymentGatewayConnector } from './connector.ts'
import { gatewaySandbox } from './sandbox.ts'
import type { ChargeEvent } from './webhook.ts'

const schemas = testSchemas()
const { paymentRequests: requests, paymentResults: results } = schemas.topics
const SECRET = 'secret'

let faults: LogFaults
let log: MemoryLog
let charges: ChargeEvent[]
/** What befalls the next requests at the gateway: not let in, or acted on with the answer lost. */
let trouble: ('busy' | 'answer lost')[]
let connector: RunningConnector
let closeServer: () => Promise<void>

beforeEach(async () => {
  faults = {}
  log = memoryLog({ faults })
  charges = []
  trouble = []
  const { app } = gatewaySandbox({ secret: SECRET, onEvent: (event) => charges.push(event as ChargeEvent) })
  const server = serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const now = trouble.shift()
      if (now === 'busy') return new Response('{}', { status: 503 })
      const answer = await app.fetch(request)
      return now === 'answer lost' ? new Response('gone', { status: 502 }) : answer
    },
  })
  await new Promise((resolve) => server.once('listening', resolve))
  closeServer = () => new Promise((resolve) => server.close(() => resolve()))
  const { port } = server.address() as AddressInfo
  const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
  const gateway = paymentGatewayConnector(schemas, { url: `http://127.0.0.1:${port}`, calls })
  connector = await runConnector(gateway, { log })
})

afterEach(async () => {
  await connector.close()
  await closeServer()
})

function charge(number: string, more: Partial<ChargeRequested> = {}): ChargeRequested {
  const token = new CardTokens(SECRET).tokenOf(number)?.token ?? number
  const facts = { requestId: 'req_1', amountMinor: 14_32, currency: 'USD', attempt: 1, token }
  return sampleRecord('ChargeRequested', { ...facts, ...more })
}

const GOOD = '4242424242424242'

test.each([
  ['succeeds', charge(GOOD), { type: 'ChargeSucceeded', gatewayRef: expect.stringMatching(/^ch_/) }],
  [
    'is declined for good',
    charge('4000000000000002'),
    { type: 'ChargeFailed', declineCode: 'card_declined', declineClass: 'HARD' },
  ],
  [
    'is declined for now',
    charge('4000000000009995'),
    { type: 'ChargeFailed', declineCode: 'insufficient_funds', declineClass: 'SOFT' },
  ],
  [
    'its network declines',
    charge('5400000000000302', { atCheckout: false }),
    { type: 'ChargeFailed', declineClass: 'SOFT', network: 'MASTERCARD', networkCode: '30', technical: false },
  ],
  [
    'is refused for itself',
    charge('tok_made_up'),
    { type: 'ChargeFailed', declineCode: 'token_unknown', declineClass: 'HARD' },
  ],
])('reports a charge that %s, with all that tells whose it is', async (_, request, outcome) => {
  await writeTo(log, requests, request)
  const { requestId, consumerId, paymentId, planId, amountMinor, currency } = request
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ ...outcome, requestId, consumerId, paymentId, planId, amountMinor, currency }),
  ])
})

test('gives a charge back', async () => {
  await writeTo(log, requests, charge(GOOD))
  const [charged] = await readFrom(log, results, 1)
  const gatewayRef = charged?.type === 'ChargeSucceeded' ? charged.gatewayRef : ''
  const back = (requestId: string, amountMinor: number): ReturnRequested =>
    sampleRecord('ReturnRequested', { requestId, gatewayRef, amountMinor, currency: 'USD', returnId: 'ret_1' })
  await writeTo(log, requests, back('req_2', 10_00), back('req_3', 10_00))
  expect((await readFrom(log, results, 3)).slice(1)).toEqual([
    expect.objectContaining({ type: 'ReturnSucceeded', returnId: 'ret_1', gatewayRef: expect.stringMatching(/^re_/) }),
    expect.objectContaining({ type: 'ReturnFailed', declineCode: 'refund_too_large', declineClass: 'HARD' }),
  ])
})

test('reports a soft failure where the gateway certainly did not act', async () => {
  // A request that is there already when the connector begins may have been sent before a crash; one after it was not.
  await writeTo(log, requests, charge(GOOD))
  await readFrom(log, results, 1)
  trouble.push('busy', 'busy')
  await writeTo(log, requests, charge(GOOD, { requestId: 'req_2' }))
  const [, failed] = await readFrom(log, results, 2)
  expect(failed).toMatchObject({ type: 'ChargeFailed', declineCode: 'gateway_unavailable', declineClass: 'SOFT' })
  expect(charges).toHaveLength(1)
})

test('reports nothing while the gateway may have charged, and then what it did, charged once', async () => {
  trouble.push('answer lost', 'busy')
  await writeTo(log, requests, charge(GOOD))
  await eventually(
    () => [charges.length, trouble.length],
    ([charged, left]) => charged === 1 && left === 0,
  )
  expect(await readFrom(log, results, 0)).toEqual([])
  // The gateway's webhook tells that something is known now: the pause of a second ends.
  const started = performance.now()
  await eventually(
    () => {
      connector.wake('req_1')
      return connector.status().open
    },
    (open) => open === 0,
  )
  expect(performance.now() - started).toBeLessThan(900)
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ type: 'ChargeSucceeded' })])
  expect(charges.length).toBe(1)
})

test('charges once where a crash comes between the call and the commit, and writes the same bytes', async () => {
  faults.commit = nextCommits('unknown-aborted')
  await writeTo(log, requests, charge(GOOD))
  const [first] = await readFrom(log, results, 1)
  expect([first?.type, charges.length]).toEqual(['ChargeSucceeded', 1])
  // The same request on another log: a replay.
  const replayed = memoryLog()
  await connector.close()
  const again = paymentGatewayConnector(schemas, { url: await sameGateway(), calls: new ProviderCalls() })
  connector = await runConnector(again, { log: replayed })
  await writeTo(replayed, requests, charge(GOOD))
  expect(await readFrom(replayed, results, 1)).toEqual([first])
})

/** The URL of a gateway that knows the same secret, as one that was restarted. */
async function sameGateway(): Promise<string> {
  await closeServer()
  const server = serve({ fetch: gatewaySandbox({ secret: SECRET }).app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  closeServer = () => new Promise((resolve) => server.close(() => resolve()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
