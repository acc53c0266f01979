import { minorDigits } from '#domain/money.ts'
import type { BureauFacts, CreditState } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import type { RuleSet } from './decision-rules.ts'
import { type Scored, scoreOf } from './scorecard.ts'

/** The currency of a limit, from the consumer's country (ISO 3166-1 alpha-2); null where no credit is given there. */
export function currencyOf({ countries }: CreditPolicy, country: string): string | null {
  return Object.hasOwn(countries, country) ? (countries[country]?.currency ?? null) : null
}

/** An amount of the policy in minor units of a currency: 600 is 600.00 USD, 60,000 JPY, 600.000 KWD. */
export function policyAmountMinor({ unitsPerDollar }: CreditPolicy, major: number, currency: string): number {
  return major * (unitsPerDollar[currency] ?? 1) * 10 ** minorDigits(currency)
}

/** The name of the band that has a score. */
export function bandOf({ bands }: CreditPolicy, score: number): string {
  return bands.find(({ scoreMin, scoreMax }) => score >= scoreMin && score <= scoreMax)?.name ?? ''
}

/** The spending limit that a score gives in a country, minor units; 0 where it gives none. */
export function limitForScore(policy: CreditPolicy, score: number, country: string): number {
  const place = policy.countries[country]
  const band = policy.bands.find(({ scoreMin, scoreMax }) => score >= scoreMin && score <= scoreMax)
  if (place === undefined || band === undefined) return 0
  return policyAmountMinor(policy, Math.min(band.limit, place.limitMax ?? band.limit), place.currency)
}

/** The currency of a consumer's limit: as it was when they came, else of their country by the policy of today. */
export function limitCurrency(policy: CreditPolicy, { profile }: CreditState): string | null {
  return profile === null ? null : (profile.currency ?? currencyOf(policy, profile.country))
}

/** The limit that a set of rules gives to a consumer, with the score it is by; null where it takes a missing model. */
export function assessed(
  { policy, model }: RuleSet,
  { report, profile, standing }: CreditState,
): { readonly limitMinor: number; readonly scored: Scored | null } | null {
  if (report === null) return null
  const scored = scoreOf(report, model)
  if (scored === null) return report.outcome === 'FROZEN' ? { limitMinor: 0, scored } : null
  if (isKnockedOut(policy, report)) return { limitMinor: 0, scored }
  const byScore = limitForScore(policy, scored.score, profile?.country ?? '')
  return { limitMinor: Math.floor((byScore * (standing?.percent ?? 100)) / 100), scored }
}

/** True where a report rules out credit, whatever its score. */
export function isKnockedOut({ knockOut }: CreditPolicy, report: BureauFacts): boolean {
  return report.outcome === 'FROZEN' || report.delinquencies > knockOut.delinquenciesMax
}
