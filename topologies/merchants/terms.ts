/**
 * The terms of a merchant: versions, each from a time on. A checkout keeps those that were in force when it was made,
 * so that a change never reaches back.
 */
import type {
  ChangeMerchantTerms,
  ChangeRiskTier,
  ClockTicked,
  MerchantAccount,
  MerchantState,
  MerchantTermsChanged,
  MerchantTermsInForce,
  MerchantTermsVersion,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { closed, type MerchantFact, refused, SOURCE, unknown } from './facts.ts'
import { termsProblem } from './onboarding.ts'

/** Terms as a checkout keeps them, and the range of its amount. */
export type TermsInForce = Pick<MerchantTermsVersion, 'terms' | 'ticketMinMinor' | 'ticketMaxMinor'>

/** The terms in force at a business time: the tick that says their time has come may still be on its way. */
export function termsAt(account: MerchantAccount, at: number): TermsInForce {
  return account.nextTerms.findLast((next) => next.effectiveFrom <= at) ?? account
}

/** Agrees on other terms, from a time on that is not over. */
export function changeTerms(state: MerchantState, command: ChangeMerchantTerms): readonly MerchantFact[] {
  const { account } = state
  if (account === null) return [unknown(command)]
  if (account.status === 'CLOSED') return [closed(command)]
  const problem = termsProblem(command)
  if (problem !== null) return [refused(command, ...problem)]
  const { merchantId, effectiveFrom, ticketMinMinor, ticketMaxMinor, meta } = command
  const { settlement } = command.terms
  const inOwnZone = settlement === null ? null : { ...settlement, timeZone: account.timeZone }
  const terms = { ...command.terms, settlement: inOwnZone }
  const last = account.nextTerms.at(-1)
  if (effectiveFrom < meta.occurredAt || (last !== undefined && effectiveFrom <= last.effectiveFrom)) {
    const detail = 'Terms begin now or later, and after those that are agreed already. Give a later time.'
    return [refused(command, 'TERMS_TIME_INVALID', detail)]
  }
  const version = (last?.version ?? account.termsVersion) + 1
  const agreed = { version, terms, ticketMinMinor, ticketMaxMinor }
  const changed: MerchantTermsChanged = {
    type: 'MerchantTermsChanged',
    meta: childMeta(SOURCE, command, 'MerchantTermsChanged'),
    ...{ merchantId, effectiveFrom, ...agreed },
  }
  return effectiveFrom > meta.occurredAt
    ? [changed]
    : [changed, inForce(merchantId, { ...agreed, effectiveFrom }, command)]
}

/** When the next terms come into force; null where none are agreed. */
export function termsDueAt({ account }: MerchantState): number | null {
  return account?.nextTerms[0]?.effectiveFrom ?? null
}

/** Says which agreed terms a tick brings into force. */
export function termsOfTick({ merchantId, account }: MerchantState, tick: ClockTicked): readonly MerchantFact[] {
  const due = (account?.nextTerms ?? []).filter((next) => next.effectiveFrom <= tick.time)
  return due.map((next) => inForce(merchantId, next, tick))
}

/** Moves a merchant to another risk tier, which limits its tickets from the next checkout on. */
export function changeTier(state: MerchantState, command: ChangeRiskTier): readonly MerchantFact[] {
  const { account } = state
  if (account === null) return [unknown(command)]
  if (account.status === 'CLOSED') return [closed(command)]
  const { merchantId, tier, reason } = command
  if (account.tier === tier) return [refused(command, 'TIER_UNCHANGED', `The merchant is in the tier ${tier} already.`)]
  const meta = childMeta(SOURCE, command, 'RiskTierChanged')
  return [{ type: 'RiskTierChanged', meta, merchantId, tier, previous: account.tier, reason }]
}

/** The account with terms that are agreed, or that come into force. */
export function withTerms(
  account: MerchantAccount,
  event: MerchantTermsChanged | MerchantTermsInForce,
): MerchantAccount {
  const { version, terms, ticketMinMinor, ticketMaxMinor } = event
  if (event.type === 'MerchantTermsChanged') {
    const next = { version, effectiveFrom: event.effectiveFrom, terms, ticketMinMinor, ticketMaxMinor }
    return { ...account, nextTerms: [...account.nextTerms, next] }
  }
  const nextTerms = account.nextTerms.filter((next) => next.version > version)
  return { ...account, termsVersion: version, terms, ticketMinMinor, ticketMaxMinor, nextTerms }
}

function inForce(
  merchantId: string,
  next: MerchantTermsVersion,
  cause: ChangeMerchantTerms | ClockTicked,
): MerchantTermsInForce {
  const { version, terms, ticketMinMinor, ticketMaxMinor } = next
  const meta = childMeta(SOURCE, cause, 'MerchantTermsInForce', merchantId, version)
  return { type: 'MerchantTermsInForce', meta, merchantId, version, terms, ticketMinMinor, ticketMaxMinor }
}
