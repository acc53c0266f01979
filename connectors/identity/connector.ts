import type { IdentityCheckReported, IdentityCheckRequested, Schemas } from '#schemas'
import type { Connector, RequestContext } from '../runtime/connector.ts'
import type { CallOutcome, ProviderCalls } from '../runtime/provider-calls.ts'
import { type CheckState, IdentityClient } from './client.ts'
import { checkBody, checkResult, expiredResult } from './mapping.ts'

/** How long after its request a check is given up. */
export const CHECK_EXPIRES_MS = 24 * 3_600_000

/** Where the provider is, and how often it is asked. */
export type IdentityConnectorOptions = {
  readonly url: string
  readonly calls: ProviderCalls
  /** Wall-clock time. */
  readonly nowMs?: () => number
  /** Pause before the next look; doubled each time, up to `pauseMsMax`. Milliseconds. */
  readonly pauseMs?: number
  readonly pauseMsMax?: number
}

/**
 * Has people verified: `identity.requests` → identity provider → `identity.results`. A check whose answer is not final
 * is looked at again and again, and each change reported; a provider that is away is asked again. Both end 24 hours
 * after the request, where nothing was ever said with EXPIRED.
 */
export function identityConnector(
  schemas: Schemas,
  options: IdentityConnectorOptions,
): Connector<IdentityCheckRequested, IdentityCheckReported> {
  const { url, calls, nowMs = Date.now, pauseMs = 500, pauseMsMax = 30_000 } = options
  const client = new IdentityClient(url)

  type Context = RequestContext<IdentityCheckReported>
  type Look = (last: CheckState | null, signal: AbortSignal) => Promise<CallOutcome<CheckState>>

  async function follow(look: Look, context: Context, report: (state: CheckState) => void): Promise<CheckState | null> {
    let last: CheckState | null = null
    for (let pause = pauseMs; ; pause = Math.min(pause * 2, pauseMsMax)) {
      const outcome = await look(last, context.signal)
      if (outcome.answered) {
        const isNews = last?.status !== outcome.answer.status || last.final !== outcome.answer.final
        last = outcome.answer
        if (isNews) report(last)
      }
      if (last?.final || nowMs() - context.requestedAtMs > CHECK_EXPIRES_MS) return last
      await context.pause(pause)
    }
  }

  return {
    name: 'identity',
    requests: schemas.topics.identityRequests,
    results: schemas.topics.identityResults,
    calls,
    // Reviews take hours, and everybody behind them must not wait.
    openMax: 20_000,
    wakeKeyOf: (request) => request.requestId,
    close: () => client.close(),
    handle: async (request, context) => {
      const look: Look = (last, signal) =>
        calls.call(
          (callSignal) =>
            last === null
              ? client.begin(checkBody(request), request.requestId, callSignal)
              : client.look(last.id, callSignal),
          signal,
        )
      const last = await follow(look, context, (state) => context.emit(checkResult(request, state)))
      if (last === null) context.emit(expiredResult(request))
    },
  }
}
