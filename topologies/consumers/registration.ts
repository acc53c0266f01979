/**
 * Opening an account in two steps: asked for, and confirmed by the code that went to the address.
 *
 * Invariants: what is answered to whoever asks is the same whether or not the address has an account, and only its
 * owner is told which; nothing that is asked for changes an account that is there; what is not confirmed in time is
 * dropped.
 */
import type {
  BeginRegistration,
  ClockTicked,
  ConfirmRegistration,
  ConsumerProfile,
  ConsumerState,
  PendingRegistration,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { opened } from './account.ts'
import { ADULT_AGE, ageOn } from './age.ts'
import { codesTooMany, codeUnknown, issuedCode, presentedCode } from './codes.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'

/**
 * Takes down what somebody says of themselves and has a code sent to the address; where it has an account, its owner is
 * told instead. The last one who asks is the one who is waited for. The consumer id is made of the e-mail.
 */
export function beginRegistration(state: ConsumerState, command: BeginRegistration): readonly ConsumerFact[] {
  // First of all: the age must not be told of by some addresses only.
  if (ageOn(command.dateOfBirth, command.meta.businessDate) < ADULT_AGE) {
    return [refused(command, 'CONSUMER_UNDERAGE', `An account needs an age of ${ADULT_AGE} or more.`)]
  }
  const { consumerId, codeId, codeHash, email, language, country, timeZone } = command
  const tooMany = codesTooMany(state, 'REGISTRATION', command)
  if (tooMany !== null) return [refused(command, ...tooMany)]
  const code = issuedCode(state, { purpose: 'REGISTRATION', codeId, codeHash }, command)
  const kept: ConsumerFact = { type: 'CodeKept', code }
  if (state.profile !== null) {
    const eventMeta = childMeta(SOURCE, command, 'RegistrationRepeated')
    return [{ type: 'RegistrationRepeated', meta: eventMeta, consumerId }, kept]
  }
  const { expiresAt } = code
  const registration = { profile: profileOf(command), passwordHash: command.passwordHash, expiresAt }
  const begun = { consumerId, codeId, email, language, country, timeZone, expiresAt }
  return [
    { type: 'RegistrationBegun', meta: childMeta(SOURCE, command, 'RegistrationBegun'), ...begun },
    kept,
    { type: 'RegistrationKept', registration },
  ]
}

/** Opens the account that was asked for, with its first session, where the code is right; that proves the address. */
export function confirmRegistration(state: ConsumerState, command: ConfirmRegistration): readonly ConsumerFact[] {
  const { registration } = state
  if (state.profile !== null) return [refused(command, ...codeUnknown)]
  if (registration === null) return [unknown(command)]
  const presented = presentedCode(state, { ...command, purpose: 'REGISTRATION' }, command)
  if (!presented.isRight) return presented.facts
  const { consumerId, codeId } = command
  const { registeredAt: _askedAt, ...profile } = registration.profile
  const proved = { consumerId, codeId, purpose: 'EMAIL' } as const
  return [
    { type: 'ConsumerRegistered', meta: childMeta(SOURCE, command, 'ConsumerRegistered'), consumerId, ...profile },
    { type: 'PasswordKept', passwordHash: registration.passwordHash },
    { type: 'ContactVerified', meta: childMeta(SOURCE, command, 'ContactVerified'), ...proved },
    ...opened(command, command),
    ...presented.facts,
    { type: 'RegistrationKept', registration: null },
  ]
}

/** Drops what was asked for and not confirmed in time. */
export function lapse({ registration }: ConsumerState, tick: ClockTicked): readonly ConsumerFact[] {
  if (registration === null || tick.time < registration.expiresAt) return []
  return [{ type: 'RegistrationKept', registration: null }]
}

/** When something that was asked for is dropped; null where nothing is. */
export function lapsesAt(registration: PendingRegistration | null): number | null {
  return registration?.expiresAt ?? null
}

function profileOf(command: BeginRegistration): ConsumerProfile {
  const { email, phone, givenName, familyName, dateOfBirth, country, timeZone, language, meta } = command
  const registeredAt = meta.occurredAt
  return { email, phone, givenName, familyName, dateOfBirth, country, timeZone, language, registeredAt }
}
