import { parentPort, workerData } from 'node:worker_threads'
import { oneTimeCode } from '#domain/one-time-code.ts'
import { Latencies } from '#main/demo/latencies.ts'
import { PlatformClient } from '#main/demo/platform-client.ts'

/** What the load is made of. */
export type LoadPlan = {
  readonly baseUrl: string
  readonly gatewayUrl: string
  readonly operatorToken: string
  /** Codes are made with it. */
  readonly codeSecret: string
  readonly consumers: number
  /** Steady rates, one after the other, and how many purchases at each. */
  readonly rates: readonly { readonly perSecond: number; readonly purchases: number }[]
  readonly burstPurchases: number
}

type Quantiles = { readonly p50: number; readonly p99: number }

/** What a rate has come to: `decisionMs` as the API tells it in Server-Timing, `requestMs` from outside. */
export type PacedReport = {
  readonly perSecond: number
  readonly decisionMs: Quantiles
  readonly requestMs: Quantiles
}

/** What the load has measured at each rate, and at most. */
export type LoadReport = { readonly paced: readonly PacedReport[]; readonly decisionsPerSecond: number }

type Shopper = { readonly token: string; readonly paymentMethodId: string }

const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2099, cvc: '123' }
const AMOUNT_MINOR = 100
const AT_ONCE = 32

const plan = workerData as LoadPlan
const client = new PlatformClient(plan.baseUrl)

/** Runs the tasks with so many at a time. */
async function sideBySide<T>(count: number, task: (index: number) => Promise<T>): Promise<T[]> {
  const done: T[] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < count; index = next++) done[index] = await task(index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return done
}

async function arrive(index: number): Promise<Shopper> {
  const email = `bench-${index}@example.com`
  const asked = await client.post<{ registrationId: string }>('/v1/consumers', {
    key: `consumer-${index}`,
    body: {
      email,
      givenName: 'Score800',
      familyName: `Bench ${index}`,
      dateOfBirth: '1980-01-01',
      country: 'US',
    },
  })
  const { registrationId } = asked.body
  const { body } = await client.post<{ token: string }>(`/v1/registrations/${registrationId}/confirm`, {
    key: `account-${index}`,
    body: { email, code: oneTimeCode(plan.codeSecret, registrationId) },
  })
  const { token } = body
  await client.post('/v1/consumers/me/identity-checks', { token, key: `identity-${index}`, body: {} })
  const response = await fetch(`${plan.gatewayUrl}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(CARD),
  })
  const card = (await response.json()) as { token: string; brand: string; last4: string }
  const method = await client.post<{ paymentMethodId: string }>('/v1/consumers/me/payment-methods', {
    token,
    key: `card-${index}`,
    body: { token: card.token, brand: card.brand, last4: card.last4, expiryMonth: 12, expiryYear: 2099 },
  })
  for (;;) {
    const me = await client.get<{ credit: unknown }>('/v1/consumers/me', { token })
    if (me.credit !== null) return { token, paymentMethodId: method.body.paymentMethodId }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function offer(merchant: string, index: number): Promise<string> {
  const { body } = await client.post<{ checkoutId: string }>('/v1/checkouts', {
    token: merchant,
    key: `checkout-${index}`,
    body: { amountMinor: AMOUNT_MINOR, currency: 'USD' },
  })
  return body.checkoutId
}

async function confirm(shopper: Shopper, checkoutId: string): Promise<number> {
  const { headers } = await client.post(`/v1/checkouts/${checkoutId}/confirm`, {
    token: shopper.token,
    key: `confirm-${checkoutId}`,
    body: { product: 'PAY_IN_30', paymentMethodId: shopper.paymentMethodId },
  })
  return Number(/decision;dur=([\d.]+)/.exec(headers.get('server-timing') ?? '')?.[1])
}

async function main(): Promise<LoadReport> {
  const { body } = await client.post<{ apiKey: string }>('/v1/merchants', {
    token: plan.operatorToken,
    key: 'merchant',
    body: {
      ...{ name: 'Bench', legalName: 'Bench', country: 'US', currency: 'USD', categoryCode: '5735' },
      payoutAccount: 'acct_bench',
    },
  })
  const shoppers = await sideBySide(plan.consumers, arrive)
  const pacedPurchases = plan.rates.reduce((sum, { purchases }) => sum + purchases, 0)
  const total = pacedPurchases + plan.burstPurchases
  const offers = await sideBySide(total, (index) => offer(body.apiKey, index))
  const buy = (index: number) => {
    const shopper = shoppers[index % shoppers.length]
    const checkout = offers[index]
    if (shopper === undefined || checkout === undefined) throw new Error('There is a shopper and an offer for each.')
    return confirm(shopper, checkout)
  }
  parentPort?.postMessage('ready')
  const reports: PacedReport[] = []
  let first = 0
  for (const { perSecond, purchases } of plan.rates) {
    reports.push(await paced(buy, { perSecond, purchases, first }))
    first += purchases
  }
  const startedMs = performance.now()
  await sideBySide(plan.burstPurchases, (index) => buy(pacedPurchases + index))
  const decisionsPerSecond = (plan.burstPurchases * 1_000) / (performance.now() - startedMs)
  return { paced: reports, decisionsPerSecond }
}

/** Requests start when their time has come, whether or not earlier ones are answered: a slow answer hides nothing. */
async function paced(
  buy: (index: number) => Promise<number>,
  { perSecond, purchases, first }: { perSecond: number; purchases: number; first: number },
): Promise<PacedReport> {
  const decisions = new Latencies()
  const requests = new Latencies()
  const startMs = performance.now()
  const all: Promise<void>[] = []
  for (let index = 0; index < purchases; index += 1) {
    const dueMs = startMs + (index * 1_000) / perSecond
    while (performance.now() < dueMs) await new Promise((resolve) => setTimeout(resolve, 1))
    all.push(
      buy(first + index).then((decisionMs) => {
        decisions.add(decisionMs)
        requests.add(performance.now() - dueMs)
      }),
    )
  }
  await Promise.all(all)
  return { perSecond, decisionMs: quantiles(decisions), requestMs: quantiles(requests) }
}

function quantiles(latencies: Latencies): Quantiles {
  return { p50: latencies.quantile(0.5) ?? 0, p99: latencies.quantile(0.99) ?? 0 }
}

parentPort?.postMessage(await main())
