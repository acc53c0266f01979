/**
 * One checkout: a basket that a merchant offers, and the first consumer who takes it.
 *
 * Invariants: the terms are those of the moment it was created; at most one consumer has it; every command has exactly
 * one outcome event. What nobody has taken after 24 hours expires; what was taken cannot be taken again after that.
 */
import { formatMinor } from '#domain/money.ts'
import type { CheckoutState, ClaimCheckout, ClockTicked, CreateCheckout, MerchantState } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import { type CheckoutEvent, type CheckoutInput, refused, SOURCE } from './facts.ts'
import { tierTicketMaxMinor } from './risk-tiers.ts'
import { termsAt } from './terms.ts'

/** How long a checkout can be taken. */
const CHECKOUT_HOURS = 24

const HOUR_MS = 3_600_000

/** The rules of one checkout; the key is the checkout id. */
export const checkout: Decider<CheckoutState, CheckoutInput, CheckoutEvent> = {
  initial: (checkoutId) => ({ checkoutId, offer: null, status: 'OPEN', consumerId: null }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.command.checkoutId),
  decide: (state, input) => {
    if (input.type === 'ClockTicked') return expire(state, input)
    const { command, merchant } = input
    return command.type === 'CreateCheckout' ? create(state, command, merchant) : claim(state, command, merchant)
  },
  evolve,
  dueAt: (state) => (state.status === 'OPEN' && state.offer !== null ? state.offer.expiresAt : null),
}

function create(
  state: CheckoutState,
  command: CreateCheckout,
  merchant: MerchantState | null,
): readonly CheckoutEvent[] {
  const refusal = createRefusal(state, command, merchant)
  if (refusal !== null || !merchant?.account) return [refused(command, ...(refusal ?? MERCHANT_UNKNOWN))]
  const { type: _type, meta: _meta, ...basket } = command
  const { name, payoutAccount } = merchant.account
  const { terms } = termsAt(merchant.account, command.meta.occurredAt)
  return [
    {
      type: 'CheckoutCreated',
      meta: childMeta(SOURCE, command, 'CheckoutCreated'),
      ...basket,
      merchantName: name,
      terms,
      payoutAccount,
      expiresAt: command.meta.occurredAt + CHECKOUT_HOURS * HOUR_MS,
    },
  ]
}

type Refusal = readonly [code: string, detail: string]

const MERCHANT_UNKNOWN: Refusal = ['MERCHANT_UNKNOWN', 'There is no such merchant.']

function createRefusal(state: CheckoutState, command: CreateCheckout, merchant: MerchantState | null): Refusal | null {
  const problem = merchantRefusal(merchant)
  if (problem !== null || !merchant?.account) return problem
  if (state.offer !== null) return ['CHECKOUT_EXISTS', `The checkout ${command.checkoutId} was created before.`]
  const { currency, tier } = merchant.account
  const { ticketMinMinor, ticketMaxMinor } = termsAt(merchant.account, command.meta.occurredAt)
  if (command.currency !== currency) {
    return ['CURRENCY_MISMATCH', `The merchant sells in ${currency}, not in ${command.currency}.`]
  }
  if (command.amountMinor < ticketMinMinor) {
    return ['TICKET_TOO_SMALL', `The amount must be ${formatMinor(ticketMinMinor, currency)} ${currency} or more.`]
  }
  if (command.amountMinor > ticketMaxMinor) {
    return ['TICKET_TOO_LARGE', `The amount must be ${formatMinor(ticketMaxMinor, currency)} ${currency} or less.`]
  }
  const tierMaxMinor = tierTicketMaxMinor(tier, currency)
  if (command.amountMinor > tierMaxMinor) {
    const most = `${formatMinor(tierMaxMinor, currency)} ${currency}`
    return ['TICKET_OVER_TIER', `The amount must be ${most} or less, the most of a merchant in the tier ${tier}.`]
  }
  return null
}

function claim(state: CheckoutState, command: ClaimCheckout, merchant: MerchantState | null): readonly CheckoutEvent[] {
  const refusal = claimRefusal(state, command, merchant)
  if (refusal !== null) return [refused(command, ...refusal)]
  const { merchantId, checkoutId, consumerId } = command
  const meta = childMeta(SOURCE, command, 'CheckoutClaimed')
  return [{ type: 'CheckoutClaimed', meta, merchantId, checkoutId, consumerId }]
}

function claimRefusal(state: CheckoutState, command: ClaimCheckout, merchant: MerchantState | null): Refusal | null {
  const { offer } = state
  if (offer === null || offer.merchantId !== command.merchantId) {
    return ['CHECKOUT_UNKNOWN', 'There is no such checkout. Check the id.']
  }
  if (state.consumerId !== null && state.consumerId !== command.consumerId) {
    return ['CHECKOUT_CLAIMED_BY_ANOTHER', 'The checkout was taken by another consumer.']
  }
  // The tick that lets it expire may still be on its way.
  if (state.status === 'EXPIRED' || command.meta.occurredAt >= offer.expiresAt) {
    return ['CHECKOUT_EXPIRED', `A checkout can be taken for ${CHECKOUT_HOURS} hours. Check out anew.`]
  }
  return merchantRefusal(merchant)
}

function merchantRefusal(merchant: MerchantState | null): Refusal | null {
  if (!merchant?.account) return MERCHANT_UNKNOWN
  if (merchant.account.status === 'ACTIVE') return null
  return ['MERCHANT_NOT_ACTIVE', `The merchant is ${merchant.account.status} and cannot sell.`]
}

function expire(state: CheckoutState, tick: ClockTicked): readonly CheckoutEvent[] {
  const { offer, checkoutId } = state
  if (offer === null || state.status !== 'OPEN' || tick.time < offer.expiresAt) return []
  const meta = childMeta(SOURCE, tick, 'CheckoutExpired', checkoutId)
  return [{ type: 'CheckoutExpired', meta, merchantId: offer.merchantId, checkoutId }]
}

function evolve(state: CheckoutState, event: CheckoutEvent): CheckoutState {
  switch (event.type) {
    case 'CheckoutCreated': {
      const { type: _type, meta, checkoutId: _checkoutId, consumerId, ...offer } = event
      const status = consumerId === null ? 'OPEN' : 'CLAIMED'
      return { ...state, offer: { ...offer, createdAt: meta.occurredAt }, status, consumerId }
    }
    case 'CheckoutClaimed':
      return { ...state, status: 'CLAIMED', consumerId: event.consumerId }
    case 'CheckoutExpired':
      return { ...state, status: 'EXPIRED' }
    case 'MerchantCommandRefused':
      return state
  }
}
