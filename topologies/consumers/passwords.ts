/** Attempts to prove a password, and changes of it. The password never comes here: only its argon2id hash does. */
import type { BeginSignIn, ChangePassword, ConsumerState, ResetPassword } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { endedBut } from './account.ts'
import { presentedCode } from './codes.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'
import { hashIdOf } from './kept-password.ts'
import { areForgotten, waitAfterMs } from './sign-in-policy.ts'

/**
 * Lets an attempt begin, or not yet. It counts before anybody looks at the password, so that a thousand at once are not
 * all let through; and it counts the same where there is no account, so that the answer does not tell whether one is.
 */
export function beginSignIn({ signIn }: ConsumerState, command: BeginSignIn): readonly ConsumerFact[] {
  const { consumerId, meta } = command
  const at = meta.occurredAt
  const known = signIn === null || areForgotten(signIn.lastAt, at) ? null : signIn
  const { lockedUntil = null, attempts: before = 0 } = known ?? {}
  if (lockedUntil !== null && at < lockedUntil) {
    const locked = { consumerId, attempts: before, lockedUntil }
    return [{ type: 'SignInLocked', meta: childMeta(SOURCE, command, 'SignInLocked'), ...locked }]
  }
  const attempts = before + 1
  const waitMs = waitAfterMs(attempts)
  const next = { attempts, lockedUntil: waitMs === 0 ? null : at + waitMs }
  return [
    { type: 'SignInAllowed', meta: childMeta(SOURCE, command, 'SignInAllowed'), consumerId, ...next },
    { type: 'AttemptsKept', signIn: { ...next, lastAt: at } },
  ]
}

/** Keeps another password, where the one that was proved is still the one; other sessions end. */
export function changePassword(state: ConsumerState, command: ChangePassword): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const { replaces, passwordHash, keepSessionId } = command
  if (replaces !== hashIdOf(state)) {
    return [
      refused(command, 'PASSWORD_OUTDATED', 'The password was changed in the meantime. Sign in with the new one.'),
    ]
  }
  return passwordFacts(state, command, { passwordHash, keepSessionId, byCode: false })
}

/** Keeps another password for a one-time code; all sessions end, and attempts to sign in are forgiven. */
export function resetPassword(state: ConsumerState, command: ResetPassword): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const presented = presentedCode(state, { ...command, purpose: 'PASSWORD_RESET' }, command)
  if (!presented.isRight) return presented.facts
  const facts = passwordFacts(state, command, { ...command, keepSessionId: null, byCode: true })
  return [...facts, ...presented.facts]
}

function passwordFacts(
  state: ConsumerState,
  command: ChangePassword | ResetPassword,
  change: { readonly passwordHash: string; readonly keepSessionId: string | null; readonly byCode: boolean },
): readonly ConsumerFact[] {
  const meta = childMeta(SOURCE, command, 'PasswordChanged')
  return [
    { type: 'PasswordChanged', meta, consumerId: command.consumerId, byCode: change.byCode },
    { type: 'PasswordKept', passwordHash: change.passwordHash },
    { type: 'AttemptsKept', signIn: null },
    ...endedBut(state, command, change.keepSessionId, 'PASSWORD_CHANGED'),
  ]
}
