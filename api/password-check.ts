import type { ConsumerState } from '#schemas'
import type { RequestIdentity } from './command-gateway.ts'
import { consumerWay } from './command-ways.ts'
import type { ApiParts } from './parts.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { Problem } from './problems.ts'

/** Proves a password. @throws Problem SIGN_IN_LOCKED, CREDENTIALS_WRONG */
export type PasswordCheck = (consumerId: string, password: string, request: RequestIdentity) => Promise<string>

/**
 * The check of passwords; it answers with the hash that was matched. The attempt is a command that is counted before
 * anybody looks at the password. A repeat of the same request is the same attempt, and is not counted again. An account
 * that is not there is counted, refused and takes as long as one that is.
 */
export function passwordCheck(parts: ApiParts): PasswordCheck {
  let decoy: Promise<string> | null = null
  return async (consumerId, password, request) => {
    await beginAttempt(parts, consumerId, request)
    const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', consumerId, {
      partitionKey: consumerId,
    })
    decoy ??= hashPassword('a password nobody has')
    const hash = state?.passwordHash ?? null
    const matches = await verifyPassword(password, hash ?? (await decoy))
    if (matches && hash !== null) return hash
    throw new Problem(401, 'CREDENTIALS_WRONG', 'The e-mail address or the password is wrong.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
}

async function beginAttempt(parts: ApiParts, consumerId: string, request: RequestIdentity): Promise<void> {
  const { event } = await parts.commands.run({
    request: { ...request, path: `${request.path}/attempt` },
    ...consumerWay(parts),
    partitionKey: consumerId,
    outcomes: ['SignInAllowed', 'SignInLocked'],
    build: (meta) => ({ type: 'BeginSignIn' as const, meta, consumerId }),
  })
  if (event.type !== 'SignInLocked') return
  const seconds = Math.max(1, Math.ceil((event.lockedUntil - parts.time.now().timeMs) / 1_000))
  const from = new Date(event.lockedUntil).toISOString()
  throw new Problem(
    429,
    'SIGN_IN_LOCKED',
    `There were too many attempts to sign in with this address. Try again from ${from}, or set a new password.`,
    { headers: { 'retry-after': String(seconds) } },
  )
}
