/** The books of the whole platform: trial balance at any date, accounts, and what must hold, checked while it runs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BooksStatus } from '#api/operations.ts'
import { dateToMs } from '#domain/calendar.ts'
import type { Platform } from '#main/platform.ts'
import { rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { buy, openShop, openShopper } from './actors.ts'
import { Caller } from './caller.ts'
import { newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller

type Row = { account: string; currency: string; debitsMinor: number; creditsMinor: number; balanceMinor: number }

beforeAll(async () => {
  platform = await openPlatform(newDirectory('books'))
  caller = new Caller(platform.server.localUrl)
  const shop = await openShop(caller, platform.operatorToken, 'Book Shop')
  const shopper = await openShopper(caller, 'bea')
  await buy(caller, shop, shopper, 'one', 30_00)
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: 'day', body: { days: 3 } })
  await buy(caller, shop, shopper, 'two', 20_00)
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

const rows = async (query: string) =>
  (await caller.get<{ items: Row[] }>(`/v1/ledger/${query}`, platform.operatorToken)).items
const sum = (all: readonly Row[], of: (row: Row) => number) => all.reduce((total, row) => total + of(row), 0)

test('the trial balance is even at every date, and grows with what was posted', async () => {
  const dates = ['2031-03-02', '2031-03-03', '2031-03-04', '2031-03-06']
  const balances = await Promise.all(dates.map((date) => rows(`trial-balance?through=${date}`)))
  for (const all of balances) expect(sum(all, (row) => row.debitsMinor)).toBe(sum(all, (row) => row.creditsMinor))
  const debits = balances.map((all) => all.find(({ account }) => account === 'assets:consumer-receivable')?.debitsMinor)
  expect(debits).toEqual([undefined, 30_00, 30_00, 50_00])
  expect(balances.at(-1)).toEqual(await rows('trial-balance'))
})

test('the accounts of a class add up to its line', async () => {
  const line = (await rows('trial-balance')).find(({ account }) => account === 'liabilities:merchant-payable')
  const accounts = await rows('accounts?prefix=liabilities:merchant-payable')
  expect(sum(accounts, (row) => row.balanceMinor)).toBe(line?.balanceMinor)
  expect(accounts.every(({ account }) => account.startsWith('liabilities:merchant-payable:'))).toBe(true)
})

test('what must hold is checked by itself, and holds', async () => {
  let books: BooksStatus = { checkedAt: null, failure: null, unbalancedEntries: 0, invariants: [] }
  // An earlier check may have seen what was on its way.
  const atRest = new Date().toISOString()
  for (let looks = 0; looks < 300 && (books.checkedAt ?? '') < atRest; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    books = await caller.get<BooksStatus>('/v1/ledger/invariants', platform.operatorToken)
  }
  expect(books.checkedAt).toSatisfy((checkedAt) => String(checkedAt) >= atRest)
  expect(books).toMatchObject({ failure: null, unbalancedEntries: 0 })
  expect(books.invariants.length).toBeGreaterThan(7)
  expect(books.invariants.filter(({ differenceMinor }) => differenceMinor !== 0)).toEqual([])
})

type Figure = Omit<Row, 'balanceMinor'>
type Change = { period: string; status: string; run: number; figures: Figure[]; differences: object[] }

const bare = (all: readonly Row[]): Figure[] => all.map(({ balanceMinor: _, ...figure }) => figure)
const close = (period: string, key: string) =>
  caller.send('POST', `/v1/ledger/periods/${period}/close`, { token: platform.operatorToken, key })
const rest = async () => {
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

test('a month is closed when it is over: its figures are the trial balance of its last day, and stay so', async () => {
  expect(await close('2031-03', 'p-0')).toMatchObject({ status: 422, body: { code: 'PERIOD_NOT_OVER' } })
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: 'month', body: { date: '2031-04-01' } })
  await rest()
  const first = await close('2031-03', 'p-1')
  expect(first).toMatchObject({ status: 201, body: { status: 'CLOSED', run: 1, differences: [] } })
  await rest()
  const figures = bare(await rows('trial-balance?through=2031-03-31'))
  expect(first.body).toMatchObject({ figures })
  const replayed = await close('2031-03', 'p-1')
  expect([replayed.headers.get('idempotent-replayed'), replayed.body]).toEqual(['true', first.body])
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: 'later', body: { days: 20 } })
  await rest()
  const again = await close('2031-03', 'p-2')
  expect(again).toMatchObject({ status: 201, body: { status: 'CLOSED', run: 2, differences: [], figures } })
  expect(bare(await rows('trial-balance'))).not.toEqual(figures)
})

test('what comes to light after the close is booked in the open month, with a reference to its own date', async () => {
  // As a provider's late word: an event that is dated in the closed month.
  const { topics } = platform.schemas
  const { name, value } = topics.paymentEvents
  const meta = rootMeta({
    source: 'test',
    id: 'evt_late',
    occurredAt: dateToMs('2031-03-20'),
    businessDate: '2031-03-20',
  })
  const late = sampleRecord('PaymentReturned', { meta, consumerId: 'con_late', currency: 'USD', amountMinor: 1_00 })
  const before = await rows('trial-balance?through=2031-03-31')
  const record = { topic: name, partition: 0, timestampMs: Date.now(), key: Buffer.from('con_late') }
  await platform.storage.log.append([{ ...record, value: value.serialize(late) }])
  await rest()
  const sql = "SELECT business_date, booked_on FROM ledger_entries WHERE consumer_id = 'con_late'"
  const [entry] = await platform.sinks.database.query(sql)
  expect([entry?.['business_date'], entry?.['booked_on']]).toEqual(['2031-03-20', '2031-04-01'])
  expect(await rows('trial-balance?through=2031-03-31')).toEqual(before)
  expect(await close('2031-03', 'p-3')).toMatchObject({ status: 201, body: { run: 3, differences: [] } })
})

test('a month is reopened with a reason, and everything is in the list and in the audit log', async () => {
  const path = '/v1/ledger/periods/2031-03/reopening'
  const sent = { token: platform.operatorToken, key: 'p-4' }
  expect((await caller.send('POST', path, { ...sent, body: {} })).status).toBe(400)
  const opened = await caller.post<Change>(path, { ...sent, key: 'p-5', body: { reason: 'A late invoice.' } })
  expect(opened).toMatchObject({ status: 'REOPENED' })
  const read = () =>
    caller.get<{ items: object[]; closeDay: number | null }>('/v1/ledger/periods', platform.operatorToken)
  expect(await read()).toMatchObject({ items: [{ period: '2031-03', status: 'REOPENED', reason: 'A late invoice.' }] })
  expect(await close('2031-03', 'p-6')).toMatchObject({ status: 201, body: { run: 4, differences: [] } })
  const schedule = { token: platform.operatorToken, key: 'p-7', body: { closeDay: 3 } }
  expect(await caller.post('/v1/ledger/period-schedule', schedule)).toEqual({ closeDay: 3 })
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: 'may', body: { date: '2031-05-03' } })
  await rest()
  expect(await read()).toMatchObject({
    ...{ closeDay: 3 },
    items: [
      { period: '2031-04', status: 'CLOSED', run: 1 },
      { period: '2031-03', status: 'CLOSED', run: 4 },
    ],
  })
  const logged = await platform.sinks.database.query(
    "SELECT action FROM audit_entries WHERE subject = 'ledger' ORDER BY sequence",
  )
  expect(logged.map((row) => row['action'])).toEqual([
    ...['PeriodClosed', 'PeriodClosed', 'PeriodClosed', 'PeriodReopened', 'PeriodClosed'],
    ...['PeriodCloseScheduled', 'PeriodClosed'],
  ])
})

test('an account that is written over is found', async () => {
  const before = (await caller.get<BooksStatus>('/v1/ledger/invariants', platform.operatorToken)).checkedAt
  await platform.sinks.database.query(
    "UPDATE account_balances SET balance_minor = balance_minor + 1 WHERE account = 'assets:cash'",
  )
  let books: BooksStatus | null = null
  for (let looks = 0; looks < 300; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    books = await caller.get<BooksStatus>('/v1/ledger/invariants', platform.operatorToken)
    if (books.checkedAt !== before && books.invariants.some(({ differenceMinor }) => differenceMinor !== 0)) break
  }
  const differing = books?.invariants.filter(({ differenceMinor }) => differenceMinor !== 0)
  expect(differing).toMatchObject([
    { name: 'cash = collected − returned − charged back − undone − paid', differenceMinor: -1 },
  ])
  expect(differing?.[0]?.differsSince).not.toBeNull()
})

test('the books are the operator’s business', async () => {
  for (const path of ['invariants', 'trial-balance', 'accounts?prefix=assets']) {
    expect((await caller.send('GET', `/v1/ledger/${path}`)).status).toBe(401)
  }
})
