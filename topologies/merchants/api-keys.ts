/** The API keys of a merchant: given out, replaced, withdrawn. Only their hashes are here. */
import type { IssueApiKey, MerchantApiKey, MerchantState, RevokeApiKey, RotateApiKey } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { closed, type MerchantFact, refused, SOURCE, unknown } from './facts.ts'

/** API keys a merchant may have at a time; those that have ended do not count. */
export const API_KEYS_MAX = 10
/** How long a key that has a successor is taken at most. Milliseconds. */
const OVERLAP_MS_MAX = 7 * 86_400_000

/** Gives a merchant another key. */
export function issueKey(state: MerchantState, command: IssueApiKey): readonly MerchantFact[] {
  const { merchantId, apiKeyId, apiKeyHash } = command
  const refusal = newKeyRefusal(state, command, apiKeyId)
  if (refusal !== null) return [refusal]
  return [
    { type: 'ApiKeyIssued', meta: childMeta(SOURCE, command, 'ApiKeyIssued'), merchantId, apiKeyId },
    { type: 'ApiKeyKept', apiKey: { apiKeyId, apiKeyHash, endsAt: null } },
  ]
}

/** Gives a key a successor and an end, so that a shop can change over without a gap. */
export function rotateKey(state: MerchantState, command: RotateApiKey): readonly MerchantFact[] {
  const { merchantId, apiKeyId, endsAt, newApiKeyId, newApiKeyHash, meta } = command
  const refusal = newKeyRefusal(state, command, newApiKeyId)
  if (refusal !== null) return [refusal]
  const old = liveKeys(state, meta.occurredAt).find((key) => key.apiKeyId === apiKeyId)
  if (old === undefined) return [noKey(command)]
  if (endsAt < meta.occurredAt || endsAt > meta.occurredAt + OVERLAP_MS_MAX) {
    return [refused(command, 'API_KEY_END_INVALID', 'The old key ends now, or within seven days. Give such a time.')]
  }
  return [
    {
      type: 'ApiKeyRotated',
      meta: childMeta(SOURCE, command, 'ApiKeyRotated'),
      merchantId,
      apiKeyId,
      endsAt,
      newApiKeyId,
    },
    { type: 'ApiKeyKept', apiKey: { ...old, endsAt: Math.min(endsAt, old.endsAt ?? endsAt) } },
    { type: 'ApiKeyKept', apiKey: { apiKeyId: newApiKeyId, apiKeyHash: newApiKeyHash, endsAt: null } },
  ]
}

/** Withdraws a key at once. */
export function revokeKey(state: MerchantState, command: RevokeApiKey): readonly MerchantFact[] {
  if (state.account === null) return [unknown(command)]
  const { merchantId, apiKeyId, meta } = command
  if (!liveKeys(state, meta.occurredAt).some((key) => key.apiKeyId === apiKeyId)) return [noKey(command)]
  return [{ type: 'ApiKeyRevoked', meta: childMeta(SOURCE, command, 'ApiKeyRevoked'), merchantId, apiKeyId }]
}

/** The keys with one as it stands now. */
export function withKey(keys: readonly MerchantApiKey[], key: MerchantApiKey): readonly MerchantApiKey[] {
  const index = keys.findIndex((one) => one.apiKeyId === key.apiKeyId)
  return index < 0 ? [...keys, key] : keys.toSpliced(index, 1, key)
}

function newKeyRefusal(state: MerchantState, command: IssueApiKey | RotateApiKey, newId: string): MerchantFact | null {
  if (state.account === null) return unknown(command)
  if (state.account.status === 'CLOSED') return closed(command)
  if (state.apiKeys.some((key) => key.apiKeyId === newId)) {
    return refused(command, 'API_KEY_EXISTS', `There is an API key ${newId} already.`)
  }
  if (liveKeys(state, command.meta.occurredAt).length < API_KEYS_MAX) return null
  return refused(command, 'API_KEYS_TOO_MANY', `A merchant has at most ${API_KEYS_MAX} API keys. Withdraw one first.`)
}

function liveKeys({ apiKeys }: MerchantState, at: number): readonly MerchantApiKey[] {
  return apiKeys.filter(({ endsAt }) => endsAt === null || endsAt > at)
}

function noKey(command: RotateApiKey | RevokeApiKey): MerchantFact {
  const detail = `There is no API key ${command.apiKeyId}, or it was withdrawn or has ended.`
  return refused(command, 'API_KEY_UNKNOWN', detail)
}
