/** Risk tiers as data: what a merchant of a tier is offered, and what its tickets may come to. */
import { minorDigits } from '#domain/money.ts'
import type { MerchantTerms, RiskTier } from '#schemas'

type TierRules = {
  /** The largest ticket, in units of about a dollar or a euro. */
  readonly ticketMax: number
  readonly feeBps: number
  /** The fixed fee of each capture, in hundredths of such a unit. */
  readonly feeFixedHundredths: number
  readonly settlementDays: number
}

const TIERS: Readonly<Record<RiskTier, TierRules>> = {
  LOW: { ticketMax: 5_000, feeBps: 300, feeFixedHundredths: 30, settlementDays: 1 },
  STANDARD: { ticketMax: 2_000, feeBps: 400, feeFixedHundredths: 30, settlementDays: 1 },
  HIGH: { ticketMax: 500, feeBps: 600, feeFixedHundredths: 30, settlementDays: 7 },
}

/** What a unit of the tiers is in currencies whose units are far smaller; 1 in all others. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ JPY: 100, KRW: 1_000, CZK: 20, MXN: 15 },
  ...{ DKK: 10, NOK: 10, SEK: 10 },
}

/** The largest ticket of a tier, in minor units of a currency; no limit for a merchant without a tier. */
export function tierTicketMaxMinor(tier: RiskTier | null, currency: string): number {
  return tier === null ? Number.MAX_SAFE_INTEGER : TIERS[tier].ticketMax * unitMinor(currency)
}

/** The terms that a merchant of a tier is taken on with. */
export function standardTerms(tier: RiskTier, currency: string, timeZone: string): MerchantTerms {
  const { feeBps, feeFixedHundredths, settlementDays } = TIERS[tier]
  const settlement = { commissionBps: 0, taxBps: 0, holdbackBps: 0, holdbackDays: 0, refundsFee: false, timeZone }
  const feeFixedMinor = Math.round((feeFixedHundredths * unitMinor(currency)) / 100)
  const given = { feeBps, feeFixedMinor, settlementDays, settlement }
  return { ...given, refundPolicy: 'LAST_FIRST', authorisationDays: null, monthly: [] }
}

function unitMinor(currency: string): number {
  return (UNITS[currency] ?? 1) * 10 ** minorDigits(currency)
}
