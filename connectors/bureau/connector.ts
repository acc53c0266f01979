import type { BureauReported, BureauReportRequested, Schemas } from '#schemas'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { BureauClient } from './client.ts'
import { bureauResult, reportBody, unavailableResult } from './mapping.ts'

/** Looks credit files up: `bureau.requests` → bureau → `bureau.results`. */
export function bureauConnector(
  schemas: Schemas,
  { url, calls }: { readonly url: string; readonly calls: ProviderCalls },
): Connector<BureauReportRequested, BureauReported> {
  const client = new BureauClient(url)
  return {
    name: 'bureau',
    requests: schemas.topics.bureauRequests,
    results: schemas.topics.bureauResults,
    calls,
    close: () => client.close(),
    handle: async (request, context) => {
      const outcome = await calls.call(
        (signal) => client.report(reportBody(request), request.requestId, signal),
        context.signal,
      )
      context.emit(outcome.answered ? bureauResult(request, outcome.answer) : unavailableResult(request))
    },
  }
}
