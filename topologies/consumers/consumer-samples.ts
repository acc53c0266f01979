/** Inputs of the consumers topology, for its tests. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import { sha256 } from '#domain/ids.ts'
import type {
  BeginRegistration,
  BeginSignIn,
  ChangePassword,
  ClockTicked,
  CodePurpose,
  ConfirmCode,
  ConfirmRegistration,
  EndSession,
  Envelope,
  IdentityCheckReported,
  KycStatus,
  RefreshSession,
  RequestCode,
  RequestIdentityCheck,
  ResetPassword,
  StartSession,
} from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'

/** The business time of the samples, unless they say otherwise. */
export const T0 = dateToMs('2026-03-01')
/** Milliseconds of an hour. */
export const HOUR = 3_600_000

/** An envelope; the id tells one sample from another. */
export function meta(id: string, at: number = T0): Envelope {
  return rootMeta({ source: 'test', id, occurredAt: at, businessDate: msToDate(at) })
}

export const beginRegistration = (over: Partial<BeginRegistration> = {}): BeginRegistration => ({
  type: 'BeginRegistration',
  meta: meta('cmd_register'),
  consumerId: 'con_1',
  email: 'lena@example.com',
  phone: null,
  givenName: 'Lena',
  familyName: 'Berg',
  dateOfBirth: '1990-05-17',
  country: 'DE',
  timeZone: 'Europe/Berlin',
  language: 'de',
  passwordHash: '$argon2id$1',
  codeId: 'cod_0',
  codeHash: 'hash of the code of cod_0',
  requester: null,
  ...over,
})

export const confirmRegistration = (over: Partial<ConfirmRegistration> = {}): ConfirmRegistration => ({
  type: 'ConfirmRegistration',
  meta: meta('cmd_confirm_registration'),
  consumerId: 'con_1',
  codeId: 'cod_0',
  codeHash: 'hash of the code of cod_0',
  sessionId: 'ses_0',
  tokenHash: 'hash of ses_0',
  expiresAt: T0 + HOUR,
  refreshHash: 'hash of ref_0',
  refreshExpiresAt: T0 + 240 * HOUR,
  device: 'a phone',
  ...over,
})

/** What opens an account: asked for, and confirmed. */
export const opening = (over: Partial<BeginRegistration> = {}): readonly [BeginRegistration, ConfirmRegistration] => {
  const { consumerId } = beginRegistration(over)
  const confirmed = meta(consumerId === 'con_1' ? 'cmd_confirm_registration' : `cmd_confirm_${consumerId}`)
  return [beginRegistration(over), confirmRegistration({ consumerId, meta: confirmed })]
}

export const startSession = (sessionId: string, at: number = T0, over: Partial<StartSession> = {}): StartSession => ({
  type: 'StartSession',
  meta: meta(`cmd_${sessionId}`, at),
  consumerId: 'con_1',
  sessionId,
  tokenHash: `hash of ${sessionId}`,
  expiresAt: at + HOUR,
  refreshHash: `hash of ref_${sessionId}`,
  refreshExpiresAt: at + 240 * HOUR,
  device: null,
  rehash: null,
  ...over,
})

export const endSession = (sessionId: string): EndSession => ({
  type: 'EndSession',
  meta: meta(`cmd_end_${sessionId}`),
  consumerId: 'con_1',
  sessionId,
})

export const requestCheck = (checkId: string, at: number = T0): RequestIdentityCheck => ({
  type: 'RequestIdentityCheck',
  meta: meta(`cmd_${checkId}`, at),
  consumerId: 'con_1',
  checkId,
  documentRef: null,
})

export const report = (
  outcome: KycStatus,
  over: Partial<IdentityCheckReported> & { readonly at?: number } = {},
): IdentityCheckReported => {
  const { at = T0 + HOUR, ...fields } = over
  return {
    type: 'IdentityCheckReported',
    meta: meta(`evt_${outcome}_${at}`, at),
    requestId: 'req_1',
    consumerId: 'con_1',
    checkId: 'chk_1',
    outcome,
    final: false,
    reasons: [],
    providerRef: null,
    version: null,
    ...fields,
  }
}

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})

export const refreshSession = (presented: string, next: string, at: number = T0 + HOUR): RefreshSession => ({
  type: 'RefreshSession',
  meta: meta(`cmd_refresh_${presented}_${next}`, at),
  consumerId: 'con_1',
  sessionId: 'ses_0',
  presentedHash: `hash of ${presented}`,
  tokenHash: `hash of access ${next}`,
  expiresAt: at + HOUR,
  refreshHash: `hash of ${next}`,
})

export const beginSignIn = (no: number, at: number = T0): BeginSignIn => ({
  type: 'BeginSignIn',
  meta: meta(`cmd_attempt_${no}`, at),
  consumerId: 'con_1',
})

export const requestCode = (codeId: string, purpose: CodePurpose = 'EMAIL', at: number = T0): RequestCode => ({
  type: 'RequestCode',
  meta: meta(`cmd_${codeId}`, at),
  consumerId: 'con_1',
  codeId,
  purpose,
  codeHash: `hash of the code of ${codeId}`,
  requester: null,
})

/** Presents the right code of an id; `typed` says what was typed where that was another one. */
export const confirmCode = (codeId: string, at: number = T0, typed: string | null = null): ConfirmCode => ({
  type: 'ConfirmCode',
  meta: meta(`cmd_confirm_${codeId}_${at}_${typed}`, at),
  consumerId: 'con_1',
  codeId,
  codeHash: typed === null ? `hash of the code of ${codeId}` : `hash of ${typed}`,
})

export const changePassword = (over: Partial<ChangePassword> = {}): ChangePassword => ({
  type: 'ChangePassword',
  meta: meta('cmd_change_password'),
  consumerId: 'con_1',
  passwordHash: '$argon2id$2',
  replaces: sha256('$argon2id$1'),
  keepSessionId: 'ses_0',
  ...over,
})

export const resetPassword = (codeId: string, typed: string | null = null): ResetPassword => ({
  type: 'ResetPassword',
  meta: meta(`cmd_reset_${codeId}_${typed}`),
  consumerId: 'con_1',
  codeId,
  codeHash: typed === null ? `hash of the code of ${codeId}` : `hash of ${typed}`,
  passwordHash: '$argon2id$3',
})
