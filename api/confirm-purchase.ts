import type { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type {
  MerchantAccount,
  MerchantState,
  PlanAuthorised,
  PlanCancelled,
  Product,
  PurchaseApproved,
  PurchaseAuthorised,
  PurchaseDeclined,
  PurchaseRejected,
  PurchaseState,
  WalletState,
} from '#schemas'
import { type Checkout, hasExpired } from './checkout-state.ts'
import { type CommandResult, commandIdOf, type RequestIdentity } from './command-gateway.ts'
import { chosenTerms, productProblem } from './monthly-offers.ts'
import type { Waiting } from './outcome-tail.ts'
import type { ApiParts } from './parts.ts'
import { expectOutcome, Problem, REPLAY_HEADERS } from './problems.ts'
import type { ConfirmationView } from './views.ts'

/** What a consumer confirms. */
export type PurchaseConfirmation = {
  readonly checkout: Checkout
  readonly request: RequestIdentity
  readonly product: Product
  /** With PAY_MONTHLY: how many. */
  readonly instalments?: number | undefined
  readonly paymentMethodId: string
  /** As the shop or app names the device; it helps to tell fraud. */
  readonly deviceId?: string | undefined
  /** What is paid at once, where that is more than a quarter. Minor units. */
  readonly firstPaymentMinor?: number | undefined
  /** The refusal whose counter-offer is accepted: a purchase of its own, since the refused one is over. */
  readonly acceptsDecisionId?: string | undefined
}

/** How a confirmation ended. `decisionMs` is null where an earlier answer is given again. */
export type ConfirmedPurchase = {
  readonly view: z.infer<typeof ConfirmationView>
  readonly replayed: boolean
  readonly decisionMs: number | null
}

type Decided = PurchaseApproved | PurchaseDeclined
type Settled = PurchaseAuthorised | PurchaseRejected
type Reason = PurchaseDeclined['reasons'][number]
type End = { readonly status: 'AUTHORISED' | 'PAYMENT_FAILED' | 'PENDING'; readonly reasons: readonly Reason[] }

/** How often a replay looks at a purchase that is not settled yet. */
const LOOK_AGAIN_MS = 100
const LOOKS_MAX = 90

/**
 * The hot path: one command, decided one hop from here by the credit topology. With an approval it goes on to wait
 * for what the shop waits for: the authorisation, or the failure of the first payment. A request that was answered
 * before gets that answer, whatever has become of the checkout, the merchant or the card since.
 * @throws Problem MERCHANT_NOT_ACTIVE, PRODUCT_NOT_OFFERED, CHECKOUT_EXPIRED, PAYMENT_METHOD_UNKNOWN, PURCHASE_EXISTS,
 * and those of commands
 */
export async function confirmPurchase(parts: ApiParts, confirmation: PurchaseConfirmation): Promise<ConfirmedPurchase> {
  const { checkout, request } = confirmation
  const [answered, decided, merchant] = await Promise.all([
    answerAgain(parts, confirmation),
    isDecided(parts, confirmation),
    merchantAsked(parts, confirmation),
  ])
  if (answered !== null) return answered
  if (decided) {
    // By another request; or by this one, if its answer came between the two looks.
    const late = await answerAgain(parts, confirmation)
    if (late !== null) return late
    throw purchaseExists(purchaseIdOf(confirmation))
  }
  if (merchant instanceof Problem) throw merchant
  if (checkout.consumerId !== request.caller) await claim(parts, confirmation)
  return decide(parts, confirmation, merchant)
}

/** One purchase a checkout, and one more for each offer that is accepted. */
function purchaseIdOf({ checkout, acceptsDecisionId }: PurchaseConfirmation): string {
  const { checkoutId } = checkout
  return acceptsDecisionId === undefined ? deriveId('pur', checkoutId) : deriveId('pur', checkoutId, acceptsDecisionId)
}

async function answerAgain(parts: ApiParts, confirmation: PurchaseConfirmation): Promise<ConfirmedPurchase | null> {
  const answered = await parts.commands.replay(decisionOf(parts, confirmation.request))
  if (answered === null) return null
  const decided = decisionIn(answered, confirmation)
  const end = decided.type === 'PurchaseDeclined' ? null : await lookForEnd(parts, decided)
  return { view: viewOf(decided, end), replayed: true, decisionMs: null }
}

/** True where the consumer's purchase of this checkout has its decision. One that is pending may wait for ours. */
async function isDecided(parts: ApiParts, confirmation: PurchaseConfirmation): Promise<boolean> {
  const { request } = confirmation
  const purchaseId = purchaseIdOf(confirmation)
  const purchase = await parts.queries.get<PurchaseState>('purchases', 'purchases', purchaseId, {
    partitionKey: request.caller,
  })
  return purchase?.order?.consumerId === request.caller && purchase.status !== 'NEW' && purchase.status !== 'PENDING'
}

async function decide(
  parts: ApiParts,
  confirmation: PurchaseConfirmation,
  merchant: MerchantAccount,
): Promise<ConfirmedPurchase> {
  const { checkout, request } = confirmation
  const callers = [request.caller, checkout.offer.merchantId]
  const commandId = commandIdOf(request)
  const settled = parts.commands.waitFor<Settled>(commandId, ['PurchaseAuthorised', 'PurchaseRejected'])
  const planned = parts.commands.waitFor<PlanAuthorised | PlanCancelled>(commandId, ['PlanAuthorised', 'PlanCancelled'])
  try {
    const startedMs = performance.now()
    const result = await requestPurchase(parts, confirmation, merchant)
    const decisionMs = performance.now() - startedMs
    const decided = decisionIn(result, confirmation)
    parts.directory.remember(decided.purchaseId, request.caller)
    // Whoever reads the purchase or its plan next finds it as it is answered here.
    parts.recent.remember(callers, result.position)
    parts.recent.expect(callers, settled.outcome)
    if (decided.type === 'PurchaseDeclined') {
      planned.cancel()
      return { view: viewOf(decided, null), replayed: result.replayed, decisionMs }
    }
    parts.recent.expect(callers, planned.outcome)
    const end = result.replayed ? await lookForEnd(parts, decided) : await endOf(settled)
    return { view: viewOf(decided, end), replayed: result.replayed, decisionMs }
  } catch (error) {
    settled.cancel()
    planned.cancel()
    throw error
  }
}

/** The merchant, or what makes the purchase impossible before anybody decides on it. */
async function merchantAsked(parts: ApiParts, confirmation: PurchaseConfirmation): Promise<MerchantAccount | Problem> {
  const { checkout, request, paymentMethodId } = confirmation
  const { merchantId } = checkout.offer
  const consumerId = request.caller
  const [merchant, wallet] = await Promise.all([
    parts.queries.get<MerchantState>('merchants', 'merchants', merchantId, { partitionKey: merchantId }),
    parts.queries.get<WalletState>('payments', 'wallets', consumerId, { partitionKey: consumerId }),
  ])
  if (hasExpired(checkout, parts.time.now().timeMs)) {
    return new Problem(422, 'CHECKOUT_EXPIRED', 'The checkout has expired. Ask the shop for a new one.')
  }
  const notOffered = productProblem(checkout, confirmation)
  if (notOffered !== null) return notOffered
  if (merchant?.account?.status !== 'ACTIVE') {
    return new Problem(422, 'MERCHANT_NOT_ACTIVE', 'The merchant does not sell at the moment. Nothing was charged.')
  }
  if (!wallet?.methods.some((method) => method.paymentMethodId === paymentMethodId)) {
    return new Problem(422, 'PAYMENT_METHOD_UNKNOWN', 'This payment method is not in your wallet. Add it first.')
  }
  return merchant.account
}

/** A checkout opened without a consumer is taken by the first who confirms it. */
async function claim(parts: ApiParts, { checkout, request }: PurchaseConfirmation): Promise<void> {
  const { topics } = parts.schemas
  const { merchantId } = checkout.offer
  const result = await parts.commands.run({
    request: { ...request, path: `${request.path}/claim` },
    topic: topics.merchantCommands,
    answeredBy: { app: 'merchants', topic: topics.merchantEvents },
    partitionKey: merchantId,
    outcomes: ['CheckoutClaimed', 'MerchantCommandRefused'],
    build: (meta) => ({
      type: 'ClaimCheckout' as const,
      meta,
      merchantId,
      checkoutId: checkout.checkoutId,
      consumerId: request.caller,
    }),
  })
  expectOutcome(result, 'CheckoutClaimed')
}

function decisionOf(parts: ApiParts, request: RequestIdentity) {
  const answeredBy = { app: 'credit', topic: parts.schemas.topics.creditEvents }
  return { request, answeredBy, partitionKey: request.caller }
}

async function requestPurchase(
  parts: ApiParts,
  confirmation: PurchaseConfirmation,
  { ticketMinMinor }: MerchantAccount,
) {
  const { checkout, request, product, paymentMethodId, deviceId = null } = confirmation
  const { firstPaymentMinor = null, acceptsDecisionId = null } = confirmation
  const monthly = chosenTerms(checkout, confirmation)
  const { returnUrl: _url, createdAt: _at, expiresAt: _expiry, ...offer } = checkout.offer
  return parts.commands.run({
    ...decisionOf(parts, request),
    topic: parts.schemas.topics.purchaseCommands,
    alsoReadBy: ['purchases'],
    outcomes: ['PurchaseApproved', 'PurchaseDeclined'],
    build: (meta) => ({
      type: 'RequestPurchase' as const,
      meta,
      consumerId: request.caller,
      purchaseId: purchaseIdOf(confirmation),
      checkoutId: checkout.checkoutId,
      product,
      paymentMethodId,
      deviceId,
      firstPaymentMinor,
      acceptsDecisionId,
      monthly,
      ticketMinMinor,
      ...offer,
    }),
  })
}

/** @throws Problem PURCHASE_EXISTS where another request has confirmed the checkout: that one has the decision. */
function decisionIn(
  { event, replayed }: CommandResult<{ readonly type: string }>,
  confirmation: PurchaseConfirmation,
): Decided {
  const decided = event as Decided
  const isSecond =
    decided.type === 'PurchaseDeclined' && decided.reasons.some((reason) => reason.code === 'PURCHASE_EXISTS')
  if (isSecond) throw purchaseExists(purchaseIdOf(confirmation), replayed)
  return decided
}

function purchaseExists(purchaseId: string, replayed = false): Problem {
  return new Problem(
    409,
    'PURCHASE_EXISTS',
    `This checkout was confirmed before. GET /v1/purchases/${purchaseId} tells how it ended.`,
    { headers: replayed ? REPLAY_HEADERS : {} },
  )
}

async function endOf({ outcome }: Waiting<Settled>): Promise<End> {
  try {
    const { event } = await outcome
    if (event.type === 'PurchaseAuthorised') return { status: 'AUTHORISED', reasons: [] }
    return { status: 'PAYMENT_FAILED', reasons: event.reasons }
  } catch {
    return { status: 'PENDING', reasons: [] }
  }
}

/** The end of a purchase that was decided before: read from its state, since its events are told once. */
async function lookForEnd(parts: ApiParts, { consumerId, purchaseId }: PurchaseApproved): Promise<End> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (looks > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    const state = await parts.queries.get<PurchaseState>('purchases', 'purchases', purchaseId, {
      partitionKey: consumerId,
    })
    if (state === undefined || state.status === 'NEW' || state.status === 'PENDING') continue
    if (state.status === 'REJECTED') return { status: 'PAYMENT_FAILED', reasons: state.reasons }
    return { status: 'AUTHORISED', reasons: [] }
  }
  return { status: 'PENDING', reasons: [] }
}

function viewOf(decided: Decided, end: End | null): z.infer<typeof ConfirmationView> {
  const approved = decided.type === 'PurchaseApproved'
  const decision = {
    decisionId: decided.decisionId,
    approved,
    limitMinor: decided.limitMinor,
    availableMinor: approved ? Math.max(0, decided.limitMinor - decided.exposureAfterMinor) : decided.availableMinor,
    reasons: approved ? [] : [...decided.reasons],
    counterOfferMinor: approved ? null : decided.counterOfferMinor,
    counterFirstPaymentMinor: approved ? null : decided.counterFirstPaymentMinor,
    policyVersion: decided.policyVersion,
    modelVersion: decided.modelVersion,
  }
  return {
    purchaseId: decided.purchaseId,
    checkoutId: decided.checkoutId,
    status: end?.status ?? 'DECLINED',
    amountMinor: decided.amountMinor,
    currency: decided.currency,
    decision,
    reasons: [...(end === null ? decision.reasons : end.reasons)],
  }
}
