/**
 * How fresh the report must be that a purchase is decided by. One that needs a fresh report waits for it, with a
 * deadline; others are decided meanwhile. What comes late, twice or malformed:
 *
 * | the report | what becomes of it |
 * | --- | --- |
 * | comes in time | the purchases that wait are decided by it, in the order in which they were asked for |
 * | does not come, or the bureau cannot answer | decided by `whenLate`: refused, by the old report, or under a cap |
 * | comes after that | it is kept and sets the limit; what was decided stays |
 * | comes twice | the repeat is passed over |
 * | says something else the second time | `BureauReportsContradicted`; the first stands until the next question |
 * | makes no sense (a score of 5000) | counts as no answer, and the bureau is asked again later |
 *
 * With several bureaus a round of questions is over when each has answered or is silent (`silentMinutes`):
 *
 * | the reports | what becomes of them |
 * | --- | --- |
 * | all come | the one that `whenDiffer` says decides; each bureau's newest is kept, with its own age |
 * | one is silent or cannot answer | those that came decide; where none came, the next fallback is asked |
 * | the silent one comes after all | it is kept, and what decides is chosen again; what was decided stays |
 * | none comes, from nobody | as above, `whenLate`; all are asked again later |
 * | differ by more than `contradiction` bears | `BureauReportsContradicted`, and `whenContradicted` until they do not |
 */
import type { BureauFacts, CreditState, RequestPurchase, WaitingPurchase } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import { limitCurrency } from './limits.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** True of a report that is older than the policy wants at a business time (milliseconds). */
export function isTooOld({ bureau }: CreditPolicy, report: BureauFacts, atMs: number): boolean {
  return bureau.maxAgeDays !== null && atMs - report.reportedAt > bureau.maxAgeDays * DAY_MS
}

/** What a purchase has to do before it is decided: nothing, ask the bureau and wait, or wait for what was asked. */
export function reportNeed(
  policy: CreditPolicy,
  state: CreditState,
  request: RequestPurchase,
): 'NONE' | 'ASK' | 'WAIT' {
  const { report, inquiry } = state
  const at = request.meta.occurredAt
  const isReady = state.kyc === 'APPROVED' && limitCurrency(policy, state) === request.currency
  if (!isReady || policy.bureau.waitMinutes === 0) return 'NONE'
  if (report !== null && !isTooOld(policy, report, at)) return 'NONE'
  if (inquiry !== null && !inquiry.answered) return 'WAIT'
  // It could not answer a while ago: until it is asked again, nobody waits for nothing.
  return inquiry !== null && inquiry.askAgainAt !== null && inquiry.askAgainAt > at ? 'NONE' : 'ASK'
}

/** A purchase that waits from now on. */
export function waitingFor({ bureau }: CreditPolicy, request: RequestPurchase): WaitingPurchase {
  return { request, until: request.meta.occurredAt + bureau.waitMinutes * MINUTE_MS }
}

/** When the first purchase that waits is decided without a report; null where none waits. */
export function waitEndsAt({ waiting }: CreditState): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map(({ until }) => until))
}
