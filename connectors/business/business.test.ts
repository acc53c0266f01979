import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import type { MerchantCheckRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { runConnector } from '../runtime/run-connector.ts'
import { readFrom, writeTo } from '../testing.ts'
import { businessConnector } from './connector.ts'
import { businessSandbox } from './sandbox.ts'

const schemas = testSchemas()
const { merchantCheckRequests: requests, merchantCheckResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

/** A log with the connector on it, to a provider that answers so. */
async function connected(fetch: (request: Request) => Response | Promise<Response>) {
  const log = memoryLog()
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
  const connector = await runConnector(businessConnector(schemas, { url, calls }), { log })
  ended.push(
    () => connector.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  return log
}

const request = (more: Partial<MerchantCheckRequested> = {}) =>
  sampleRecord('MerchantCheckRequested', { registrationNumber: 'HRB 1', categoryCode: '5994', country: 'DE', ...more })

test.each([
  [{ legalName: 'Kiosk Ltd' }, { outcome: 'VERIFIED', riskTier: 'STANDARD', reasons: [] }],
  [
    { legalName: 'Kiosk Ltd', registrationNumber: 'LOW 7' },
    { outcome: 'VERIFIED', riskTier: 'LOW' },
  ],
  [
    { legalName: 'Lucky Ltd', categoryCode: '7995' },
    { outcome: 'VERIFIED', riskTier: 'HIGH' },
  ],
  [{ legalName: 'Review Ltd' }, { outcome: 'NEEDS_REVIEW', reasons: ['owner_not_confirmed'] }],
  [{ legalName: 'Unknown Ltd' }, { outcome: 'NOT_VERIFIED', riskTier: null, reasons: ['not_in_register'] }],
] as const)('%j is reported as %j', async (business, expected) => {
  const log = await connected(businessSandbox().app.fetch)
  await writeTo(log, requests, request(business))
  const [report] = await readFrom(log, results, 1)
  expect(report).toMatchObject({ ...expected, providerRef: expect.stringMatching(/^biz_/) })
})

test.each([
  ['is away', () => new Response('{}', { status: 503 })],
  ['answers something else', () => Response.json({ id: 1 })],
])('a provider that %s is reported as such, so that it is asked again', async (_what, fetch) => {
  const log = await connected(fetch)
  await writeTo(log, requests, request({ legalName: 'Kiosk Ltd' }))
  expect(await readFrom(log, results, 1)).toMatchObject([{ outcome: 'UNAVAILABLE', riskTier: null, providerRef: null }])
})

test.each(['reference', 'legalName', 'registrationNumber', 'country', 'categoryCode'])(
  'the sandbox refuses a business without %s',
  async (field) => {
    const business = {
      reference: 'mer_1',
      legalName: 'K',
      registrationNumber: '1',
      country: 'DE',
      categoryCode: '5994',
    }
    const body = JSON.stringify({ ...business, [field]: '' })
    const init = { method: 'POST', headers: { 'idempotency-key': 'k' }, body }
    expect((await businessSandbox().app.request('/v1/businesses', init)).status).toBe(422)
  },
)
