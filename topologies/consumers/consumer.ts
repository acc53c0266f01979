/**
 * One consumer: the account and how it is opened, its sessions, one-time codes, and where the identity check stands.
 *
 * Invariants: one account a consumer id; every command has exactly one outcome event; hashes of passwords, tokens and
 * codes are in commands and in the state only, never in an event.
 */
import type { ConsumerState } from '#schemas'
import type { Decider } from '#streams'
import { endSession, endSessions, refreshSession, register, startSession } from './account.ts'
import { confirmCode, requestCode, withCode } from './codes.ts'
import type { ConsumerFact, ConsumerInput } from './facts.ts'
import { expireCheck, movedCheck, requestCheck, takeReport } from './identity.ts'
import { checkExpiresAt, noCheck } from './kyc.ts'
import { changeNoticePreferences, doubtAddress, takeComplaint } from './notice-preferences.ts'
import { beginSignIn, changePassword, resetPassword } from './passwords.ts'
import { beginRegistration, confirmRegistration, lapse, lapsesAt } from './registration.ts'
import { withSession } from './sessions.ts'

type Rules = {
  readonly [T in ConsumerInput['type']]: (
    state: ConsumerState,
    input: Extract<ConsumerInput, { readonly type: T }>,
  ) => readonly ConsumerFact[]
}

const rules: Rules = {
  RegisterConsumer: register,
  BeginRegistration: beginRegistration,
  ConfirmRegistration: confirmRegistration,
  BeginSignIn: beginSignIn,
  StartSession: startSession,
  RefreshSession: refreshSession,
  EndSession: endSession,
  EndSessions: endSessions,
  ChangePassword: changePassword,
  ResetPassword: resetPassword,
  RequestCode: requestCode,
  ConfirmCode: confirmCode,
  RequestIdentityCheck: requestCheck,
  ChangeNoticePreferences: changeNoticePreferences,
  IdentityCheckReported: takeReport,
  NotificationReturned: takeComplaint,
  AddressUndeliverable: doubtAddress,
  ClockTicked: (state, tick) => [...expireCheck(state, tick), ...lapse(state, tick)],
}

/** The rules of one consumer; the key is the consumer id. */
export const consumer: Decider<ConsumerState, ConsumerInput, ConsumerFact> = {
  initial: (consumerId) => ({
    consumerId,
    profile: null,
    passwordHash: null,
    sessions: [],
    kyc: noCheck,
    emailVerifiedAt: null,
    phoneVerifiedAt: null,
    codes: [],
    signIn: null,
    noticeChoices: [],
    registration: null,
  }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.consumerId),
  decide: (state, input) => {
    const rule = rules[input.type] as (state: ConsumerState, input: ConsumerInput) => readonly ConsumerFact[]
    return rule(state, input)
  },
  evolve,
  dueAt: ({ kyc, registration }) => earliest(checkExpiresAt(kyc), lapsesAt(registration)),
}

function earliest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other)
}

function evolve(state: ConsumerState, fact: ConsumerFact): ConsumerState {
  switch (fact.type) {
    case 'ConsumerRegistered': {
      const { type: _type, meta, consumerId: _consumerId, ...profile } = fact
      return { ...state, profile: { ...profile, registeredAt: meta.occurredAt } }
    }
    case 'PasswordKept':
      return { ...state, passwordHash: fact.passwordHash }
    case 'AttemptsKept':
      return { ...state, signIn: fact.signIn }
    case 'RegistrationKept':
      return { ...state, registration: fact.registration }
    case 'SessionKept':
      return { ...state, sessions: withSession(state.sessions, fact) }
    case 'SessionEnded':
      return { ...state, sessions: state.sessions.filter((session) => session.sessionId !== fact.sessionId) }
    case 'CodeKept':
      return { ...state, codes: withCode(state.codes, fact.code) }
    case 'ContactVerified': {
      const at = fact.meta.occurredAt
      return fact.purpose === 'EMAIL' ? { ...state, emailVerifiedAt: at } : { ...state, phoneVerifiedAt: at }
    }
    case 'KycStatusChanged':
      return { ...state, kyc: movedCheck(state.kyc, fact) }
    case 'ReportNoted':
      return {
        ...state,
        kyc: { ...state.kyc, version: fact.version ?? state.kyc.version, reportedAt: fact.reportedAt },
      }
    case 'ContactDoubted':
      return { ...state, emailVerifiedAt: null }
    case 'NoticePreferencesChanged':
      return { ...state, noticeChoices: [...fact.choices] }
    case 'RegistrationBegun':
    case 'RegistrationRepeated':
    case 'SignInAllowed':
    case 'SignInLocked':
    case 'SessionStarted':
    case 'SessionRefreshed':
    case 'SessionsEnded':
    case 'PasswordChanged':
    case 'CodeIssued':
    case 'IdentityCheckRequested':
    case 'ConsumerCommandRefused':
      return state
  }
}
