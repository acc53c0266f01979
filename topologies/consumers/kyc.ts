/**
 * The identity check as a state machine. A report may come late, twice, out of order, or be overturned:
 *
 *   NOT_STARTED -> PENDING -> APPROVED | DECLINED | NEEDS_REVIEW | EXPIRED
 *
 * Until a report says it is final, a newer one of the same check may move it; after that nothing does. An expired
 * check still takes its late report.
 */
import type { IdentityCheckReported, KycState, KycStatus } from '#schemas'

/** Where a report may take a check. */
const REPORTED: Readonly<Record<KycStatus, readonly KycStatus[]>> = {
  NOT_STARTED: [],
  PENDING: ['APPROVED', 'DECLINED', 'NEEDS_REVIEW', 'EXPIRED'],
  NEEDS_REVIEW: ['APPROVED', 'DECLINED', 'EXPIRED'],
  APPROVED: ['DECLINED', 'NEEDS_REVIEW'],
  DECLINED: ['APPROVED', 'NEEDS_REVIEW'],
  EXPIRED: ['APPROVED', 'DECLINED', 'NEEDS_REVIEW'],
}

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

/** How long a check may wait for its report. */
const CHECK_HOURS = 24

const HOUR_MS = 3_600_000

/** The check before the first one is asked for. */
export const noCheck: KycState = {
  status: 'NOT_STARTED',
  checkId: null,
  requestedAt: null,
  reportedAt: null,
  final: false,
  reasons: [],
}

/** Why a check with this id cannot begin; null where it can. */
export function newCheckRefusal(kyc: KycState, checkId: string): KycRefusal | null {
  if (kyc.checkId === checkId)
    return { code: 'CHECK_EXISTS', detail: `The identity check ${checkId} was begun before.` }
  if (kyc.status === 'DECLINED' && kyc.final) {
    return { code: 'KYC_FINAL', detail: 'The identity check was declined for good. Contact support.' }
  }
  return NEW_CHECK[kyc.status]
}

/** True where a report moves the check: it is about the newest one, not older than what is known, and legal. */
export function reportCounts(kyc: KycState, report: IdentityCheckReported): boolean {
  if (kyc.final || report.checkId !== kyc.checkId) return false
  const isStale = kyc.reportedAt !== null && report.meta.occurredAt < kyc.reportedAt
  if (isStale && !report.final) return false
  if (report.outcome === kyc.status) return report.final
  return REPORTED[kyc.status].includes(report.outcome)
}

/** When a check that waits for its report expires; null where none waits. */
export function checkExpiresAt(kyc: KycState): number | null {
  return kyc.status === 'PENDING' && kyc.requestedAt !== null ? kyc.requestedAt + CHECK_HOURS * HOUR_MS : null
}
