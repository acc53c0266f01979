/**
 * One consumer: the account, its sessions, and where the identity check stands.
 *
 * Invariants: one account a consumer id; every command has exactly one outcome event; password and token hashes are in
 * the state only.
 */
import type { ConsumerState, KycState, KycStatusChanged } from '#schemas'
import type { Decider } from '#streams'
import { endSession, register, startSession } from './account.ts'
import type { ConsumerFact, ConsumerInput } from './facts.ts'
import { expireCheck, requestCheck, takeReport } from './identity.ts'
import { checkExpiresAt, noCheck } from './kyc.ts'
import { withSession } from './sessions.ts'

/** The rules of one consumer; the key is the consumer id. */
export const consumer: Decider<ConsumerState, ConsumerInput, ConsumerFact> = {
  initial: (consumerId) => ({ consumerId, profile: null, passwordHash: null, sessions: [], kyc: noCheck }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.consumerId),
  decide: (state, input) => {
    switch (input.type) {
      case 'RegisterConsumer':
        return register(state, input)
      case 'StartSession':
        return startSession(state, input)
      case 'EndSession':
        return endSession(state, input)
      case 'RequestIdentityCheck':
        return requestCheck(state, input)
      case 'IdentityCheckReported':
        return takeReport(state, input)
      case 'ClockTicked':
        return expireCheck(state, input)
    }
  },
  evolve,
  dueAt: (state) => checkExpiresAt(state.kyc),
}

function evolve(state: ConsumerState, fact: ConsumerFact): ConsumerState {
  switch (fact.type) {
    case 'ConsumerRegistered': {
      const { type: _type, meta, consumerId: _consumerId, ...profile } = fact
      return { ...state, profile: { ...profile, registeredAt: meta.occurredAt } }
    }
    case 'PasswordKept':
      return { ...state, passwordHash: fact.passwordHash }
    case 'SessionKept':
      return { ...state, sessions: withSession(state.sessions, fact) }
    case 'SessionEnded':
      return { ...state, sessions: state.sessions.filter((session) => session.sessionId !== fact.sessionId) }
    case 'KycStatusChanged':
      return { ...state, kyc: moved(state.kyc, fact) }
    case 'SessionStarted':
    case 'IdentityCheckRequested':
    case 'ConsumerCommandRefused':
      return state
  }
}

function moved(kyc: KycState, { status, checkId, final, reasons, meta }: KycStatusChanged): KycState {
  const isNew = status === 'PENDING'
  const requestedAt = isNew ? meta.occurredAt : kyc.requestedAt
  const reportedAt = isNew ? null : meta.occurredAt
  return { status, checkId, final, reasons, requestedAt, reportedAt }
}
