import type { PayoutReported, PayoutRequested, Schemas } from '#schemas'
import { GatewayClient } from '../payment-gateway/client.ts'
import { unavailableAnswer, whereRefused } from '../payment-gateway/refusals.ts'
import { askUntilKnown } from '../runtime/ask-until-known.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { payoutBody, payoutResult } from './mapping.ts'

/** Pays merchants: `payout.requests` → gateway → `payout.results`. */
export function payoutsConnector(
  schemas: Schemas,
  options: { readonly url: string; readonly calls: ProviderCalls },
): Connector<PayoutRequested, PayoutReported> {
  const client = new GatewayClient(options.url)
  return {
    name: 'payouts',
    requests: schemas.topics.payoutRequests,
    results: schemas.topics.payoutResults,
    calls: options.calls,
    wakeKeyOf: (request) => request.requestId,
    close: () => client.close(),
    handle: async (request, context) => {
      const ask = (signal: AbortSignal) => whereRefused(client.payout(payoutBody(request), request.requestId, signal))
      const answer = await askUntilKnown(options.calls, ask, context)
      if (answer !== null) context.emit(payoutResult(request, answer))
      // It could pay after all if it came once more.
      else context.emitOnce(payoutResult(request, unavailableAnswer))
    },
  }
}
