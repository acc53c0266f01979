import type { RequestContext } from './connector.ts'
import type { ProviderCalls } from './provider-calls.ts'

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000

/** How a provider is asked what became of a call: not through the circuit that the failed calls may have opened. */
export type Inquiry<Answer> = {
  readonly calls: ProviderCalls
  readonly request: (signal: AbortSignal) => Promise<Answer | null>
}

/**
 * Makes a call that moves money. Null where it is certain that the provider did not act: that may be reported as a
 * failure. Where the provider may have acted (no answer in time, a broken connection, a request somebody may have sent
 * before a crash) a failure must not be reported, since a next attempt could move the money twice: then the same
 * request, with the same idempotency key, is repeated until the provider says what became of it. With an `inquiry` it
 * is not repeated, and asked what became of it instead; null from there is certain, because the provider will not act
 * on the key any more. So a request that was answered before a crash and comes again has the same outcome again.
 */
export async function askUntilKnown<Answer>(
  calls: ProviderCalls,
  request: (signal: AbortSignal) => Promise<Answer>,
  context: RequestContext<never>,
  inquiry?: Inquiry<Answer>,
): Promise<Answer | null> {
  let inDoubt = context.mayRepeat
  for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    const isAsked = inDoubt && inquiry !== undefined
    const outcome = isAsked
      ? await inquiry.calls.call(inquiry.request, context.signal)
      : await calls.call(request, context.signal)
    if (outcome.answered) return outcome.answer
    inDoubt ||= outcome.error.mayHaveActed
    if (!inDoubt) return null
    // What became of the call is asked at once, and then ever more patiently.
    if (isAsked || inquiry === undefined) await context.pause(pauseMs)
    else pauseMs = PAUSE_MS / 2
  }
}
