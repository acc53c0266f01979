/** A charge that was told as failed, and whose request comes again after a crash: a slow one held the position. */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import type { ChargeRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { type RunningConnector, runConnector } from '../runtime/run-connector.ts'
import { eventually, readFrom, writeTo } from '../testing.ts'
import { CardTokens } from './card-tokens.ts'
import { paymentGatewayConnector } from './connector.ts'
import { gatewaySandbox } from './sandbox.ts'
import type { ChargeEvent } from './webhook.ts'

const schemas = testSchemas({ partitions: 1 })
const { paymentRequests: requests, paymentResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A gateway that is busy for some requests, and loses the answer of others, while it is in trouble. */
async function troubled() {
  const charged: string[] = []
  const { app } = gatewaySandbox({ onEvent: (event) => charged.push((event as ChargeEvent).data.idempotencyKey) })
  const state = { isTroubled: false }
  const server = serve({
    ...{ hostname: '127.0.0.1', port: 0 },
    fetch: async (request) => {
      const isSlow = request.headers.get('idempotency-key') === 'req_slow'
      if (state.isTroubled && !isSlow) return new Response('{}', { status: 503 })
      const answer = await app.fetch(request)
      return state.isTroubled ? new Response('gone', { status: 502 }) : answer
    },
  })
  await new Promise((resolve) => server.once('listening', resolve))
  ended.push(() => new Promise((resolve) => server.close(resolve)))
  return { charged, state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const token = new CardTokens('fourfold sandbox').tokenOf('4242424242424242')?.token ?? ''
const charge = (requestId: string, consumerId: string, mayFailOver: boolean): ChargeRequested =>
  sampleRecord('ChargeRequested', {
    ...{ requestId, consumerId, token, amountMinor: 1, currency: 'USD', attempt: 1, gateway: 'primary', mayFailOver },
  })

test.each([
  ['passes, and the request does not charge when it comes again', true, ['req_first', 'req_slow']],
  [
    'is held where nobody could close the key, and the request charges when it comes again',
    false,
    ['req_first', 'req_quick', 'req_slow'],
  ],
])('a failure %s', async (_, mayFailOver, charges) => {
  const { charged, state, url } = await troubled()
  const log = memoryLog()
  const start = async (): Promise<RunningConnector> => {
    const calls = new ProviderCalls({ tries: 1, pauseMs: 1, pauseMsMax: 1, openAfterFailures: 1_000 })
    return runConnector(paymentGatewayConnector(schemas, { url, calls }), { log, slowMs: 10 })
  }
  const first = await start()
  // A request that is there already when the connector begins may have been sent before a crash; one after it was not.
  await writeTo(log, requests, charge('req_first', 'con_0', false))
  expect((await readFrom(log, results, 1)).map(({ requestId }) => requestId)).toEqual(['req_first'])
  state.isTroubled = true
  await writeTo(log, requests, charge('req_slow', 'con_1', false), charge('req_quick', 'con_2', mayFailOver))
  await eventually(
    () => charged.length,
    (count) => count === 2,
  )
  const wanted = mayFailOver ? 2 : 1
  await new Promise((resolve) => setTimeout(resolve, 600))
  const told = await readFrom(log, results, wanted)
  expect(told.map(({ requestId }) => requestId)).toEqual(mayFailOver ? ['req_first', 'req_quick'] : ['req_first'])
  await first.close()
  state.isTroubled = false
  const second = await start()
  ended.push(() => second.close())
  await eventually(
    () => second.status().open + second.status().lag,
    (left) => left === 0,
  )
  const all = await readFrom(log, results, mayFailOver ? 4 : 3)
  const outcomes = all.filter(({ requestId }) => requestId === 'req_quick').map(({ type }) => type)
  // Told again with the same bytes, or for the first time: never one and then the other.
  expect(new Set(outcomes).size).toBe(1)
  expect(outcomes[0]).toBe(mayFailOver ? 'ChargeFailed' : 'ChargeSucceeded')
  expect(charged.sort()).toEqual(charges)
})
