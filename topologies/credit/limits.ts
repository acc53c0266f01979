import { minorDigits } from '#domain/money.ts'
import { POLICY } from './policy.ts'

/** Countries where credit is given, each with the currency of the limit. */
const CURRENCY_OF: Readonly<Record<string, string>> = {
  AT: 'EUR',
  AU: 'AUD',
  BE: 'EUR',
  BH: 'BHD',
  CA: 'CAD',
  CH: 'CHF',
  CZ: 'CZK',
  DE: 'EUR',
  DK: 'DKK',
  EE: 'EUR',
  ES: 'EUR',
  FI: 'EUR',
  FR: 'EUR',
  GB: 'GBP',
  GR: 'EUR',
  HR: 'EUR',
  IE: 'EUR',
  IT: 'EUR',
  JP: 'JPY',
  KR: 'KRW',
  KW: 'KWD',
  LT: 'EUR',
  LU: 'EUR',
  LV: 'EUR',
  MT: 'EUR',
  MX: 'MXN',
  NL: 'EUR',
  NO: 'NOK',
  NZ: 'NZD',
  PL: 'PLN',
  PT: 'EUR',
  SE: 'SEK',
  SG: 'SGD',
  SI: 'EUR',
  SK: 'EUR',
  TN: 'TND',
  US: 'USD',
}

/** How many units stand for about one US dollar, as a power of ten; 1 where it is not said. */
const UNITS_PER_DOLLAR: Readonly<Record<string, number>> = {
  CZK: 10,
  DKK: 10,
  JPY: 100,
  KRW: 1_000,
  MXN: 10,
  NOK: 10,
  SEK: 10,
}

/** The currency of a limit, from the consumer's country (ISO 3166-1 alpha-2); null where no credit is given there. */
export function currencyOf(country: string): string | null {
  return CURRENCY_OF[country] ?? null
}

/** An amount of the policy in minor units of a currency: 600 is 600.00 USD, 60,000 JPY, 600.000 KWD. */
export function policyAmountMinor(major: number, currency: string): number {
  return major * (UNITS_PER_DOLLAR[currency] ?? 1) * 10 ** minorDigits(currency)
}

/** The spending limit that a score gives; 0 below the last band. */
export function limitForScore(score: number, currency: string): number {
  const band = POLICY.bands.find(({ scoreMin }) => score >= scoreMin)
  return band === undefined ? 0 : policyAmountMinor(band.limitMajor, currency)
}
