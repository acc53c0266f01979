/** Settlements of the whole platform: the files add up, and tie to the payouts and to the ledger, to the cent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let shop: Shop
let shopper: Shopper

type Settlement = { settlementId: string; payoutMinor: number; carriedMinor: number; payoutStatus: string }

beforeAll(async () => {
  platform = await openPlatform(newDirectory('settlement'))
  caller = new Caller(platform.server.localUrl)
  const settlement = { commissionBps: 150, taxBps: 1_900, holdbackBps: 1_000, holdbackDays: 10, refundsFee: true }
  const more = { settlementDays: 1, timeZone: 'America/New_York', settlement }
  shop = await openShop(caller, platform.operatorToken, 'Ties Shop', more)
  shopper = await openShopper(caller, 'tina')
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

async function bought(key: string, amountMinor: number): Promise<string> {
  const checkoutId = await offer(caller, shop, key, amountMinor)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, key, 'PAY_IN_4')
  await capture(caller, shop, purchaseId, amountMinor)
  return purchaseId
}

/** Business time goes on by days; what follows comes to rest. */
async function pass(days: number): Promise<void> {
  const { date } = platform.clock.now()
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${date}`, body: { days } })
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

const settlements = async () =>
  (await caller.get<{ items: Settlement[] }>('/v1/settlements', shop.apiKey)).items.reverse()

async function file(settlementId: string, format: string): Promise<{ type: string; text: string; name: string }> {
  const answer = await fetch(`${caller.url}/v1/settlements/${settlementId}/file?format=${format}`, {
    headers: { authorization: `Bearer ${shop.apiKey}` },
  })
  expect(answer.status).toBe(200)
  const type = answer.headers.get('content-type') ?? ''
  return { type, text: await answer.text(), name: answer.headers.get('content-disposition') ?? '' }
}

const operator = (path: string, key: string, body: object) =>
  caller.post<Record<string, unknown>>(`/v1/merchants/${shop.merchantId}/${path}`, {
    ...{ token: platform.operatorToken, key, body },
  })

/** Amount by kind, in cents, from the text of a CSV file. */
function sumsOf(csv: string): Map<string, number> {
  const [heading = '', ...rows] = csv.trimEnd().split('\r\n')
  const [kindAt, amountAt] = [heading.split(',').indexOf('kind'), heading.split(',').indexOf('amount')]
  const sums = new Map<string, number>()
  for (const row of rows) {
    const cells = row.split(',')
    const kind = cells[kindAt] ?? ''
    sums.set(kind, (sums.get(kind) ?? 0) + Math.round(Number(cells[amountAt]) * 100))
  }
  return sums
}

describe('the files of a merchant with commission, tax, reserves, refunded fees and corrections', () => {
  const csvs: string[] = []

  test('each sums to 0, in CSV and in JSON, and pays what the payout paid', async () => {
    const first = await bought('one', 100_00)
    await bought('two', 33_33)
    await pass(3)
    await caller.post(`/v1/purchases/${first}/refunds`, {
      ...{ token: shop.apiKey, key: 'refund-1', body: { amountMinor: 70_01, currency: 'USD' } },
    })
    const charge = { kind: 'CHARGE', amountMinor: 3_00, currency: 'USD', note: '=HYPERLINK("x"), twice' }
    const added = await operator('corrections', 'cor-1', charge)
    expect(added).toMatchObject({ kind: 'CHARGE', amountMinor: -3_00 })
    expect(await operator('corrections', 'cor-1', charge)).toEqual(added)
    await bought('three', 12_34)
    await pass(20)
    const all = await settlements()
    expect(all.length).toBeGreaterThan(2)
    for (const { settlementId, payoutMinor } of all) {
      const csv = await file(settlementId, 'csv')
      expect(csv.type).toMatch(/^text\/csv/)
      expect(csv.name).toContain(`${settlementId}.csv`)
      const sums = sumsOf(csv.text.replace(/"[^\r\n]*"/g, 'quoted'))
      expect([...sums.values()].reduce((sum, minor) => sum + minor, 0)).toBe(0)
      expect(sums.get('PAYOUT') ?? 0).toBe(payoutMinor === 0 ? 0 : -payoutMinor)
      const json = JSON.parse((await file(settlementId, 'json')).text) as { rows: { amountMinor: number }[] }
      expect(json.rows.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(0)
      csvs.push(csv.text)
    }
    expect(csvs.join('')).toContain(`"'=HYPERLINK(""x""), twice"`)
  })

  test('all of them together are what the ledger has, account by account', async () => {
    const total = new Map<string, number>()
    for (const csv of csvs) {
      for (const [kind, minor] of sumsOf(csv.replace(/"[^\r\n]*"/g, 'quoted'))) {
        total.set(kind, (total.get(kind) ?? 0) + minor)
      }
    }
    const sum = (...kinds: string[]) => kinds.reduce((all, kind) => all + (total.get(kind) ?? 0), 0)
    const rows = await platform.sinks.database.query('SELECT account, balance_minor FROM account_balances')
    const balance = (account: string) =>
      rows.filter((row) => row['account'] === account).reduce((all, row) => all + Number(row['balance_minor']), 0)
    // The only merchant: income and tax are of its lines alone.
    expect(balance('income:merchant-fees')).toBe(sum('FEE', 'FEE_REFUND'))
    expect(balance('income:commissions')).toBe(sum('COMMISSION'))
    expect(balance('liabilities:tax')).toBe(sum('TAX'))
    expect(balance('income:merchant-adjustments')).toBe(sum('CHARGE'))
    expect(balance(`liabilities:merchant-reserve:${shop.merchantId}`)).toBe(0)
    expect(sum('HOLDBACK', 'RELEASE')).toBe(0)
    const carriedMinor = (await settlements()).at(-1)?.carriedMinor ?? 0
    expect(balance(`liabilities:merchant-payable:${shop.merchantId}`)).toBe(carriedMinor === 0 ? 0 : -carriedMinor)
    const paid = await platform.sinks.database.query("SELECT sum(amount_minor) AS s FROM payouts WHERE status = 'PAID'")
    expect(Number(paid[0]?.['s'])).toBe(-sum('PAYOUT'))
    expect(sum('SALE')).toBe(145_67)
    expect(sum('RETURN')).toBe(-70_01)
  })
})

test('nobody else reads the file', async () => {
  const [one] = await settlements()
  const other = await openShop(caller, platform.operatorToken, 'Nosy Shop')
  const path = `/v1/settlements/${one?.settlementId}/file`
  expect((await caller.send('GET', path, { token: other.apiKey })).status).toBe(404)
})

test('a suspended merchant is settled and not paid, and paid when it is reinstated', async () => {
  await bought('held', 150_00)
  await platform.settle()
  await operator('status', 'suspend', { status: 'SUSPENDED', reason: 'documents' })
  await pass(2)
  expect((await settlements()).at(-1)).toMatchObject({ payoutStatus: 'HELD' })
  await operator('status', 'resume', { status: 'ACTIVE', reason: 'documents came' })
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
  expect((await settlements()).at(-1)).toMatchObject({ payoutStatus: 'PAID' })
})

test('leaves everything well', async () => {
  await platform.settle()
  await expectWell(platform)
})
