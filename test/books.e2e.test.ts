/** The books of the whole platform: trial balance at any date, accounts, and what must hold, checked while it runs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BooksStatus } from '#api/operations.ts'
import type { Platform } from '#main/platform.ts'
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
  for (let looks = 0; looks < 300 && books.checkedAt === null; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    books = await caller.get<BooksStatus>('/v1/ledger/invariants', platform.operatorToken)
  }
  expect(books).toMatchObject({ failure: null, unbalancedEntries: 0 })
  expect(books.invariants.length).toBeGreaterThan(7)
  expect(books.invariants.filter(({ differenceMinor }) => differenceMinor !== 0)).toEqual([])
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
