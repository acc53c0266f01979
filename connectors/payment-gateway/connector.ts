import { type GatewayName, PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import type { ChargeRequested, PaymentRequest, PaymentResult, Schemas } from '#schemas'
import { askUntilKnown } from '../runtime/ask-until-known.ts'
import type { Connector } from '../runtime/connector.ts'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { type GatewayAnswer, GatewayClient } from './client.ts'
import { chargeBody, paymentResult, refundBody } from './mapping.ts'
import { unavailableAnswer, whereRefused } from './refusals.ts'

/** Which gateway a connector is of. */
export type GatewayConnectorOptions = {
  readonly url: string
  readonly calls: ProviderCalls
  /** Calls that ask what became of a charge; usual ones where left out. Their circuit must never open. */
  readonly inquiries?: ProviderCalls
  /** The primary one where it is left out. */
  readonly gateway?: GatewayName
}

/** The connector of each gateway: their groups, so their names stay. */
const NAMES: Readonly<Record<GatewayName, string>> = { primary: 'payment-gateway', secondary: 'payment-gateway-2' }

/**
 * Collects from cards and gives back: `payment.requests` → gateway → `payment.results`. It takes requests to its own
 * gateway and never chooses another one: where it certainly took nothing, the topology asks the next.
 */
export function paymentGatewayConnector(
  schemas: Schemas,
  { url, calls, inquiries = inquiryCalls(), gateway = PRIMARY_GATEWAY }: GatewayConnectorOptions,
): Connector<PaymentRequest, PaymentResult> {
  const client = new GatewayClient(url)
  const send = (request: PaymentRequest, signal: AbortSignal): Promise<GatewayAnswer> =>
    request.type === 'ChargeRequested'
      ? client.charge(chargeBody(request), request.requestId, signal)
      : client.refund(refundBody(request), request.requestId, signal)
  return {
    name: NAMES[gateway],
    requests: schemas.topics.paymentRequests,
    results: schemas.topics.paymentResults,
    calls,
    accepts: (request) => (request.gateway ?? PRIMARY_GATEWAY) === gateway,
    wakeKeyOf: (request) => request.requestId,
    close: () => client.close(),
    handle: async (request, context) => {
      const ask = (signal: AbortSignal) => whereRefused(send(request, signal))
      // Only where somebody else can be asked is it worth closing this gateway's key.
      const inquiry = request.type === 'ChargeRequested' && request.mayFailOver ? inquiryOf(request, client) : null
      const known = inquiry === null ? undefined : { calls: inquiries, request: inquiry }
      const answer = await askUntilKnown(calls, ask, context, known)
      if (answer !== null) return context.emit(paymentResult(request, answer))
      // Where nobody closes its key, the request could charge after all if it came once more.
      const failed = paymentResult(request, unavailableAnswer)
      if (known === undefined) context.emitOnce(failed)
      else context.emit(failed)
    },
  }
}

/** What became of a charge must be learnt also while so many charges fail that none is made. */
export function inquiryCalls(timeoutMs = 5_000): ProviderCalls {
  return new ProviderCalls({ tries: 1, timeoutMs, openAfterFailures: Number.MAX_SAFE_INTEGER })
}

function inquiryOf(request: ChargeRequested, client: GatewayClient) {
  return (signal: AbortSignal) => client.inquire(chargeBody(request), request.requestId, signal)
}
