/** Inputs of the consumers topology, for its tests. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import type {
  ClockTicked,
  EndSession,
  Envelope,
  IdentityCheckReported,
  KycStatus,
  RegisterConsumer,
  RequestIdentityCheck,
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

export const register = (over: Partial<RegisterConsumer> = {}): RegisterConsumer => ({
  type: 'RegisterConsumer',
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
  sessionId: 'ses_0',
  sessionTokenHash: 'hash of ses_0',
  sessionExpiresAt: T0 + 240 * HOUR,
  ...over,
})

export const startSession = (sessionId: string, at: number = T0): StartSession => ({
  type: 'StartSession',
  meta: meta(`cmd_${sessionId}`, at),
  consumerId: 'con_1',
  sessionId,
  tokenHash: `hash of ${sessionId}`,
  expiresAt: at + 240 * HOUR,
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
    ...fields,
  }
}

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})
