import type { BureauName } from '#domain/bureau-names.ts'
import type { BureauReported, BureauReportRequested, Schemas } from '#schemas'
import { CombinedCalls } from '../runtime/combined-calls.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { BureauClient, type CreditFileClient } from './client.ts'
import { bureauResult, reportBody, unavailableResult } from './mapping.ts'
import { SecondBureauClient } from './second-client.ts'

/** A bureau that can be asked: where it is, and how patient calls to it are. */
export type Bureau = { readonly name: BureauName; readonly url: string; readonly calls: ProviderCalls }

/** Each bureau has a protocol of its own. */
const CLIENTS: Readonly<Record<BureauName, new (url: string) => CreditFileClient>> = {
  primary: BureauClient,
  secondary: SecondBureauClient,
}

/**
 * Looks credit files up: `bureau.requests` → the bureau that a request names → `bureau.results`. It never chooses
 * another one: that is the policy's business. One that is not there has no answer.
 */
export function bureauConnector(
  schemas: Schemas,
  bureaus: readonly Bureau[],
): Connector<BureauReportRequested, BureauReported> {
  const asked = new Map<string, Pick<Bureau, 'calls'> & { readonly client: CreditFileClient }>(
    bureaus.map(({ name, url, calls }) => [name, { calls, client: new CLIENTS[name](url) }]),
  )
  return {
    name: 'bureau',
    requests: schemas.topics.bureauRequests,
    results: schemas.topics.bureauResults,
    calls: new CombinedCalls(bureaus.map(({ calls }) => calls)),
    close: () => {
      for (const { client } of asked.values()) client.close()
    },
    handle: async (request, context) => {
      const bureau = asked.get(request.bureau)
      if (bureau === undefined) {
        context.emit(unavailableResult(request))
        return
      }
      const { client, calls } = bureau
      const look = (signal: AbortSignal) => client.report(reportBody(request), request.requestId, signal)
      const outcome = await calls.call(look, context.signal)
      context.emit(outcome.answered ? bureauResult(request, outcome.answer) : unavailableResult(request))
    },
  }
}
