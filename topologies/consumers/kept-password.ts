import { sha256 } from '#domain/ids.ts'
import type { ConsumerState, StartSession } from '#schemas'
import type { ConsumerFact } from './facts.ts'

/** Names the hash that is kept without being it; null where there is no password. */
export function hashIdOf({ passwordHash }: ConsumerState): string | null {
  return passwordHash === null ? null : sha256(passwordHash)
}

/** The hash of a password at today's cost, where the one that it was proved by is still kept. */
export function rehashed(state: ConsumerState, { rehash }: StartSession): readonly ConsumerFact[] {
  if (rehash === null || rehash.replaces !== hashIdOf(state)) return []
  return [{ type: 'PasswordKept', passwordHash: rehash.passwordHash }]
}
