import type { PaymentRequest, PaymentResult, Schemas } from '#schemas'
import { askUntilKnown } from '../runtime/ask-until-known.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { type GatewayAnswer, GatewayClient } from './client.ts'
import { chargeBody, paymentResult, refundBody } from './mapping.ts'
import { unavailableAnswer, whereRefused } from './refusals.ts'

/** Collects from cards and gives back: `payment.requests` → gateway → `payment.results`. */
export function paymentGatewayConnector(
  schemas: Schemas,
  options: { readonly url: string; readonly calls: ProviderCalls },
): Connector<PaymentRequest, PaymentResult> {
  const client = new GatewayClient(options.url)
  const send = (request: PaymentRequest, signal: AbortSignal): Promise<GatewayAnswer> =>
    request.type === 'ChargeRequested'
      ? client.charge(chargeBody(request), request.requestId, signal)
      : client.refund(refundBody(request), request.requestId, signal)
  return {
    name: 'payment-gateway',
    requests: schemas.topics.paymentRequests,
    results: schemas.topics.paymentResults,
    calls: options.calls,
    wakeKeyOf: (request) => request.requestId,
    close: () => client.close(),
    handle: async (request, context) => {
      const ask = (signal: AbortSignal) => whereRefused(send(request, signal))
      const answer = (await askUntilKnown(options.calls, ask, context)) ?? unavailableAnswer
      context.emit(paymentResult(request, answer))
    },
  }
}
