import { PRIMARY_BUREAU } from '#domain/bureau-names.ts'
import type { CreditState } from '#schemas'

/** What is known of a consumer before anything is. */
export function newCreditState(consumerId: string): CreditState {
  return {
    consumerId,
    profile: null,
    kyc: 'NOT_STARTED',
    inquiry: null,
    report: null,
    score: null,
    limitMinor: 0,
    ownCapMinor: null,
    purchases: [],
    decided: [],
    exposure: { holdMinor: 0, outstandingMinor: 0, feesMinor: 0, availableMinor: 0, blocked: false },
    history: null,
    limitPolicy: null,
    limitModel: null,
    standing: null,
    waiting: [],
    refusals: [],
    files: [],
    contradiction: null,
    reportBureau: PRIMARY_BUREAU,
    verifiedContacts: [],
  }
}
