import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IdentityCheckRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type MemoryLog, memoryLog } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { type RunningConnector, runConnector } from '../runtime/run-connector.ts'
import { eventually, readFrom, writeTo } from '../testing.ts'
import { CHECK_EXPIRES_MS, identityConnector } from './connector.ts'
import { identitySandbox } from './sandbox.ts'

const schemas = testSchemas()
const { identityRequests: requests, identityResults: results } = schemas.topics

let log: MemoryLog
let connector: RunningConnector
let closeServer: () => Promise<void>
let laterMs: number
let isDown: boolean

beforeEach(async () => {
  log = memoryLog()
  laterMs = 0
  isDown = false
  const { app } = identitySandbox({ reviewMs: 40 })
  const fetch = (request: Request) => (isDown ? new Response('{}', { status: 503 }) : app.fetch(request))
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  closeServer = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = new ProviderCalls({ timeoutMs: 50, tries: 2, pauseMs: 1, pauseMsMax: 1, openAfterFailures: 1_000 })
  const nowMs = () => Date.now() + laterMs
  const identity = identityConnector(schemas, { url, calls, nowMs, pauseMs: 5, pauseMsMax: 10 })
  connector = await runConnector(identity, { log, slowMs: 20 })
})

afterEach(async () => {
  await connector.close()
  await closeServer()
})

function check(mark: string, consumerId = 'con_1'): IdentityCheckRequested {
  const facts = { requestId: `req${mark}`, checkId: `chk${mark}`, consumerId, email: `jo${mark}@example.com` }
  const base = sampleRecord('IdentityCheckRequested', facts)
  return { ...base, meta: { ...base.meta, id: `evt${mark}` } }
}

/** What was reported, in short. */
async function reports(count: number) {
  const all = await readFrom(log, results, count)
  return all.map(({ checkId, outcome, final }) => `${checkId} ${outcome}${final ? '' : ' for now'}`)
}

test.each([
  ['approved', '', ['chk APPROVED']],
  ['declined', '+decline', ['chk+decline DECLINED']],
  ['approved after a review', '+review', ['chk+review NEEDS_REVIEW for now', 'chk+review APPROVED']],
  ['declined after it was approved', '+overturn', ['chk+overturn APPROVED for now', 'chk+overturn DECLINED']],
  ['approved after it was declined', '+reinstate', ['chk+reinstate DECLINED for now', 'chk+reinstate APPROVED']],
])('reports a check that is %s', async (_, mark, expected) => {
  await writeTo(log, requests, check(mark))
  expect(await reports(expected.length)).toEqual(expected)
})

test('each report of a check has an id of its own and the correlation of the request', async () => {
  await writeTo(log, requests, check('+review'))
  const all = await readFrom(log, results, 2)
  expect(new Set(all.map(({ meta }) => meta.id)).size).toBe(2)
  for (const { meta, providerRef } of all) {
    expect([meta.correlationId, meta.causationId]).toEqual(['evt_sample', 'evt+review'])
    expect(providerRef).toMatch(/^idc_review_/)
  }
})

test('asks a silent provider again, without holding others up, and reports EXPIRED a day later', async () => {
  await writeTo(log, requests, check('+timeout', 'con_1'), check('', 'con_1'), check('', 'con_2'), check('', 'con_3'))
  // Those of other people pass; the same person's next check waits for the first one.
  expect(await reports(2)).toEqual(['chk APPROVED', 'chk APPROVED'])
  expect(connector.status().failures).toBeGreaterThan(0)
  laterMs = CHECK_EXPIRES_MS + 60_000
  expect(
    await eventually(
      () => reports(0),
      (all) => all.length === 4,
    ),
  ).toContain('chk+timeout EXPIRED')
})

test('goes on when a provider that was away is back', async () => {
  isDown = true
  await writeTo(log, requests, check(''))
  await eventually(
    () => connector.status().failures,
    (failures) => failures >= 4,
  )
  expect(await reports(0)).toEqual([])
  isDown = false
  expect(await reports(1)).toEqual(['chk APPROVED'])
})
