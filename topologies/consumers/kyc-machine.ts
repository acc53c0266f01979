/**
 * The states of the identity check and what leads from one to another, as data. A report may come late, twice, out of
 * order, or be overturned later; until one says it is final, a newer one of the same check may lead anywhere.
 */
import type { StateMachine } from '#domain/state-machine.ts'
import type { KycStatus } from '#schemas'

/** What moves the check: the consumer's request, the provider's report, and time. */
export type KycMove = 'IdentityCheckRequested' | 'IdentityCheckReported' | 'ClockTicked'

/** What may become of a check. */
export const kycMachine: StateMachine<KycStatus, KycMove> = {
  name: 'identity check',
  initial: 'NOT_STARTED',
  transitions: {
    NOT_STARTED: { IdentityCheckRequested: ['PENDING'] },
    PENDING: {
      IdentityCheckReported: ['APPROVED', 'DECLINED', 'NEEDS_REVIEW', 'EXPIRED'],
      ClockTicked: ['EXPIRED'],
    },
    NEEDS_REVIEW: { IdentityCheckReported: ['APPROVED', 'DECLINED', 'EXPIRED'], ClockTicked: ['EXPIRED'] },
    APPROVED: { IdentityCheckReported: ['APPROVED', 'DECLINED', 'NEEDS_REVIEW'] },
    DECLINED: {
      IdentityCheckRequested: ['PENDING'],
      IdentityCheckReported: ['DECLINED', 'APPROVED', 'NEEDS_REVIEW'],
    },
    EXPIRED: { IdentityCheckRequested: ['PENDING'], IdentityCheckReported: ['APPROVED', 'DECLINED', 'NEEDS_REVIEW'] },
  },
}

/** Checks that may be begun within `CHECKS_WINDOW_MS`; each of them costs money and moves a consumer's file. */
export const CHECKS_MAX = 3
/** How far back the limit on checks looks. Milliseconds of business time. */
export const CHECKS_WINDOW_MS = 30 * 24 * 3_600_000
/** How long a check may wait for its report, or for the end of its review. */
export const CHECK_MS = 24 * 3_600_000
