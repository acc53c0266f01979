/** Between `identity.requests` / `identity.results` and the identity provider's API. */
import { childMeta, type IdentityCheckReported, type IdentityCheckRequested, type KycStatus } from '#schemas'
import type { CheckBody, CheckState } from './client.ts'

const SOURCE = 'connector.identity'

const OUTCOMES: Readonly<Record<CheckState['status'], KycStatus>> = {
  approved: 'APPROVED',
  declined: 'DECLINED',
  needs_review: 'NEEDS_REVIEW',
}

/** What is sent for a check. */
export function checkBody(request: IdentityCheckRequested): CheckBody {
  const { checkId, givenName, familyName, dateOfBirth, country, email, documentRef } = request
  return { reference: checkId, givenName, familyName, dateOfBirth, country, email, documentRef }
}

/** What is reported when the provider has said something, or something else than before. */
export function checkResult(request: IdentityCheckRequested, state: CheckState): IdentityCheckReported {
  const { status, final, reasons, id } = state
  return report(request, { outcome: OUTCOMES[status], final, reasons, providerRef: id })
}

/** What is reported when the provider has said nothing in time. */
export function expiredResult(request: IdentityCheckRequested): IdentityCheckReported {
  return report(request, { outcome: 'EXPIRED', final: true, reasons: ['no_answer_in_time'], providerRef: null })
}

type Said = Pick<IdentityCheckReported, 'outcome' | 'final' | 'reasons' | 'providerRef'>

function report(request: IdentityCheckRequested, said: Said): IdentityCheckReported {
  const { requestId, consumerId, checkId } = request
  // One request can have several reports; a repeated one has the id of its first, another one has its own.
  const meta = childMeta(SOURCE, request, 'result', said.outcome, String(said.final))
  return { type: 'IdentityCheckReported', meta, requestId, consumerId, checkId, ...said }
}
