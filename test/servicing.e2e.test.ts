/** The life of plans that do not go as agreed, through the whole platform: every store agrees after each of them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '#domain/calendar.ts'
import type { Platform } from '#main/platform.ts'
import { addCard, capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

/** A card of the sandbox gateway that attaches, then fails. */
const BAD_CARD = '4000000000000341'

/** One that pays, and is charged back. */
const CHARGED_BACK = '4000000000000259'

let platform: Platform
let caller: Caller
let operator: string
let shop: Shop
let late: Shopper
let keys = 0

type Plan = {
  readonly status: string
  readonly outstandingMinor: number
  readonly feesMinor: number
  readonly instalments: readonly { readonly amountMinor: number; readonly status: string }[]
}
type Credit = { readonly credit: { readonly outstandingMinor: number; readonly blocked: boolean } }
type Clock = { readonly date: string }

const nextKey = () => {
  keys += 1
  return `servicing-${keys}`
}

beforeAll(async () => {
  platform = await openPlatform(newDirectory('servicing'))
  caller = new Caller(platform.server.localUrl)
  operator = platform.operatorToken
  shop = await openShop(caller, operator, 'Discs')
  late = await openShopper(caller, 'Late', { givenName: 'Score850' })
  const paymentMethodId = await addCard(caller, late.token, 'bad', BAD_CARD)
  late = { ...late, paymentMethodId }
}, 120_000)

afterAll(async () => {
  await platform?.close()
  removeDirectories()
}, 60_000)

/** A captured plan of 100.00, due in 30 days, with a card that will not pay it. */
async function buy(): Promise<string> {
  const key = nextKey()
  const { purchaseId, status } = await confirm(caller, late, await offer(caller, shop, key, 10_000), key)
  expect(status).toBe('AUTHORISED')
  await capture(caller, shop, purchaseId, 10_000)
  return (await caller.get<{ planId: string }>(`/v1/purchases/${purchaseId}`, late.token)).planId
}

const planOf = (planId: string) => caller.get<Plan>(`/v1/plans/${planId}`, operator)
const operate = <T>(planId: string, what: string, body?: object) =>
  caller.post<T>(`/v1/plans/${planId}/${what}`, {
    ...{ token: operator, key: nextKey() },
    ...(body === undefined ? {} : { body }),
  })
const creditOf = async () => (await caller.get<Credit>('/v1/consumers/me', late.token)).credit

async function pass(days: number): Promise<string> {
  return (await caller.post<Clock>('/v1/sandbox/clock', { token: operator, body: { days } })).date
}

async function payAll(amountMinor: number, paymentMethodId: string) {
  const body = { amountMinor, currency: 'USD', paymentMethodId }
  return caller.post<{ status: string }>('/v1/payments', { token: late.token, key: nextKey(), body })
}

test('hardship, charge-off, recovery, undoing and write-off leave every store in agreement', async () => {
  const [first, second] = [await buy(), await buy()]
  const date = await pass(40)
  await expectWell(platform)
  expect(await planOf(first)).toMatchObject({ outstandingMinor: 10_000, feesMinor: 1_700 })

  const [fee] = (await caller.get<{ items: { feeId: string }[] }>(`/v1/plans/${first}/fees`, late.token)).items
  await operate(first, `fees/${fee?.feeId}/waivers`, { amountMinor: 300 })
  await expectWell(platform)
  expect(await planOf(first)).toMatchObject({ feesMinor: 1_400 })

  const aged = await operate<{ hardshipId: string }>(first, 'hardships', { firstDue: addDays(date, 20), parts: 4 })
  const parts = (await planOf(first)).instalments.map(({ amountMinor }) => amountMinor)
  expect(parts).toEqual([0, 2_500, 2_500, 2_500, 2_500])
  await expectWell(platform)
  await operate(first, `hardships/${aged.hardshipId}/undo`)
  expect((await planOf(first)).instalments.map(({ amountMinor }) => amountMinor)).toEqual([10_000, 0, 0, 0, 0])
  await expectWell(platform)

  await pass(115)
  await expectWell(platform)
  expect(await planOf(first)).toMatchObject({ status: 'CHARGED_OFF', outstandingMinor: 0, feesMinor: 0 })
  expect(await creditOf()).toMatchObject({ outstandingMinor: 0, blocked: true })

  const good = await addCard(caller, late.token, 'good')
  expect(await payAll(2_000, good)).toMatchObject({ status: 'SUCCEEDED' })
  await expectWell(platform)
  await operate(first, 'charge-off/undo')
  await operate(second, 'write-off')
  await expectWell(platform)
  expect((await planOf(second)).status).toBe('WRITTEN_OFF')
  const answer = await caller.send('POST', `/v1/plans/${second}/charge-off/undo`, { token: operator, key: nextKey() })
  expect(answer).toMatchObject({ status: 422, body: { code: 'WRITE_OFF_IS_FINAL' } })

  const { outstandingMinor, feesMinor } = await planOf(first)
  expect(outstandingMinor + feesMinor).toBeGreaterThan(0)
  await payAll(outstandingMinor + feesMinor, good)
  await expectWell(platform)
  expect(await planOf(first)).toMatchObject({ status: 'COMPLETED', outstandingMinor: 0 })
}, 180_000)

test('a payment that the bank takes back opens a plan that was done', async () => {
  const person = await openShopper(caller, 'Back', { givenName: 'Score850' })
  const disputed = { ...person, paymentMethodId: await addCard(caller, person.token, 'back', CHARGED_BACK) }
  const key = nextKey()
  const { purchaseId, status } = await confirm(caller, disputed, await offer(caller, shop, key, 4_000), key)
  expect(status).toBe('AUTHORISED')
  await capture(caller, shop, purchaseId, 4_000)
  const { planId } = await caller.get<{ planId: string }>(`/v1/purchases/${purchaseId}`, person.token)
  await pass(31)
  // The bank tells of it when it likes: until then the books may be in the middle of it.
  await expect.poll(async () => (await planOf(planId)).status, { timeout: 20_000 }).toBe('ACTIVE')
  await expectWell(platform)
}, 120_000)

test('a payment that is undone is owed again, and the cash is not there', async () => {
  const person = await openShopper(caller, 'Undone', { givenName: 'Score850' })
  const key = nextKey()
  const checkoutId = await offer(caller, shop, key, 10_000)
  const { purchaseId } = await confirm(caller, person, checkoutId, key, 'PAY_IN_4')
  await capture(caller, shop, purchaseId, 10_000)
  const { planId } = await caller.get<{ planId: string }>(`/v1/purchases/${purchaseId}`, person.token)
  await pass(42)
  await expectWell(platform)
  expect((await planOf(planId)).status).toBe('COMPLETED')
  const { items } = await caller.get<{ items: { paymentId: string }[] }>(`/v1/plans/${planId}/payments`, operator)
  await operate(planId, `payments/${items[1]?.paymentId}/undo`, { reason: 'the bank corrected its file' })
  await expectWell(platform)
  expect(await planOf(planId)).toMatchObject({ status: 'ACTIVE', outstandingMinor: 2_500 })
}, 60_000)
