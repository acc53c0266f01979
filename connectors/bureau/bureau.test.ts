import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, expect, test } from 'vitest'
import type { BureauReportRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { runConnector } from '../runtime/run-connector.ts'
import { readFrom, writeTo } from '../testing.ts'
import type { CreditFile } from './client.ts'
import { bureauConnector } from './connector.ts'
import { bureauSandbox } from './sandbox.ts'

const schemas = testSchemas()
const { bureauRequests: requests, bureauResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

/** A log with the connector on it, to a bureau that answers so. */
async function connected(fetch: (request: Request) => Response | Promise<Response>) {
  const log = memoryLog()
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
  const connector = await runConnector(bureauConnector(schemas, { url, calls }), { log })
  ended.push(
    () => connector.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  return log
}

const request = (more: Partial<BureauReportRequested> = {}) => sampleRecord('BureauReportRequested', more)

/** The sandbox's file of a person. */
async function fileOf(reference: string, familyName = 'Miller'): Promise<CreditFile> {
  const body = { reference, givenName: 'Jo', familyName, dateOfBirth: '1970-01-01', country: 'US' }
  const init = { method: 'POST', headers: { 'idempotency-key': reference }, body: JSON.stringify(body) }
  return (await bureauSandbox().app.request('/v1/reports', init)).json() as Promise<CreditFile>
}

test('reports the credit file of a consumer, the same on every inquiry', async () => {
  const log = await connected(bureauSandbox().app.fetch)
  await writeTo(log, requests, request({ consumerId: 'con_1' }))
  const [report] = await readFrom(log, results, 1)
  const { id: _, outcome: __, ...facts } = await fileOf('con_1')
  expect(report).toMatchObject({ ...facts, outcome: 'FOUND', providerRef: expect.stringMatching(/^rep_/) })
})

test.each([
  ['Thin', { outcome: 'THIN_FILE', score: null, openAccounts: 0 }],
  ['Miller+frozen', { outcome: 'FROZEN', score: null }],
  ['Score550', { outcome: 'FOUND', score: 550, delinquencies: 0, inquiries: 0, oldestAccountMonths: 120 }],
])('reports what the name %s stands for', async (familyName, facts) => {
  const log = await connected(bureauSandbox().app.fetch)
  await writeTo(log, requests, request({ familyName }))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining(facts)])
})

test.each([
  ['is away', () => new Response('{}', { status: 503 })],
  ['answers something else', () => Response.json({ id: 'rep_1', outcome: 'found', score: 1 })],
])('reports UNAVAILABLE where the bureau %s', async (_, fetch) => {
  const log = await connected(fetch)
  await writeTo(log, requests, request())
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ outcome: 'UNAVAILABLE', score: null, providerRef: null }),
  ])
})

test('a name with a score outside the scale is a name like any other', async () => {
  const { id: _, ...facts } = await fileOf('con_1')
  expect(await fileOf('con_1', 'Score999')).toMatchObject(facts)
})

test('the scores of many people are spread over the scale, more of them good than bad', async () => {
  const files = await Promise.all(Array.from({ length: 500 }, (_, index) => fileOf(`con_${index}`)))
  const scores = files.map(({ score }) => score ?? 0)
  expect([Math.min(...scores) >= 350, Math.max(...scores) <= 900]).toEqual([true, true])
  const good = scores.filter((score) => score >= 550).length
  expect(good).toBeGreaterThan(375)
  expect(good).toBeLessThan(475)
})
