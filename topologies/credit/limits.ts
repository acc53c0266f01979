import { minorDigits } from '#domain/money.ts'
import type { CreditPolicy } from './credit-policy.ts'

/** The currency of a limit, from the consumer's country (ISO 3166-1 alpha-2); null where no credit is given there. */
export function currencyOf({ countries }: CreditPolicy, country: string): string | null {
  return Object.hasOwn(countries, country) ? (countries[country]?.currency ?? null) : null
}

/** An amount of the policy in minor units of a currency: 600 is 600.00 USD, 60,000 JPY, 600.000 KWD. */
export function policyAmountMinor({ unitsPerDollar }: CreditPolicy, major: number, currency: string): number {
  return major * (unitsPerDollar[currency] ?? 1) * 10 ** minorDigits(currency)
}

/** The spending limit that a score gives in a country, minor units; 0 where it gives none. */
export function limitForScore(policy: CreditPolicy, score: number, country: string): number {
  const place = policy.countries[country]
  const band = policy.bands.find(({ scoreMin, scoreMax }) => score >= scoreMin && score <= scoreMax)
  if (place === undefined || band === undefined) return 0
  return policyAmountMinor(policy, Math.min(band.limit, place.limitMax ?? band.limit), place.currency)
}
