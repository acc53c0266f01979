/** Monthly statements: made by business time, equal to plans and ledger, kept as they were, told once. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { capture, confirm, offer, openShop, openShopper, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let shopper: Shopper
let other: Shopper

const PATH = '/v1/consumers/me/statements'

type Statement = {
  readonly statementId: string
  readonly month: string
  readonly openingMinor: number
  readonly closingMinor: number
  readonly nextDue: readonly { readonly amountMinor: number }[]
}
type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

beforeAll(async () => {
  platform = await openPlatform(newDirectory('statements'))
  caller = new Caller(platform.server.localUrl)
  const shop = await openShop(caller, platform.operatorToken, 'Record Shop')
  shopper = await openShopper(caller, 'stella', { timeZone: 'Asia/Tokyo', language: 'de' })
  other = await openShopper(caller, 'otto')
  const checkoutId = await offer(caller, shop, 'one', 80_00)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, 'one', 'PAY_IN_4')
  await capture(caller, shop, purchaseId, 80_00)
  await platform.settle()
  await pass(30)
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

async function pass(days: number): Promise<void> {
  const { date } = platform.clock.now()
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${date}`, body: { days } })
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

const listed = async ({ token }: Shopper) => (await caller.get<Page<Statement>>(PATH, token)).items
async function documentOf({ token }: Shopper, statementId: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${platform.server.localUrl}${PATH}/${statementId}/document`, { headers })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  return answer.text()
}

let document = ''

test('a month that is over has a statement, equal to the plans and the ledger to the cent', async () => {
  const [statement, ...more] = await listed(shopper)
  expect(more).toEqual([])
  expect(statement).toMatchObject({
    ...{ month: '2031-03', currency: 'USD', openingMinor: 0, purchasesMinor: 80_00, paymentsMinor: -60_00 },
    ...{ refundsMinor: 0, feesMinor: 0, interestMinor: 0, adjustmentsMinor: 0, closingMinor: 20_00 },
    ...{ fromDate: '2031-03-01', toDate: '2031-03-31', dueUntil: '2031-04-30', templateVersion: 1 },
  })
  const full = await caller.get<Statement>(`${PATH}/${statement?.statementId}`, shopper.token)
  expect(full).toMatchObject({
    timeZone: 'Asia/Tokyo',
    lines: [
      { kind: 'PURCHASE', amountMinor: 80_00, merchantName: 'Record Shop', date: '2031-03-03' },
      { kind: 'PAYMENT', amountMinor: -20_00 },
      { kind: 'PAYMENT', amountMinor: -20_00 },
      { kind: 'PAYMENT', amountMinor: -20_00 },
    ],
    nextDue: [{ amountMinor: 20_00 }],
  })
  const path = `/v1/ledger/accounts?prefix=assets:consumer-receivable:${shopper.consumerId}`
  const ledger = await caller.get<Page<{ balanceMinor: number }>>(path, platform.operatorToken)
  expect(ledger.items.map(({ balanceMinor }) => balanceMinor)).toEqual([statement?.closingMinor])
})

test('its document is a page in the language of the account', async () => {
  const [statement] = await listed(shopper)
  document = await documentOf(shopper, statement?.statementId ?? '')
  expect(document).toContain('Kontoauszug 2031-03')
  expect(document).toContain('20.00 USD')
})

test('it is told by e-mail, once', async () => {
  await vi.waitFor(
    async () => {
      const mails = await fetch(`${platform.providers.outbox}/mail?to=${shopper.email}`)
      const subjects = ((await mails.json()) as { subject: string }[]).map(({ subject }) => subject)
      expect(subjects.filter((subject) => subject.includes('Kontoauszug'))).toEqual(['Ihr Kontoauszug für 2031-03'])
    },
    { timeout: 20_000 },
  )
})

test('the next one opens with what it closed with; then there is none, for nothing is owed', async () => {
  await pass(75)
  const statements = await listed(shopper)
  expect(statements).toMatchObject([
    { month: '2031-04', openingMinor: 20_00, paymentsMinor: -20_00, closingMinor: 0 },
    { month: '2031-03', closingMinor: 20_00 },
  ])
  expect(await documentOf(shopper, statements[1]?.statementId ?? '')).toBe(document)
})

test('it is nobody else’s, and who owes nothing has none', async () => {
  expect(await listed(other)).toEqual([])
  const [statement] = await listed(shopper)
  for (const path of [`${PATH}/${statement?.statementId}`, `${PATH}/${statement?.statementId}/document`]) {
    const answer = await caller.send('GET', path, { token: other.token })
    expect([answer.status, answer.body.code]).toEqual([404, 'STATEMENT_UNKNOWN'])
  }
  const wrong = await caller.send('GET', `${PATH}/nonsense`, { token: shopper.token })
  expect([wrong.status, wrong.body.code]).toEqual([400, 'VALIDATION_FAILED'])
})

test('after all of it the platform is well', async () => {
  await expectWell(platform)
})
