/** The identity check of a consumer: asked for, reported, expired. */

import { deriveId } from '#domain/ids.ts'
import type {
  ClockTicked,
  ConsumerState,
  IdentityCheckReported,
  IdentityCheckRequested,
  KycStatusChanged,
  RequestIdentityCheck,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { refused, SOURCE, unknown } from './account.ts'
import type { ConsumerFact } from './facts.ts'
import { checkExpiresAt, newCheckRefusal, reportCounts } from './kyc.ts'

/** Begins a check: the status moves to PENDING and the provider is asked. */
export function requestCheck(state: ConsumerState, command: RequestIdentityCheck): readonly ConsumerFact[] {
  const { profile, kyc } = state
  if (profile === null) return [unknown(command)]
  const refusal = newCheckRefusal(kyc, command.checkId)
  if (refusal !== null) return [refused(command, refusal.code, refusal.detail)]
  const asked: IdentityCheckRequested = {
    type: 'IdentityCheckRequested',
    meta: childMeta(SOURCE, command, 'IdentityCheckRequested'),
    requestId: deriveId('req', command.checkId),
    consumerId: command.consumerId,
    checkId: command.checkId,
    givenName: profile.givenName,
    familyName: profile.familyName,
    dateOfBirth: profile.dateOfBirth,
    country: profile.country,
    email: profile.email,
    documentRef: command.documentRef,
  }
  const { checkId } = command
  return [changed(state, command, { checkId, status: 'PENDING', final: false, reasons: [] }), asked]
}

/** Moves the check where the report counts; one that does not is passed over. */
export function takeReport(state: ConsumerState, report: IdentityCheckReported): readonly ConsumerFact[] {
  if (!reportCounts(state.kyc, report)) return []
  const { checkId, outcome, final, reasons } = report
  return [changed(state, report, { checkId, status: outcome, final, reasons })]
}

/** Lets a check expire whose report did not come. */
export function expireCheck(state: ConsumerState, tick: ClockTicked): readonly ConsumerFact[] {
  const expiresAt = checkExpiresAt(state.kyc)
  const { checkId } = state.kyc
  if (expiresAt === null || checkId === null || tick.time < expiresAt) return []
  return [changed(state, tick, { checkId, status: 'EXPIRED', final: false, reasons: ['NO_REPORT_IN_TIME'] })]
}

function changed(
  state: ConsumerState,
  cause: RequestIdentityCheck | IdentityCheckReported | ClockTicked,
  move: Pick<KycStatusChanged, 'checkId' | 'status' | 'final' | 'reasons'>,
): KycStatusChanged {
  return {
    type: 'KycStatusChanged',
    meta: childMeta(SOURCE, cause, 'KycStatusChanged', state.consumerId),
    consumerId: state.consumerId,
    previous: state.kyc.status,
    ...move,
  }
}
