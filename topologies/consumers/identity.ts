/** The identity check of a consumer: asked for, reported, expired. */
import { deriveId } from '#domain/ids.ts'
import type {
  ClockTicked,
  ConsumerState,
  IdentityCheckReported,
  IdentityCheckRequested,
  KycState,
  KycStatusChanged,
  RequestIdentityCheck,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'
import { checkExpiresAt, effectOf, newCheckRefusal, recentChecks } from './kyc.ts'

/** Begins a check: the status moves to PENDING and the provider is asked. */
export function requestCheck(state: ConsumerState, command: RequestIdentityCheck): readonly ConsumerFact[] {
  const { profile, kyc } = state
  if (profile === null) return [unknown(command)]
  const refusal = newCheckRefusal(kyc, command.checkId, command.meta.occurredAt)
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
  const effect = effectOf(state.kyc, report)
  if (effect === 'IGNORED') return []
  const { checkId, outcome, final, reasons, version, meta } = report
  const noted: ConsumerFact = { type: 'ReportNoted', version, reportedAt: meta.occurredAt }
  return effect === 'NOTED' ? [noted] : [changed(state, report, { checkId, status: outcome, final, reasons }), noted]
}

/** Lets a check expire whose report, or whose review, did not come to an end. */
export function expireCheck(state: ConsumerState, tick: ClockTicked): readonly ConsumerFact[] {
  const expiresAt = checkExpiresAt(state.kyc)
  const { checkId, status } = state.kyc
  if (expiresAt === null || checkId === null || tick.time < expiresAt) return []
  const reasons = [status === 'PENDING' ? 'NO_REPORT_IN_TIME' : 'NO_REVIEW_IN_TIME']
  return [changed(state, tick, { checkId, status: 'EXPIRED', final: false, reasons })]
}

/** The check after its status has changed. */
export function movedCheck(kyc: KycState, { status, checkId, final, reasons, meta }: KycStatusChanged): KycState {
  if (status !== 'PENDING') return { ...kyc, status, checkId, final, reasons }
  const at = meta.occurredAt
  const begun = { requestedAt: at, reportedAt: null, version: null, begunAt: [...recentChecks(kyc, at), at] }
  return { status, checkId, final, reasons, ...begun }
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
