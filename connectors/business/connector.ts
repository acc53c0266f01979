import type { MerchantCheckReported, MerchantCheckRequested, Schemas } from '#schemas'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { BusinessClient } from './client.ts'
import { businessBody, businessResult, unavailableResult } from './mapping.ts'

/** Has businesses verified: `merchant-check.requests` → verification provider → `merchant-check.results`. */
export function businessConnector(
  schemas: Schemas,
  { url, calls }: { readonly url: string; readonly calls: ProviderCalls },
): Connector<MerchantCheckRequested, MerchantCheckReported> {
  const client = new BusinessClient(url)
  return {
    name: 'business',
    requests: schemas.topics.merchantCheckRequests,
    results: schemas.topics.merchantCheckResults,
    calls,
    close: () => client.close(),
    handle: async (request, context) => {
      const outcome = await calls.call(
        (signal) => client.verify(businessBody(request), request.requestId, signal),
        context.signal,
      )
      context.emit(outcome.answered ? businessResult(request, outcome.answer) : unavailableResult(request))
    },
  }
}
