/** What is made of an identity check: whether a new one may begin, whether a report counts, and when it expires. */
import { isLegal } from '#domain/state-machine.ts'
import type { IdentityCheckReported, KycState, KycStatus } from '#schemas'
import { CHECK_MS, CHECKS_MAX, CHECKS_WINDOW_MS, kycMachine } from './kyc-machine.ts'

/** Why a new check cannot begin; null where it can. */
const NEW_CHECK: Readonly<Record<KycStatus, KycRefusal | null>> = {
  NOT_STARTED: null,
  PENDING: { code: 'KYC_IN_PROGRESS', detail: 'An identity check is running. Wait for its result.' },
  NEEDS_REVIEW: {
    code: 'KYC_IN_PROGRESS',
    detail: 'The identity check is being looked at by a person. Wait for the result.',
  },
  APPROVED: { code: 'KYC_APPROVED', detail: 'The identity is confirmed; there is nothing to check.' },
  DECLINED: null,
  EXPIRED: null,
}

/** A stable code and what it means. */
export type KycRefusal = { readonly code: string; readonly detail: string }

/** The check before the first one is asked for. */
export const noCheck: KycState = {
  status: 'NOT_STARTED',
  checkId: null,
  requestedAt: null,
  reportedAt: null,
  final: false,
  reasons: [],
  version: null,
  begunAt: [],
}

/** Why a check with this id cannot begin at a business time; null where it can. */
export function newCheckRefusal(kyc: KycState, checkId: string, at: number): KycRefusal | null {
  if (kyc.checkId === checkId)
    return { code: 'CHECK_EXISTS', detail: `The identity check ${checkId} was begun before.` }
  if (kyc.status === 'DECLINED' && kyc.final) {
    return { code: 'KYC_FINAL', detail: 'The identity check was declined for good. Contact support.' }
  }
  const [oldest, ...others] = recentChecks(kyc, at)
  if (NEW_CHECK[kyc.status] === null && oldest !== undefined && others.length + 1 >= CHECKS_MAX) {
    const from = new Date(oldest + CHECKS_WINDOW_MS).toISOString()
    const detail = `${CHECKS_MAX} identity checks were begun within 30 days. The next one can begin from ${from}.`
    return { code: 'KYC_CHECKS_TOO_MANY', detail }
  }
  return NEW_CHECK[kyc.status]
}

/** When the checks were begun that count against the limit at a business time, oldest first. */
export function recentChecks({ begunAt }: KycState, at: number): readonly number[] {
  return begunAt.filter((begun) => at - begun < CHECKS_WINDOW_MS)
}

/** What a report does: it moves the check, is only noted as the newest one, or is passed over. */
export type ReportEffect = 'MOVES' | 'NOTED' | 'IGNORED'

/** What a report does to the check: nothing where it is about another one, or older than what is known. */
export function effectOf(kyc: KycState, report: IdentityCheckReported): ReportEffect {
  if (kyc.final || report.checkId !== kyc.checkId) return 'IGNORED'
  if (isOlder(kyc, report) && !report.final) return 'IGNORED'
  // What is known already still tells older reports from newer ones.
  if (report.outcome === kyc.status && !report.final) return 'NOTED'
  return isLegal(kycMachine, kyc.status, 'IdentityCheckReported', report.outcome) ? 'MOVES' : 'IGNORED'
}

/** By the provider's own count where it keeps one: times of reports can be equal, and clocks can differ. */
function isOlder(kyc: KycState, { version, meta }: IdentityCheckReported): boolean {
  if (version !== null && kyc.version !== null) return version <= kyc.version
  return kyc.reportedAt !== null && meta.occurredAt < kyc.reportedAt
}

/**
 * When a check expires that waits for its report or for a person; null where none waits. After that the consumer can
 * begin another one, and the late report of the old one still counts until they do.
 */
export function checkExpiresAt({ status, requestedAt, reportedAt }: KycState): number | null {
  const since = Math.max(requestedAt ?? 0, reportedAt ?? 0)
  return status === 'PENDING' || status === 'NEEDS_REVIEW' ? since + CHECK_MS : null
}
