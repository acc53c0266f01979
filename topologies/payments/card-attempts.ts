/**
 * The charges of each card of a consumer, over all plans: what card networks count. An attempt counts from its request,
 * so that two plans that charge on one day see each other's; one that went on to another gateway is the same attempt.
 */
import { budgetFreeMs, networkOf, nextAttempt, type RetryVerdict } from '#domain/network-retries.ts'
import type { CardAttempt, CardAttempts, PaymentState } from '#schemas'
import type { TracedFailure } from './look-up.ts'
import type { PaymentFact } from './payments-state.ts'

/** The longest window of a card network, in ms. */
const KEPT_MS = 30 * 86_400_000

/** A consumer whose cards were never charged. */
export function noAttempts(consumerId: string): CardAttempts {
  return { consumerId, attempts: [], cards: [] }
}

/** The attempts after a fact. */
export function attemptsAfter(before: CardAttempts, fact: PaymentFact): CardAttempts {
  switch (fact.type) {
    case 'ChargeRequested': {
      const { paymentId, attempt, token, amountMinor, meta } = fact
      const since = meta.occurredAt - KEPT_MS
      const others = before.attempts.filter((one) => one.atMs > since && !isSame(one, fact))
      return { ...before, attempts: [...others, { paymentId, attempt, token, amountMinor, atMs: meta.occurredAt }] }
    }
    case 'PaymentAttemptFailed':
      return withNetwork(before, fact, fact.network, false)
    case 'PaymentFailed':
      return withNetwork(before, fact, fact.network, isForbidden(fact.network, fact.networkCode))
    case 'PaymentSucceeded': {
      const token = before.attempts.find((one) => isSame(one, fact))?.token
      const known = before.cards.find((card) => card.token === token)
      return known?.isClosed ? withNetwork(before, fact, known.network, false) : before
    }
    default:
      return before
  }
}

/** When a declined charge may be repeated by the rules of its network; null where the gateway names none we know. */
export function verdictOn(all: CardAttempts, payment: PaymentState, result: TracedFailure): RetryVerdict | null {
  const network = networkOf(result.network)
  if (network === null) return null
  const declinedAtMs = result.meta.occurredAt
  const counted = all.attempts.filter((one) => counts(one, payment, network)).map(({ atMs }) => atMs)
  return nextAttempt({ network, code: result.networkCode ?? '', declinedAtMs, attemptsMs: counted })
}

/** The moment (ms) from which the card of a payment may be charged; 0 where its network allows it already. */
export function freeFromMs(all: CardAttempts, payment: PaymentState): number {
  const network = networkOf(cardOf(all, payment)?.network ?? null)
  if (network === null || network === 'ACH') return 0
  return budgetFreeMs(
    network,
    all.attempts.filter((one) => counts(one, payment, network)).map(({ atMs }) => atMs),
  )
}

/** Whether the network said that this card must not be charged again. */
export function isClosed(all: CardAttempts, payment: PaymentState): boolean {
  return cardOf(all, payment)?.isClosed ?? false
}

/** Whether a bank account, whose entry may be repeated with the same amount only. */
export function isSameAmountOnly(all: CardAttempts, payment: PaymentState): boolean {
  return cardOf(all, payment)?.network === 'ACH'
}

/** Whether the network forbids, by the code of a decline, to charge the card ever again. */
function isForbidden(name: string | null, code: string | null): boolean {
  const network = networkOf(name)
  if (network === null) return false
  const verdict = nextAttempt({ network, code: code ?? '', declinedAtMs: 0, attemptsMs: [0] })
  return 'refused' in verdict
}

/** Visa counts a card and amount, Mastercard a card, ACH the entries of one payment. */
function counts(one: CardAttempt, { paymentId, token, amountMinor }: PaymentState, network: string): boolean {
  if (network === 'ACH') return one.paymentId === paymentId
  return one.token === token && (network === 'MASTERCARD' || one.amountMinor === amountMinor)
}

function cardOf(all: CardAttempts, { token }: PaymentState) {
  return all.cards.find((card) => card.token === token)
}

type AttemptId = Pick<CardAttempt, 'paymentId' | 'attempt'>

function isSame(one: CardAttempt, { paymentId, attempt }: AttemptId): boolean {
  return one.paymentId === paymentId && one.attempt === attempt
}

function withNetwork(before: CardAttempts, fact: AttemptId, network: string | null, closed: boolean): CardAttempts {
  const token = before.attempts.find((one) => isSame(one, fact))?.token
  if (network === null || token === undefined) return before
  const others = before.cards.filter((card) => card.token !== token)
  return { ...before, cards: [...others, { token, network, isClosed: closed }] }
}
