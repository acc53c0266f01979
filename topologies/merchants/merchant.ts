/**
 * One merchant: its terms, whether it may sell, and its API keys.
 *
 * Invariants: a merchant is taken on once; a closed one stays closed; every command has exactly one outcome event; key
 * hashes are in the state only.
 */
import type {
  ApiKeyIssued,
  ApiKeyRevoked,
  ChangeMerchantStatus,
  IssueApiKey,
  MerchantState,
  OnboardMerchant,
  RevokeApiKey,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import { type AccountCommand, type MerchantFact, type MerchantInput, refused, SOURCE } from './facts.ts'
import { NEXT_STATUS } from './merchant-status.ts'
import { termsProblem } from './onboarding.ts'

/** API keys a merchant may have at a time. */
export const API_KEYS_MAX = 10

/** The rules of one merchant; the key is the merchant id. */
export const merchant: Decider<MerchantState, MerchantInput, MerchantFact> = {
  initial: (merchantId) => ({ merchantId, account: null, apiKeys: [] }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.merchantId),
  decide: (state, input) => {
    switch (input.type) {
      case 'OnboardMerchant':
        return onboard(state, input)
      case 'ChangeMerchantStatus':
        return changeStatus(state, input)
      case 'IssueApiKey':
        return issueKey(state, input)
      case 'RevokeApiKey':
        return revokeKey(state, input)
      case 'ClockTicked':
        return []
    }
  },
  evolve,
}

function onboard(state: MerchantState, command: OnboardMerchant): readonly MerchantFact[] {
  if (state.account !== null) return [refused(command, 'MERCHANT_EXISTS', 'The merchant was taken on before.')]
  const problem = termsProblem(command)
  if (problem !== null) return [refused(command, ...problem)]
  const { type: _type, meta: _meta, apiKeyHash, ...onboarded } = command
  return [
    { type: 'MerchantOnboarded', meta: childMeta(SOURCE, command, 'MerchantOnboarded'), ...onboarded },
    { type: 'ApiKeyKept', apiKey: { apiKeyId: command.apiKeyId, apiKeyHash } },
  ]
}

function changeStatus(state: MerchantState, command: ChangeMerchantStatus): readonly MerchantFact[] {
  if (state.account === null) return [unknown(command)]
  const { status: previous } = state.account
  const { merchantId, status, reason } = command
  if (status === previous) {
    return [refused(command, 'STATUS_UNCHANGED', `The merchant is ${previous} already.`)]
  }
  if (!NEXT_STATUS[previous].includes(status)) return [closed(command)]
  const meta = childMeta(SOURCE, command, 'MerchantStatusChanged')
  return [{ type: 'MerchantStatusChanged', meta, merchantId, status, previous, reason }]
}

function issueKey(state: MerchantState, command: IssueApiKey): readonly MerchantFact[] {
  if (state.account === null) return [unknown(command)]
  if (state.account.status === 'CLOSED') return [closed(command)]
  const { merchantId, apiKeyId, apiKeyHash } = command
  if (state.apiKeys.some((key) => key.apiKeyId === apiKeyId)) {
    return [refused(command, 'API_KEY_EXISTS', `There is an API key ${apiKeyId} already.`)]
  }
  if (state.apiKeys.length >= API_KEYS_MAX) {
    return [
      refused(command, 'API_KEYS_TOO_MANY', `A merchant has at most ${API_KEYS_MAX} API keys. Withdraw one first.`),
    ]
  }
  const issued: ApiKeyIssued = {
    type: 'ApiKeyIssued',
    meta: childMeta(SOURCE, command, 'ApiKeyIssued'),
    merchantId,
    apiKeyId,
  }
  return [issued, { type: 'ApiKeyKept', apiKey: { apiKeyId, apiKeyHash } }]
}

function revokeKey(state: MerchantState, command: RevokeApiKey): readonly MerchantFact[] {
  if (state.account === null) return [unknown(command)]
  const { merchantId, apiKeyId } = command
  if (!state.apiKeys.some((key) => key.apiKeyId === apiKeyId)) {
    return [refused(command, 'API_KEY_UNKNOWN', `There is no API key ${apiKeyId}, or it was withdrawn before.`)]
  }
  const meta = childMeta(SOURCE, command, 'ApiKeyRevoked')
  const revoked: ApiKeyRevoked = { type: 'ApiKeyRevoked', meta, merchantId, apiKeyId }
  return [revoked]
}

function unknown(command: AccountCommand): MerchantFact {
  return refused(command, 'MERCHANT_UNKNOWN', 'There is no such merchant. Take it on first.')
}

function closed(command: AccountCommand): MerchantFact {
  return refused(command, 'MERCHANT_CLOSED', 'The merchant is closed, and stays so.')
}

function evolve(state: MerchantState, fact: MerchantFact): MerchantState {
  switch (fact.type) {
    case 'MerchantOnboarded': {
      const { type: _type, meta, merchantId: _merchantId, apiKeyId: _apiKeyId, ...account } = fact
      return { ...state, account: { ...account, status: 'ACTIVE', onboardedAt: meta.occurredAt } }
    }
    case 'MerchantStatusChanged':
      return state.account === null ? state : { ...state, account: { ...state.account, status: fact.status } }
    case 'ApiKeyKept':
      return { ...state, apiKeys: [...state.apiKeys, fact.apiKey] }
    case 'ApiKeyRevoked':
      return { ...state, apiKeys: state.apiKeys.filter((key) => key.apiKeyId !== fact.apiKeyId) }
    case 'ApiKeyIssued':
    case 'MerchantCommandRefused':
      return state
  }
}
