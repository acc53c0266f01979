import { deriveId } from '#domain/ids.ts'
import {
  childMeta,
  type OpenPayout,
  type PayoutFailed,
  type PayoutHeld,
  type PayoutPaid,
  type PayoutReported,
  type PayoutRequested,
  type SettlementState,
} from '#schemas'

/** The id of one attempt of one payout, and its idempotency key at the gateway. */
export function payoutRequestId(settlementId: string, attempt: number): string {
  return deriveId('req', settlementId, attempt)
}

/** What an answer of the gateway means. One for an attempt that is not under way (a repeat) changes nothing. */
export function payoutAnswered(state: SettlementState, report: PayoutReported): readonly (PayoutPaid | PayoutFailed)[] {
  const payout = state.payouts.find((open) => isUnderWay(open) && requestIdOf(open) === report.requestId)
  if (payout === undefined) return []
  const facts = {
    merchantId: report.merchantId,
    settlementId: payout.settlementId,
    amountMinor: payout.amountMinor,
    currency: report.currency,
  }
  if (report.succeeded) {
    const meta = childMeta('settlement', report, 'PayoutPaid')
    return [{ type: 'PayoutPaid', meta, ...facts, gatewayRef: report.gatewayRef ?? '' }]
  }
  const meta = childMeta('settlement', report, 'PayoutFailed')
  const failureCode = report.failureCode ?? 'unknown'
  return [{ type: 'PayoutFailed', meta, ...facts, failureCode, attempt: payout.attempt }]
}

/**
 * Failed payouts, asked for once more under a new request id; only those that failed before the time (ms), and none
 * while the merchant is suspended.
 */
export function payoutsToRetry(state: SettlementState, timeMs: number): readonly OpenPayout[] {
  if (state.suspended) return []
  return state.payouts
    .filter((payout) => payout.failedAt !== null && payout.failedAt < timeMs)
    .map((payout) => ({ ...payout, attempt: payout.attempt + 1, failedAt: null }))
}

/** Payouts that waited for the merchant to be reinstated, for their first attempt. */
export function heldPayouts(state: SettlementState): readonly OpenPayout[] {
  return state.payouts.filter(({ held }) => held).map((payout) => ({ ...payout, attempt: 1, held: false }))
}

/** The open payouts after an event about one of them. */
export function evolvePayouts(
  payouts: readonly OpenPayout[],
  event: PayoutRequested | PayoutPaid | PayoutFailed | PayoutHeld,
): readonly OpenPayout[] {
  const known = payouts.find((payout) => payout.settlementId === event.settlementId)
  const others = payouts.filter((payout) => payout !== known)
  switch (event.type) {
    case 'PayoutPaid':
      return others
    case 'PayoutFailed':
      return known === undefined ? payouts : [...others, { ...known, failedAt: event.meta.occurredAt }]
    case 'PayoutHeld':
      return [...others, opened(event, 0, true)]
    case 'PayoutRequested':
      return [...others, opened(event, (known?.attempt ?? 0) + 1, false)]
  }
}

function opened(event: PayoutRequested | PayoutHeld, attempt: number, held: boolean): OpenPayout {
  const { settlementId, amountMinor, payoutAccount } = event
  return { settlementId, amountMinor, payoutAccount, attempt, failedAt: null, held }
}

function isUnderWay({ failedAt, held }: OpenPayout): boolean {
  return failedAt === null && !held
}

function requestIdOf(payout: OpenPayout): string {
  return payoutRequestId(payout.settlementId, payout.attempt)
}
