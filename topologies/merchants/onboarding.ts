import { AUTHORISATION_DAYS_MAX } from '#domain/authorisation-days.ts'
import { daysOfYear } from '#domain/day-count.ts'
import { currencies } from '#domain/money.ts'
import { MONTHLY_INSTALMENTS_MAX, MONTHLY_RATE_MAX_PPM } from '#domain/monthly-schedule.ts'
import { refundPolicies } from '#domain/refund.ts'
import type { MonthlyTerms, OnboardMerchant, SettlementTerms } from '#schemas'

const BPS_WHOLE = 10_000
const SETTLEMENT_DAYS_MAX = 90

/** What is wrong, as a stable code and what it means. */
export type Problem = readonly [code: string, detail: string]

/** What is wrong with the currency of a merchant; null where nothing is. */
export function currencyProblem(currency: string): Problem | null {
  if (currencies.includes(currency)) return null
  return ['CURRENCY_UNKNOWN', `The platform does not take ${currency}. It takes ${currencies.join(', ')}.`]
}

/** What is wrong with terms and the range of tickets; null where nothing is. */
export function termsProblem(
  agreed: Pick<OnboardMerchant, 'terms' | 'ticketMinMinor' | 'ticketMaxMinor'>,
): Problem | null {
  const { feeBps, feeFixedMinor, settlementDays, refundPolicy, authorisationDays } = agreed.terms
  const { ticketMinMinor, ticketMaxMinor } = agreed
  if (feeBps < 0 || feeBps > BPS_WHOLE) {
    return ['TERMS_INVALID', `The fee must be between 0 and ${BPS_WHOLE} basis points.`]
  }
  if (feeFixedMinor < 0) return ['TERMS_INVALID', 'The fixed fee must not be below 0.']
  if (settlementDays < 0 || settlementDays > SETTLEMENT_DAYS_MAX) {
    return ['TERMS_INVALID', `The days to settlement must be between 0 and ${SETTLEMENT_DAYS_MAX}.`]
  }
  if (refundPolicy !== null && !(refundPolicy in refundPolicies)) {
    return [
      'TERMS_INVALID',
      `There is no refund policy ${refundPolicy}; known: ${Object.keys(refundPolicies).join(', ')}.`,
    ]
  }
  if (authorisationDays !== null && (authorisationDays < 1 || authorisationDays > AUTHORISATION_DAYS_MAX)) {
    return ['TERMS_INVALID', `The days of an authorisation must be between 1 and ${AUTHORISATION_DAYS_MAX}.`]
  }
  const monthly = monthlyProblem(agreed.terms.monthly)
  if (monthly !== null) return ['TERMS_INVALID', monthly]
  const { settlement } = agreed.terms
  if (settlement !== null && !isSettlementOrdered(settlement)) {
    return ['TERMS_INVALID', `Shares must be between 0 and ${BPS_WHOLE} basis points, days to a release from 0.`]
  }
  if (ticketMinMinor < 1 || ticketMaxMinor < ticketMinMinor) {
    return ['TICKET_RANGE_INVALID', 'The smallest ticket must be above 0 and the largest must not be below it.']
  }
  return null
}

/** What is wrong with the monthly plans of terms; null where nothing is. */
function monthlyProblem(offers: readonly MonthlyTerms[]): string | null {
  for (const { instalments, interest, ratePpm, dayCount } of offers) {
    if (!(instalments >= 2 && instalments <= MONTHLY_INSTALMENTS_MAX)) {
      return `A monthly plan has 2 to ${MONTHLY_INSTALMENTS_MAX} instalments, not ${instalments}.`
    }
    if (!['NONE', 'FLAT', 'DECLINING'].includes(interest)) return `There is no interest ${interest}.`
    if (!Object.hasOwn(daysOfYear, dayCount)) return `There is no day count ${dayCount}.`
    if (ratePpm < 0 || ratePpm > MONTHLY_RATE_MAX_PPM || (ratePpm === 0) !== (interest === 'NONE')) {
      return `The rate must be 0 without interest, else above 0 and at most ${MONTHLY_RATE_MAX_PPM} parts per million.`
    }
  }
  const isTwice = new Set(offers.map((one) => one.instalments)).size < offers.length
  return isTwice ? 'Of one number of instalments there is one monthly plan.' : null
}

function isSettlementOrdered({ commissionBps, taxBps, holdbackBps, holdbackDays }: SettlementTerms): boolean {
  const shares = [commissionBps, taxBps, holdbackBps]
  return shares.every((share) => share >= 0 && share <= BPS_WHOLE) && holdbackDays >= 0
}
