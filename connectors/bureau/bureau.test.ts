import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, describe, expect, test } from 'vitest'
import type { BureauReportRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { type CallOptions, ProviderCalls } from '../runtime/provider-calls.ts'
import { runConnector } from '../runtime/run-connector.ts'
import { readFrom, writeTo } from '../testing.ts'
import type { CreditFile } from './client.ts'
import { bureauConnector } from './connector.ts'
import { readCreditApplications } from './credit-applications.ts'
import { bureauSandbox } from './sandbox.ts'

const schemas = testSchemas()
const { bureauRequests: requests, bureauResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

/** A log with the connector on it, to a bureau that answers so. */
async function connected(fetch: (request: Request) => Response | Promise<Response>, more: Partial<CallOptions> = {}) {
  const log = memoryLog()
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1, ...more })
  const connector = await runConnector(bureauConnector(schemas, [{ name: 'primary', url, calls }]), { log })
  ended.push(
    () => connector.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  return log
}

const request = (more: Partial<BureauReportRequested> = {}) =>
  sampleRecord('BureauReportRequested', { bureau: 'primary', ...more })

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
  ['Thin', { outcome: 'THIN_FILE', score: null, openAccounts: 0, attributes: null }],
  ['Miller+frozen', { outcome: 'FROZEN', score: null, attributes: null }],
  ['Applicant2', { outcome: 'FOUND', score: null, attributes: readCreditApplications()[1]?.attributes }],
  [
    'Score550',
    { attributes: null, outcome: 'FOUND', score: 550, delinquencies: 0, inquiries: 0, oldestAccountMonths: 120 },
  ],
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

test('reports UNAVAILABLE where the bureau never answers', async () => {
  const log = await connected(bureauSandbox().app.fetch, { timeoutMs: 30 })
  await writeTo(log, requests, request({ familyName: 'Timeout' }))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ outcome: 'UNAVAILABLE' })])
})

test.each(['Score999', 'Applicant0', 'Applicant1001'])('%s is a name like any other', async (name) => {
  const { id: _, ...facts } = await fileOf('con_1')
  expect(await fileOf('con_1', name)).toMatchObject(facts)
})

test('the files of many people are those of the real applications, and some are thin or frozen', async () => {
  const files = await Promise.all(Array.from({ length: 2_000 }, (_, index) => fileOf(`con_${index}`)))
  const known = new Set(readCreditApplications().map(({ attributes }) => JSON.stringify(attributes)))
  const found = files.filter(({ outcome }) => outcome === 'found')
  expect(found.every(({ attributes }) => known.has(JSON.stringify(attributes)))).toBe(true)
  expect(new Set(found.map(({ attributes }) => JSON.stringify(attributes))).size).toBeGreaterThan(800)
  expect(share(files, 'thin_file')).toBeCloseTo(0.03, 1)
  expect(share(files, 'frozen')).toBeCloseTo(0.01, 1)
  expect(files.filter(({ outcome }) => outcome === 'frozen').length).toBeGreaterThan(5)
})

function share(files: readonly CreditFile[], outcome: CreditFile['outcome']): number {
  return files.filter((file) => file.outcome === outcome).length / files.length
}

describe('a score or an income that', () => {
  const file = { id: 'rep_1', outcome: 'found', score: 700, monthlyIncomeMinor: 200_000, attributes: null }
  const counts = { openAccounts: 1, delinquencies: 0, inquiries: 0, oldestAccountMonths: 9 }
  const reported = async (over: object) => {
    const log = await connected(() => Response.json({ ...file, ...counts, ...over }))
    await writeTo(log, requests, request())
    return (await readFrom(log, results, 1))[0]
  }

  test.each([
    ['is a text', { score: '300' }],
    ['is half a point', { score: 300.5 }],
    ['is more than a record holds', { score: 2 ** 40 }],
    ['is less than nothing', { monthlyIncomeMinor: -1 }],
    ['has a currency', { monthlyIncomeMinor: '2000.00 USD' }],
    ['is a list', { score: [300] }],
  ])('%s does not pass for one that nobody knows: it is no answer', async (_what, over) => {
    expect(await reported(over)).toMatchObject({ outcome: 'UNAVAILABLE', score: null, monthlyIncomeMinor: null })
  })

  test('nobody knows is left open', async () => {
    const unknown = await reported({ score: undefined, monthlyIncomeMinor: null })
    expect(unknown).toMatchObject({ outcome: 'FOUND', score: null, monthlyIncomeMinor: null })
    expect(await reported({})).toMatchObject({ outcome: 'FOUND', score: 700, monthlyIncomeMinor: 200_000 })
  })
})

describe('what the bureau says of accounts and credits', () => {
  const file = {
    id: 'rep_1',
    outcome: 'found',
    openAccounts: 1,
    delinquencies: 0,
    inquiries: 0,
    oldestAccountMonths: 9,
  }
  const answering = (attributes: unknown) => connected(() => Response.json({ ...file, attributes }))

  test.each([
    ['nothing', undefined, null],
    ['null', null, null],
    [
      'some of it',
      { savings: 'FROM_1000', durationMonths: 12 },
      { savings: 'FROM_1000', durationMonths: 12, purpose: null },
    ],
    ['a label nobody has seen', { purpose: 'YACHT' }, { purpose: 'YACHT', savings: null }],
    ['more than we may know', { savings: 'FROM_1000', sex: 'F' }, { savings: 'FROM_1000' }],
  ])('is kept where it is %s', async (_what, attributes, kept) => {
    const log = await answering(attributes)
    await writeTo(log, requests, request())
    const [report] = await readFrom(log, results, 1)
    expect(report).toMatchObject({ outcome: 'FOUND', attributes: kept })
    expect(report?.attributes ?? {}).not.toHaveProperty('sex')
  })

  test.each([
    ['a text', 'rich'],
    ['a list', []],
    ['a number for a label', { savings: 3 }],
    ['no label at all', { savings: '' }],
    ['a text for a number', { durationMonths: '12' }],
    ['less than nothing', { creditAmount: -1 }],
    ['part of a month', { durationMonths: 1.5 }],
    ['more than can be', { creditAmount: 2 ** 31 }],
  ])('is not believed where it is %s', async (_what, attributes) => {
    const log = await answering(attributes)
    await writeTo(log, requests, request())
    expect(await readFrom(log, results, 1)).toEqual([
      expect.objectContaining({ outcome: 'UNAVAILABLE', attributes: null }),
    ])
  })
})
