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
  const { status, final, reasons, id, version } = state
  return report(request, { outcome: OUTCOMES[status], final, reasons, providerRef: id, version })
}

/** What is reported when the provider has said nothing in time. */
export function expiredResult(request: IdentityCheckRequested): IdentityCheckReported {
  return report(request, {
    outcome: 'EXPIRED',
    final: true,
    reasons: ['no_answer_in_time'],
    providerRef: null,
    version: null,
  })
}

type Said = Pick<IdentityCheckReported, 'outcome' | 'final' | 'reasons' | 'providerRef' | 'version'>

function report(request: IdentityCheckRequested, said: Said): IdentityCheckReported {
  const { requestId, consumerId, checkId } = request
  const versions = said.version === null ? [] : [said.version]
  // One request can have several reports; a repeated one has the id of its first, another one has its own.
  const meta = childMeta(SOURCE, request, 'result', said.outcome, String(said.final), ...versions)
  return { type: 'IdentityCheckReported', meta, requestId, consumerId, checkId, ...said }
}
