import { addDays } from '#domain/calendar.ts'
import { monthlyOffers, productOf, REFUND_AFTER_DAYS, refundOf } from './cast.ts'
import type { DemoJournal } from './demo-journal.ts'
import type { Latencies } from './latencies.ts'
import { type PlatformClient, RefusedRequest } from './platform-client.ts'
import type { DemoPurchase } from './purchases-file.ts'
import type { Shoppers } from './shoppers.ts'
import { firstCaptureOf, haveTroubles, troublesByDay } from './troubles.ts'

/** What the driver works with. */
export type DriveParts = {
  readonly client: PlatformClient
  readonly shoppers: Shoppers
  readonly journal: DemoJournal
  readonly latencies: Latencies
  readonly operatorToken: string
  readonly onProgress: (date: string, done: number, total: number) => void
}

type Checkout = { readonly checkoutId: string }
type Confirmation = { readonly purchaseId: string; readonly status: string }
type Clock = { readonly date: string }
type Totals = { readonly openPlans: number }

const CURRENCY = 'USD'
/** How many customers shop at the same time. */
const SHOPPERS_AT_ONCE = 96
/** After the last purchase: its six months, and what never is paid until it is charged off. */
const DAYS_AFTER_LAST = 240
/** By which the API refuses the amount of a checkout. */
const REFUSED_AMOUNT_CODES: readonly string[] = ['VALIDATION_FAILED', 'TICKET_TOO_LARGE']

/**
 * Lives through the file day by day. The clock is the driver's memory of where it is: a day is over when the clock
 * has moved on, so after a crash the day it fell in is done again, with the same Idempotency-Keys.
 */
export async function drive(purchases: readonly DemoPurchase[], parts: DriveParts): Promise<void> {
  const byDay = Map.groupBy(purchases, (purchase) => purchase.date)
  const refundsByDay = Map.groupBy(
    purchases.filter((purchase) => refundOf(purchase) > 0),
    (purchase) => addDays(purchase.date, REFUND_AFTER_DAYS),
  )
  const troubles = troublesByDay(purchases)
  const last = purchases.at(-1)?.date ?? ''
  const end = addDays(last, DAYS_AFTER_LAST)
  const merchant = await openShop(parts)
  let { date } = await parts.client.get<Clock>('/v1/sandbox/clock', { token: parts.operatorToken })
  const first = purchases[0]?.date ?? ''
  if (date > first && !parts.journal.hasDays()) {
    throw new Error(
      `Business time is at ${date} already, after the first purchase (${first}). Take an empty --data-dir.`,
    )
  }
  let done = purchases.filter((purchase) => purchase.date < date).length
  while (date < end) {
    const today = byDay.get(date) ?? []
    const refused = await shopToday(today, merchant, parts)
    await refundToday(refundsByDay.get(date) ?? [], merchant, parts)
    await haveTroubles(troubles.get(date) ?? [], merchant, parts)
    parts.journal.rememberDay({ day: date, refused })
    done += today.length
    parts.onProgress(date, done, purchases.length)
    if (date > last && (await openPlans(parts)) === 0) return
    date = await nextDay(parts)
  }
}

/** The one shop of the sample, with its API key. A repeat of the request answers with the same key. */
async function openShop({ client, operatorToken, journal }: DriveParts): Promise<string> {
  const known = journal.customers.get('merchant')
  if (known !== undefined) return known.token
  const { body } = await client.post<{ apiKey: string }>('/v1/merchants', {
    token: operatorToken,
    key: 'demo-merchant',
    body: {
      name: 'Compact Disc Shop',
      legalName: 'Compact Disc Shop, Inc.',
      country: 'US',
      currency: CURRENCY,
      timeZone: 'America/New_York',
      categoryCode: '5735',
      ticketMaxMinor: 200_000,
      monthly: monthlyOffers,
      payoutAccount: 'acct_compact_disc_shop',
    },
  })
  journal.rememberCustomer({ customer: 'merchant', token: body.apiKey, paymentMethodId: '' })
  return body.apiKey
}

/** Customers shop side by side; what one customer buys in a day is bought in the order of the file. */
async function shopToday(today: readonly DemoPurchase[], merchant: string, parts: DriveParts): Promise<number> {
  const baskets = [...Map.groupBy(today, (purchase) => purchase.customer).values()]
  let refused = 0
  const shop = async () => {
    for (let basket = baskets.shift(); basket !== undefined; basket = baskets.shift()) {
      for (const purchase of basket) {
        const isTaken = await buy(purchase, merchant, parts)
        if (!isTaken) refused += 1
      }
    }
  }
  await Promise.all(Array.from({ length: SHOPPERS_AT_ONCE }, shop))
  return refused
}

/** False where the API takes no such purchase: a value of 0.00, or one above what the shop may sell. */
async function buy(purchase: DemoPurchase, merchant: string, parts: DriveParts): Promise<boolean> {
  const { client, shoppers, latencies } = parts
  const shopper = await shoppers.of(purchase.customer)
  try {
    const checkout = await client.post<Checkout>('/v1/checkouts', {
      token: merchant,
      key: `demo-checkout-${purchase.line}`,
      body: {
        amountMinor: purchase.amountMinor,
        currency: CURRENCY,
        items: [],
        merchantReference: `line-${purchase.line}`,
      },
    })
    const confirmed = await client.post<Confirmation>(`/v1/checkouts/${checkout.body.checkoutId}/confirm`, {
      token: shopper.token,
      key: `demo-confirm-${purchase.line}`,
      body: { ...productOf(purchase), paymentMethodId: shopper.paymentMethodId },
    })
    const decisionMs = /decision;dur=([\d.]+)/.exec(confirmed.headers.get('server-timing') ?? '')?.[1]
    if (decisionMs !== undefined && confirmed.headers.get('idempotent-replayed') === null)
      latencies.add(Number(decisionMs))
    if (confirmed.body.status !== 'AUTHORISED') return true
    await client.post(`/v1/purchases/${confirmed.body.purchaseId}/captures`, {
      token: merchant,
      key: `demo-capture-${purchase.line}`,
      body: { amountMinor: firstCaptureOf(purchase), currency: CURRENCY },
    })
    return true
  } catch (error) {
    if (error instanceof RefusedRequest && REFUSED_AMOUNT_CODES.includes(error.code)) return false
    throw error
  }
}

/** Gives back what is returned today; a purchase that was declined has nothing to give back. */
async function refundToday(refunds: readonly DemoPurchase[], merchant: string, { client }: DriveParts): Promise<void> {
  await Promise.all(
    refunds.map(async (purchase) => {
      const { items } = await client.get<{ items: { purchaseId: string; capturedMinor: number }[] }>(
        `/v1/purchases?merchantReference=line-${purchase.line}`,
        { token: merchant },
      )
      const bought = items.find((item) => item.capturedMinor > 0)
      if (bought === undefined) return
      await client.post(`/v1/purchases/${bought.purchaseId}/refunds`, {
        token: merchant,
        key: `demo-refund-${purchase.line}`,
        body: { amountMinor: refundOf(purchase), currency: CURRENCY, reason: 'returned' },
      })
    }),
  )
}

async function openPlans({ client, operatorToken }: DriveParts): Promise<number> {
  return (await client.get<Totals>('/v1/operations/totals', { token: operatorToken })).openPlans
}

async function nextDay({ client, operatorToken }: DriveParts): Promise<string> {
  const { body } = await client.post<Clock & { settled: boolean }>('/v1/sandbox/clock', {
    token: operatorToken,
    body: { days: 1 },
  })
  if (!body.settled) throw new Error(`The platform had not come to rest on ${body.date}; its operations page says why.`)
  return body.date
}
