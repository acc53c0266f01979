/**
 * One merchant: its application, its terms and risk tier, whether it may sell, and its API keys.
 *
 * Invariants: a merchant is taken on once; a closed one stays closed; every command has exactly one outcome event; key
 * hashes are in the state only.
 *
 * What a suspension stops: new checkouts and purchases (checkout.ts), and payouts (the settlement topology). What was
 * authorised may still be captured, released and refunded: consumers have been promised it.
 */
import { isLegal } from '#domain/state-machine.ts'
import type { ChangeMerchantStatus, ClockTicked, MerchantState, OnboardMerchant } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import { issueKey, revokeKey, rotateKey, withKey } from './api-keys.ts'
import { apply, askAgain, decideApplication, takeCheck } from './application.ts'
import { closed, type MerchantFact, type MerchantInput, refused, SOURCE, unknown } from './facts.ts'
import { merchantMachine } from './merchant-machine.ts'
import { currencyProblem, termsProblem } from './onboarding.ts'
import { changeTerms, changeTier, termsDueAt, termsOfTick, withTerms } from './terms.ts'

type Rules = {
  readonly [T in MerchantInput['type']]: (
    state: MerchantState,
    input: Extract<MerchantInput, { readonly type: T }>,
  ) => readonly MerchantFact[]
}

const rules: Rules = {
  OnboardMerchant: onboard,
  ApplyMerchant: apply,
  MerchantCheckReported: takeCheck,
  DecideApplication: decideApplication,
  ChangeMerchantStatus: changeStatus,
  ChangeMerchantTerms: changeTerms,
  ChangeRiskTier: changeTier,
  IssueApiKey: issueKey,
  RotateApiKey: rotateKey,
  RevokeApiKey: revokeKey,
  ClockTicked: (state, tick: ClockTicked) => [...askAgain(state, tick), ...termsOfTick(state, tick)],
}

/** The rules of one merchant; the key is the merchant id. */
export const merchant: Decider<MerchantState, MerchantInput, MerchantFact> = {
  initial: (merchantId) => ({ merchantId, account: null, apiKeys: [], application: null }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.merchantId),
  decide: (state, input) => {
    const rule = rules[input.type] as (state: MerchantState, input: MerchantInput) => readonly MerchantFact[]
    return rule(state, input)
  },
  evolve,
  dueAt: (state) => {
    const times = [state.application?.askAgainAt ?? null, termsDueAt(state)].filter((at) => at !== null)
    return times.length === 0 ? null : Math.min(...times)
  },
}

function onboard(state: MerchantState, command: OnboardMerchant): readonly MerchantFact[] {
  if (state.account !== null || state.application !== null) {
    return [refused(command, 'MERCHANT_EXISTS', 'The merchant applied or was taken on before.')]
  }
  const problem = currencyProblem(command.currency) ?? termsProblem(command)
  if (problem !== null) return [refused(command, ...problem)]
  const { type: _type, meta: _meta, apiKeyHash, ...onboarded } = command
  return [
    { type: 'MerchantOnboarded', meta: childMeta(SOURCE, command, 'MerchantOnboarded'), ...onboarded },
    { type: 'ApiKeyKept', apiKey: { apiKeyId: command.apiKeyId, apiKeyHash, endsAt: null } },
  ]
}

function changeStatus(state: MerchantState, command: ChangeMerchantStatus): readonly MerchantFact[] {
  if (state.account === null) return [unknown(command)]
  const { status: previous } = state.account
  const { merchantId, status, reason } = command
  if (status === previous) {
    return [refused(command, 'STATUS_UNCHANGED', `The merchant is ${previous} already.`)]
  }
  if (!isLegal(merchantMachine, previous, 'MerchantStatusChanged', status)) return [closed(command)]
  const meta = childMeta(SOURCE, command, 'MerchantStatusChanged')
  return [{ type: 'MerchantStatusChanged', meta, merchantId, status, previous, reason }]
}

function evolve(state: MerchantState, fact: MerchantFact): MerchantState {
  switch (fact.type) {
    case 'MerchantOnboarded': {
      const { type: _type, meta, merchantId: _merchantId, apiKeyId: _apiKeyId, ...account } = fact
      const started = { status: 'ACTIVE', onboardedAt: meta.occurredAt, termsVersion: 1, nextTerms: [] } as const
      return { ...state, account: { ...account, ...started } }
    }
    case 'ApplicationKept': {
      const { details, apiKeyId, apiKeyHash } = fact
      const { merchantId: _merchantId, ...kept } = details
      const begun = { requestId: '', attempt: 0, askAgainAt: null, reasons: [] }
      return { ...state, application: { status: 'APPLIED', ...kept, ...begun, apiKeyId, apiKeyHash } }
    }
    case 'MerchantStatusChanged':
    case 'MerchantTermsChanged':
    case 'MerchantTermsInForce':
    case 'RiskTierChanged':
      return { ...state, account: state.account === null ? null : accountAfter(state.account, fact) }
    case 'MerchantCheckRequested':
    case 'CheckDeferred':
    case 'ApplicationStatusChanged':
      return { ...state, application: state.application === null ? null : applicationAfter(state.application, fact) }
    case 'ApiKeyKept':
      return { ...state, apiKeys: withKey(state.apiKeys, fact.apiKey) }
    case 'ApiKeyRevoked':
      return { ...state, apiKeys: state.apiKeys.filter((key) => key.apiKeyId !== fact.apiKeyId) }
    case 'MerchantApplied':
    case 'ApiKeyIssued':
    case 'ApiKeyRotated':
    case 'MerchantCommandRefused':
      return state
  }
}

type Account = NonNullable<MerchantState['account']>
type Application = NonNullable<MerchantState['application']>
type Of<T extends MerchantFact['type']> = Extract<MerchantFact, { readonly type: T }>

function accountAfter(
  account: Account,
  fact: Of<'MerchantStatusChanged' | 'MerchantTermsChanged' | 'MerchantTermsInForce' | 'RiskTierChanged'>,
): Account {
  switch (fact.type) {
    case 'MerchantStatusChanged':
      return { ...account, status: fact.status }
    case 'RiskTierChanged':
      return { ...account, tier: fact.tier }
    default:
      return withTerms(account, fact)
  }
}

function applicationAfter(
  application: Application,
  fact: Of<'MerchantCheckRequested' | 'CheckDeferred' | 'ApplicationStatusChanged'>,
): Application {
  switch (fact.type) {
    case 'MerchantCheckRequested':
      return { ...application, requestId: fact.requestId, attempt: application.attempt + 1, askAgainAt: null }
    case 'CheckDeferred':
      return { ...application, askAgainAt: fact.askAgainAt }
    case 'ApplicationStatusChanged':
      return { ...application, status: fact.status, reasons: fact.reasons }
  }
}
