/** What goes wrong in the demo, in shares that depend on the line of a purchase only: the same ones in every run. */
import { addDays } from '#domain/calendar.ts'
import { isFailing, productOf } from './cast.ts'
import type { DriveParts } from './drive.ts'
import { RefusedRequest } from './platform-client.ts'
import type { DemoPurchase } from './purchases-file.ts'

/** A purchase that was captured, and what its driver speaks with. */
type Scene = DriveParts & { readonly bought: Bought; readonly merchant: string }
type Bought = { readonly purchaseId: string; readonly planId: string; readonly capturedMinor: number }
type Dispute = {
  readonly disputeId: string
  readonly origin: string
  readonly status: string
  readonly chargeBackId: string | null
}
/** Something that happens so many days after a purchase. */
type Trouble = {
  readonly after: number
  readonly isIn: (purchase: DemoPurchase) => boolean
  readonly happens: (purchase: DemoPurchase, scene: Scene) => Promise<unknown>
}
/** A trouble and whose it is. */
export type TroubleToday = { readonly purchase: DemoPurchase; readonly trouble: Trouble }

const CURRENCY = 'USD'
const LOOK_MS = 50
const LOOKS_MAX = 1_200

/**
 * 3 of 100 purchases leave in two parcels, the second after five days, or it is called off. 1 of 100 is disputed: a
 * third of these is not answered, one accepted, one decided. Of 1 in 200 the bank takes the first payment back, where
 * there is one, and the network decides, for the merchant every other time. Of every fifth monthly purchase a third is
 * paid ahead. Every other purchase of those whose card fails for good is re-aged, where something is past due by then;
 * what is never paid is charged off.
 */
const TROUBLES: readonly Trouble[] = [
  { after: 5, isIn: isSplit, happens: endCapture },
  { after: 6, isIn: ({ line }) => line % 100 === 33, happens: openDispute },
  { after: 12, isIn: ({ line }) => line % 300 === 133 || line % 300 === 233, happens: answerDispute },
  { after: 18, isIn: ({ line }) => line % 300 === 233, happens: decideDispute },
  { after: 7, isIn: isChargedBack, happens: chargeBack },
  { after: 18, isIn: isChargedBack, happens: decideChargeBack },
  { after: 20, isIn: paysAhead, happens: payAhead },
  { after: 75, isIn: ({ line, customer }) => isFailing(customer) && line % 2 === 0, happens: reAge },
]

/** What of a purchase is captured at once: 60 % of those that leave in two parcels. */
export function firstCaptureOf(purchase: DemoPurchase): number {
  return isSplit(purchase) ? Math.ceil(purchase.amountMinor * 0.6) : purchase.amountMinor
}

/** What is due on each day, in the order of the troubles and of the file. */
export function troublesByDay(purchases: readonly DemoPurchase[]): ReadonlyMap<string, readonly TroubleToday[]> {
  const all = TROUBLES.flatMap((trouble) =>
    purchases.filter(trouble.isIn).map((purchase): TroubleToday => ({ purchase, trouble })),
  )
  return Map.groupBy(all, ({ purchase, trouble }) => addDays(purchase.date, trouble.after))
}

/** Lives through the troubles of a day, one after the other; a purchase that was declined has none. */
export async function haveTroubles(today: readonly TroubleToday[], merchant: string, parts: DriveParts): Promise<void> {
  for (const { purchase, trouble } of today) {
    const path = `/v1/purchases?merchantReference=line-${purchase.line}`
    const { items } = await parts.client.get<{ items: Bought[] }>(path, { token: merchant })
    const bought = items.find((item) => item.capturedMinor > 0)
    if (bought !== undefined) await trouble.happens(purchase, { ...parts, bought, merchant })
  }
}

function isSplit({ line }: DemoPurchase): boolean {
  return line % 100 === 17 || line % 100 === 57 || line % 100 === 97
}

function isChargedBack(purchase: DemoPurchase): boolean {
  return purchase.line % 200 === 77 && productOf(purchase).product === 'PAY_IN_4'
}

function paysAhead(purchase: DemoPurchase): boolean {
  return purchase.line % 5 === 0 && productOf(purchase).product === 'PAY_MONTHLY'
}

/** A third of the purchase, before its first instalment is due; less may be owed where something went back. */
function payAhead(
  { line, customer, amountMinor }: DemoPurchase,
  { client, shoppers, bought }: Scene,
): Promise<unknown> {
  return unless(['AMOUNT_TOO_LARGE', 'NOTHING_OWED'], async () => {
    const { token, paymentMethodId } = await shoppers.of(customer)
    const amount = { amountMinor: Math.floor(amountMinor / 3), currency: CURRENCY }
    const body = { ...amount, paymentMethodId, planIds: [bought.planId] }
    await client.post('/v1/payments', { token, key: `demo-ahead-${line}`, body })
  })
}

/** What is past due is to be paid in three parts, from a month later on. */
function reAge({ line, date }: DemoPurchase, { client, bought, operatorToken: token }: Scene): Promise<unknown> {
  return unless(['NOTHING_PAST_DUE', 'PLAN_NOT_RUNNING'], async () => {
    const body = { firstDue: addDays(date, 105), parts: 3 }
    await client.post(`/v1/plans/${bought.planId}/hardships`, { token, key: `demo-hardship-${line}`, body })
  })
}

/** Does what the platform may refuse for one of these reasons. */
async function unless(codes: readonly string[], act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof RefusedRequest && codes.includes(error.code))) throw error
  }
}

async function endCapture(purchase: DemoPurchase, { client, bought, merchant }: Scene): Promise<void> {
  const { line, amountMinor } = purchase
  const restMinor = amountMinor - firstCaptureOf(purchase)
  if (restMinor === 0) return
  const [path, sent] = [`/v1/purchases/${bought.purchaseId}`, { token: merchant, key: `demo-rest-${line}` }]
  if (line % 200 < 100) await client.post(`${path}/releases`, { ...sent, body: {} })
  else await client.post(`${path}/captures`, { ...sent, body: { amountMinor: restMinor, currency: CURRENCY } })
}

async function openDispute({ line, customer }: DemoPurchase, { client, shoppers, bought }: Scene): Promise<void> {
  const { token } = await shoppers.of(customer)
  const body = { reason: line % 200 === 33 ? 'NOT_RECEIVED' : 'NOT_AS_DESCRIBED' }
  await client.post(`/v1/purchases/${bought.purchaseId}/disputes`, { token, key: `demo-dispute-${line}`, body })
}

async function answerDispute({ line }: DemoPurchase, scene: Scene): Promise<void> {
  const { client, bought, merchant } = scene
  const { disputeId } = await untilDispute(scene, ({ origin }) => origin === 'CONSUMER')
  const path = `/v1/purchases/${bought.purchaseId}/disputes/${disputeId}`
  const sent = { token: merchant, key: `demo-answer-${line}` }
  if (line % 300 === 133) await client.post(`${path}/acceptance`, sent)
  else await client.post(`${path}/evidence`, { ...sent, body: { evidence: 'It was delivered.' } })
}

async function decideDispute({ line }: DemoPurchase, scene: Scene): Promise<void> {
  const { client, bought, operatorToken } = scene
  const { disputeId } = await untilDispute(scene, ({ origin }) => origin === 'CONSUMER')
  const path = `/v1/purchases/${bought.purchaseId}/disputes/${disputeId}/decision`
  const body = { merchantWins: line % 600 === 233 }
  await client.post(path, { token: operatorToken, key: `demo-decide-${line}`, body })
}

/** The bank takes the first payment back; the day goes on when the platform has heard of it. */
async function chargeBack({ line }: DemoPurchase, scene: Scene): Promise<void> {
  const { client, bought, operatorToken: token } = scene
  const charge = await until(async () => {
    const path = `/v1/plans/${bought.planId}/payments`
    const { items } = await client.get<{ items: { gatewayRef: string | null }[] }>(path, { token })
    return items[0]?.gatewayRef ?? undefined
  })
  const body = { charge, reason: 'fraudulent' }
  await client.post('/sandbox/gateway/v1/charge-backs', { token, key: `demo-back-${line}`, body })
  await untilDispute(scene, ({ origin }) => origin === 'NETWORK')
}

async function decideChargeBack({ line }: DemoPurchase, scene: Scene): Promise<void> {
  const { client, operatorToken: token } = scene
  const { chargeBackId } = await untilDispute(scene, ({ origin }) => origin === 'NETWORK')
  const body = { chargeBack: chargeBackId, won: line % 400 === 77 }
  await client.post('/sandbox/gateway/v1/charge-back-decisions', { token, key: `demo-back-decided-${line}`, body })
  await untilDispute(scene, ({ origin, status }) => origin === 'NETWORK' && (status === 'WON' || status === 'LOST'))
}

function untilDispute({ client, bought, merchant }: Scene, isIt: (dispute: Dispute) => boolean): Promise<Dispute> {
  return until(async () => {
    const path = `/v1/disputes?purchaseId=${bought.purchaseId}`
    const { items } = await client.get<{ items: Dispute[] }>(path, { token: merchant })
    return items.find(isIt)
  })
}

/** Looks until there is something: the read model is a moment behind, and a webhook takes its time. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const seen = await look()
    if (seen !== undefined) return seen
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error(`Nothing was seen in ${(LOOKS_MAX * LOOK_MS) / 1_000} seconds; the operations page says why.`)
}
