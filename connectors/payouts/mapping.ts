/** Between `payout.requests` / `payout.results` and the gateway's API. */
import { childMeta, type PayoutReported, type PayoutRequested } from '#schemas'
import type { GatewayAnswer, PayoutBody } from '../payment-gateway/client.ts'

const SOURCE = 'connector.payouts'

/** What is sent for a payout. */
export function payoutBody({ payoutAccount, amountMinor, currency, settlementId }: PayoutRequested): PayoutBody {
  return { account: payoutAccount, amountMinor, currency, reference: settlementId }
}

/** The result of a request. */
export function payoutResult(request: PayoutRequested, answer: GatewayAnswer): PayoutReported {
  const { requestId, merchantId, settlementId, amountMinor, currency } = request
  return {
    type: 'PayoutReported',
    meta: childMeta(SOURCE, request, 'result'),
    requestId,
    merchantId,
    settlementId,
    succeeded: answer.succeeded,
    gatewayRef: answer.succeeded ? answer.id : null,
    failureCode: answer.succeeded ? null : answer.code,
    amountMinor,
    currency,
  }
}
