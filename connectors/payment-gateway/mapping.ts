/** Between the records of `payment.requests` / `payment.results` and the gateway's API. */
import {
  type ChargeRequested,
  childMeta,
  type PaymentRequest,
  type PaymentResult,
  type ReturnRequested,
} from '#schemas'
import type { ChargeBody, GatewayAnswer, RefundBody } from './client.ts'

const SOURCE = 'connector.payment-gateway'

/** What is sent for a charge. */
export function chargeBody(request: ChargeRequested): ChargeBody {
  const { token, amountMinor, currency, paymentId, attempt, atCheckout } = request
  return { token, amountMinor, currency, reference: paymentId, attempt, atCheckout }
}

/** What is sent for a return. */
export function refundBody(request: ReturnRequested): RefundBody {
  const { gatewayRef, amountMinor, currency, returnId } = request
  return { charge: gatewayRef, amountMinor, currency, reference: returnId }
}

/**
 * The result of a request. A failure is SOFT where another attempt can succeed, and technical where another gateway may
 * be asked: this one certainly took nothing, and the card was not at fault.
 */
export function paymentResult(request: PaymentRequest, answer: GatewayAnswer): PaymentResult {
  const meta = childMeta(SOURCE, request, 'result')
  const { requestId, consumerId, planId, paymentId, amountMinor, currency } = request
  const { gateway } = request
  const common = { meta, requestId, consumerId, planId, paymentId, amountMinor, currency, gateway }
  const returned = request.type === 'ReturnRequested' ? { returnId: request.returnId } : null
  if (answer.succeeded) {
    const success = { ...common, gatewayRef: answer.id }
    return returned ? { type: 'ReturnSucceeded', ...success, ...returned } : { type: 'ChargeSucceeded', ...success }
  }
  const failure = { ...common, declineCode: answer.code, declineClass: answer.retryable ? 'SOFT' : 'HARD' } as const
  if (returned) return { type: 'ReturnFailed', ...failure, ...returned }
  const { technical = false, network = null } = answer
  const said = { network: network?.name ?? null, networkCode: network?.code ?? null }
  return { type: 'ChargeFailed', ...failure, technical, ...said }
}
