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
import { bureauConnector } from './connector.ts'
import { bureauSandbox } from './sandbox.ts'
import { secondBureauSandbox } from './second-sandbox.ts'

type Fetch = (request: Request) => Response | Promise<Response>

const schemas = testSchemas()
const { bureauRequests: requests, bureauResults: results } = schemas.topics
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

async function served(fetch: Fetch): Promise<string> {
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  ended.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A log with the connector on it, to both bureaus. */
async function connected(secondary: Fetch = secondBureauSandbox().app.fetch, more: Partial<CallOptions> = {}) {
  const log = memoryLog()
  const calls = () => new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1, ...more })
  const connector = await runConnector(
    bureauConnector(schemas, [
      { name: 'primary', url: await served(bureauSandbox().app.fetch), calls: calls() },
      { name: 'secondary', url: await served(secondary), calls: calls() },
    ]),
    { log },
  )
  ended.unshift(() => connector.close())
  return log
}

const request = (more: Partial<BureauReportRequested> = {}) =>
  sampleRecord('BureauReportRequested', { bureau: 'secondary', familyName: 'Miller', ...more })

test('each bureau is asked in its own words, and its answer bears its name', async () => {
  const log = await connected()
  await writeTo(log, requests, request({ requestId: 'req_1', familyName: 'Score550', bureau: 'primary' }))
  await writeTo(log, requests, request({ requestId: 'req_2', familyName: 'Score550' }))
  const said = await readFrom(log, results, 2)
  const facts = { outcome: 'FOUND', score: 550, openAccounts: 3, delinquencies: 0, oldestAccountMonths: 120 }
  expect(said).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...facts, bureau: 'primary', providerRef: expect.stringMatching(/^rep_/) }),
      expect.objectContaining({ ...facts, bureau: 'secondary', providerRef: expect.stringMatching(/^R2-/) }),
    ]),
  )
})

test.each([
  ['Thin2', { outcome: 'THIN_FILE', score: null, openAccounts: 0 }],
  ['Miller+frozen2', { outcome: 'FROZEN', score: null }],
  ['Thin', { outcome: 'FOUND' }],
  ['Rating100', { outcome: 'FOUND', score: 1_000, oldestAccountMonths: 120 }],
  ['Rating600', { outcome: 'FOUND', score: 0 }],
  ['Rating425', { outcome: 'FOUND', score: 350 }],
])('the second bureau has its own file of %s', async (familyName, facts) => {
  const log = await connected()
  await writeTo(log, requests, request({ familyName, consumerId: 'con_1' }))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ ...facts, bureau: 'secondary' })])
})

test('the second bureau says the same of somebody on every inquiry', async () => {
  const log = await connected()
  await writeTo(log, requests, request({ requestId: 'req_1', consumerId: 'con_7' }))
  await writeTo(log, requests, request({ requestId: 'req_2', consumerId: 'con_7' }))
  const [one, two] = await readFrom(log, results, 2)
  const facts = ({ meta: _, requestId: __, providerRef: ___, ...rest }: object & Record<string, unknown>) => rest
  expect(facts({ ...one })).toEqual(facts({ ...two }))
  expect(one?.monthlyIncomeMinor).toBeGreaterThan(1_000_00)
})

test('reports UNAVAILABLE where the second bureau never answers, while the first does', async () => {
  const log = await connected(undefined, { timeoutMs: 30 })
  await writeTo(log, requests, request({ familyName: 'Timeout2', requestId: 'req_1' }))
  await writeTo(log, requests, request({ familyName: 'Timeout2', requestId: 'req_2', bureau: 'primary' }))
  const said = await readFrom(log, results, 2)
  expect(Object.fromEntries(said.map(({ bureau, outcome }) => [bureau, outcome]))).toMatchObject({
    secondary: 'UNAVAILABLE',
    primary: expect.not.stringContaining('UNAVAILABLE'),
  })
})

test('reports UNAVAILABLE for a bureau that is not there', async () => {
  const log = await connected()
  await writeTo(log, requests, request({ bureau: 'third' }))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ bureau: 'third', outcome: 'UNAVAILABLE', providerRef: null }),
  ])
})

describe('an answer of the second bureau', () => {
  const file = {
    ...{ reportNo: 'R2-1', status: 'HIT', rating: 300, accounts: { open: 1, arrears24m: 0 }, enquiries6m: 2 },
    ...{ knownSince: { years: 1, months: 3 }, netIncome: '2400.50' },
  }

  test('is mapped to the facts of ours', async () => {
    const log = await connected(() => Response.json(file))
    await writeTo(log, requests, request())
    expect(await readFrom(log, results, 1)).toEqual([
      expect.objectContaining({
        ...{ outcome: 'FOUND', score: 600, openAccounts: 1, delinquencies: 0, inquiries: 2 },
        ...{ oldestAccountMonths: 15, monthlyIncomeMinor: 240_050, attributes: null, providerRef: 'R2-1' },
      }),
    ])
  })

  test.each([
    ['no number', { reportNo: null }],
    ['another status', { status: 'MAYBE' }],
    ['a rating off the scale', { rating: 601 }],
    ['half a rating', { rating: 300.25 }],
    ['a rating in a list', { rating: [300] }],
    ['a rating as a text', { rating: '300' }],
    ['no accounts', { accounts: null }],
    ['less than no account', { accounts: { open: -1, arrears24m: 0 } }],
    ['no age', { knownSince: {} }],
    ['an income in words', { netIncome: 'much' }],
    ['an income as a number', { netIncome: 2400.5 }],
  ])('is not believed with %s', async (_what, over) => {
    const log = await connected(() => Response.json({ ...file, ...over }))
    await writeTo(log, requests, request())
    expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ outcome: 'UNAVAILABLE' })])
  })
})
