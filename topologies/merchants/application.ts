/**
 * The application of a merchant: it applies, the verification provider looks at it, and it is taken on with the terms
 * of its risk tier, rejected, or looked at by a person. A provider that is away is asked again some times.
 */
import { deriveId } from '#domain/ids.ts'
import { isLegal } from '#domain/state-machine.ts'
import type {
  ApplicationStatus,
  ApplicationStatusChanged,
  ApplyMerchant,
  ClockTicked,
  DecideApplication,
  MerchantApplication,
  MerchantCheckReported,
  MerchantCheckRequested,
  MerchantOnboarded,
  MerchantState,
  RiskTier,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type MerchantFact, refused, SOURCE } from './facts.ts'
import { type ApplicationMove, applicationMachine } from './merchant-machine.ts'
import { currencyProblem } from './onboarding.ts'
import { standardTerms, tierTicketMaxMinor } from './risk-tiers.ts'

/** How often a provider that does not answer is asked before a person looks. */
const ATTEMPTS_MAX = 3
/** Business time before it is asked again. */
const ASK_AGAIN_MS = 3_600_000

/** Takes an application in, and has the merchant verified. */
export function apply(state: MerchantState, command: ApplyMerchant): readonly MerchantFact[] {
  if (state.account !== null || state.application !== null) {
    return [refused(command, 'MERCHANT_EXISTS', 'The merchant applied or was taken on before.')]
  }
  const problem = currencyProblem(command.currency)
  if (problem !== null) return [refused(command, ...problem)]
  const { type: _type, meta: _meta, apiKeyId, apiKeyHash, ...details } = command
  const asked = checkRequested({ ...details, attempt: 0 }, command)
  return [
    { type: 'MerchantApplied', meta: childMeta(SOURCE, command, 'MerchantApplied'), ...details },
    { type: 'ApplicationKept', details, apiKeyId, apiKeyHash },
    asked,
  ]
}

/** What a report of the provider comes to; one that nobody waits for is passed over. */
export function takeCheck(state: MerchantState, report: MerchantCheckReported): readonly MerchantFact[] {
  const { application } = state
  if (application?.status !== 'APPLIED' || application.requestId !== report.requestId) return []
  const { outcome, riskTier, reasons } = report
  const move = (to: ApplicationStatus, why = reasons) => moved(state, application, report, to, null, why)
  switch (outcome) {
    case 'VERIFIED':
      return riskTier === null ? [move('IN_REVIEW')] : takenOn(state, application, report, riskTier, reasons)
    case 'NEEDS_REVIEW':
      return [move('IN_REVIEW')]
    case 'NOT_VERIFIED':
      return [move('REJECTED')]
    case 'UNAVAILABLE':
      if (application.attempt >= ATTEMPTS_MAX) return [move('IN_REVIEW', ['PROVIDER_UNAVAILABLE'])]
      return [{ type: 'CheckDeferred', askAgainAt: report.meta.occurredAt + ASK_AGAIN_MS }]
  }
}

/** Asks the provider again, where the time for that has come. */
export function askAgain({ merchantId, application }: MerchantState, tick: ClockTicked): readonly MerchantFact[] {
  const at = application?.askAgainAt ?? null
  if (application === null || at === null || tick.time < at) return []
  return [checkRequested({ ...application, merchantId }, tick)]
}

/** What a person decides on an application that is in review. */
export function decideApplication(state: MerchantState, command: DecideApplication): readonly MerchantFact[] {
  const { application } = state
  if (application === null)
    return [refused(command, 'MERCHANT_APPLICATION_UNKNOWN', 'There is no application of this merchant.')]
  const { approve, tier, reason } = command
  const to = approve ? 'APPROVED' : 'REJECTED'
  if (!isLegal(applicationMachine, application.status, 'DecideApplication', to)) {
    const detail = `The application is ${application.status}: only one that is IN_REVIEW is decided by a person.`
    return [refused(command, 'APPLICATION_NOT_IN_REVIEW', detail)]
  }
  if (!approve) return [moved(state, application, command, to, null, [reason])]
  if (tier === null) return [refused(command, 'TIER_MISSING', 'A merchant is taken on in a risk tier. Give one.')]
  return takenOn(state, application, command, tier, [reason])
}

type Cause = MerchantCheckReported | DecideApplication

function takenOn(
  state: MerchantState,
  application: MerchantApplication,
  cause: Cause,
  tier: RiskTier,
  reasons: readonly string[],
): readonly MerchantFact[] {
  const { name, legalName, country, currency, timeZone, categoryCode, payoutAccount, apiKeyId, apiKeyHash } =
    application
  const onboarded: MerchantOnboarded = {
    type: 'MerchantOnboarded',
    meta: childMeta(SOURCE, cause, 'MerchantOnboarded'),
    merchantId: state.merchantId,
    ...{ name, legalName, country, currency, timeZone, categoryCode, payoutAccount, apiKeyId, tier },
    terms: standardTerms(tier, currency, timeZone),
    ticketMinMinor: 1,
    ticketMaxMinor: tierTicketMaxMinor(tier, currency),
  }
  return [
    moved(state, application, cause, 'APPROVED', tier, reasons),
    onboarded,
    { type: 'ApiKeyKept', apiKey: { apiKeyId, apiKeyHash, endsAt: null } },
  ]
}

function moved(
  { merchantId }: MerchantState,
  application: MerchantApplication,
  cause: Cause,
  status: ApplicationStatus,
  tier: RiskTier | null,
  reasons: readonly string[],
): ApplicationStatusChanged {
  const move: ApplicationMove = cause.type
  if (!isLegal(applicationMachine, application.status, move, status)) {
    throw new Error(`${move} cannot lead an application from ${application.status} to ${status}.`)
  }
  const meta = childMeta(SOURCE, cause, 'ApplicationStatusChanged')
  return { type: 'ApplicationStatusChanged', meta, merchantId, status, previous: application.status, tier, reasons }
}

type Checked = Pick<
  MerchantApplication,
  'legalName' | 'registrationNumber' | 'country' | 'categoryCode' | 'attempt'
> & { readonly merchantId: string }

function checkRequested(checked: Checked, cause: ApplyMerchant | ClockTicked): MerchantCheckRequested {
  const { merchantId, legalName, registrationNumber, country, categoryCode, attempt } = checked
  const requestId = deriveId('req', merchantId, 'check', attempt + 1)
  const meta = childMeta(SOURCE, cause, 'MerchantCheckRequested', requestId)
  return {
    type: 'MerchantCheckRequested',
    ...{ meta, requestId, merchantId, legalName, registrationNumber, country, categoryCode },
  }
}
