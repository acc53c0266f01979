/**
 * Late fees: one engine, a table of schemes. Amounts of the table are in major units of the purchase's currency.
 * Fees never compound: they follow from the order and from days, never from other fees, and a retry is not a new fee.
 */
import { dateToMs } from '#domain/calendar.ts'
import { lateOn, type Pause } from '#domain/delinquency.ts'
import type { RollingCap } from '#domain/fee-cap.ts'
import { minorDigits } from '#domain/money.ts'

/** A fee of one late instalment. */
export type FeeStep = {
  readonly rule: 'FIRST' | 'SECOND' | 'ONCE'
  readonly amountMajor: number
  /** Days after the instalment was due, or after the step before. */
  readonly afterDays: number
  /** Hour of that day (UTC) from which it is charged. */
  readonly atHour: number
}

/** What orders of a size may cost in late fees at most; null where there is no such limit. */
export type FeeTier = {
  readonly orderFromMajor: number
  readonly feesMax: number | null
  readonly shareBpsMax: number | null
  readonly totalMajorMax: number | null
}

/** The late fees of a lender: the steps of one instalment in order, and tiers by size of order, smallest first. */
export type LateFeeScheme = {
  readonly steps: readonly FeeStep[]
  readonly tiers: readonly [FeeTier, ...FeeTier[]]
  /** What the law allows for one consumer over ALL plans in so many months; null where it says nothing. */
  readonly consumerCap: ConsumerCap | null
}

/** At most so much in default fees in months that roll with the date, in the currency of the law alone. */
export type ConsumerCap = { readonly currency: string; readonly totalMajor: number; readonly months: number }

/** The schemes by name. */
export const lateFeeSchemes = {
  /** One fee below 40; from 40 on 10 and, a week later, 7, up to a quarter of the order or 68. */
  AFTERPAY_AU: {
    steps: [
      { rule: 'FIRST', amountMajor: 10, afterDays: 2, atHour: 0 },
      { rule: 'SECOND', amountMajor: 7, afterDays: 7, atHour: 0 },
    ],
    tiers: [
      { orderFromMajor: 0, feesMax: 1, shareBpsMax: 2_500, totalMajorMax: null },
      { orderFromMajor: 40, feesMax: null, shareBpsMax: 2_500, totalMajorMax: 68 },
    ],
    // National Credit Code, low cost credit contracts: 120 in twelve months.
    consumerCap: { currency: 'AUD', totalMajor: 120, months: 12 },
  },
  /** 6 at 23:00 of the next day and 6 a week later; 6 in all below 24, else up to a quarter of the order or 24. */
  CLEARPAY_UK: {
    steps: [
      { rule: 'FIRST', amountMajor: 6, afterDays: 1, atHour: 23 },
      { rule: 'SECOND', amountMajor: 6, afterDays: 7, atHour: 0 },
    ],
    tiers: [
      { orderFromMajor: 0, feesMax: null, shareBpsMax: null, totalMajorMax: 6 },
      { orderFromMajor: 24, feesMax: null, shareBpsMax: 2_500, totalMajorMax: 24 },
    ],
    consumerCap: null,
  },
  /** Up to 5 after a week of reminders, twice an order, up to a quarter of it. */
  KLARNA_UK: {
    steps: [{ rule: 'ONCE', amountMajor: 5, afterDays: 7, atHour: 0 }],
    tiers: [{ orderFromMajor: 0, feesMax: 2, shareBpsMax: 2_500, totalMajorMax: null }],
    consumerCap: null,
  },
} as const satisfies Record<string, LateFeeScheme>

/** The name of a scheme in the table. */
export type LateFeeSchemeName = keyof typeof lateFeeSchemes

/** A late instalment and the fees its order has had. */
export type LateOrder = {
  readonly scheme: LateFeeSchemeName
  /** The original order: what was captured, whatever was refunded since. */
  readonly orderMinor: number
  readonly currency: string
  /** Late fees of the whole order so far: their number and their sum. */
  readonly feesCharged: number
  readonly feesMinor: number
  /** Fees of this instalment so far, and the date of the last one. */
  readonly feeSteps: number
  readonly feeOn: string | null
  /** The date from which this instalment is late. */
  readonly dueOn: string
  /** Days in which it does not get later. */
  readonly pauses?: readonly Pause[]
}

/** A fee that will be charged: what, how much and from when (ms). */
export type NextFee = { readonly rule: FeeStep['rule']; readonly amountMinor: number; readonly fromMs: number }

/** The next fee of a late instalment; null where the scheme has no more for it, or the order's cap is reached. */
export function nextLateFee(late: LateOrder): NextFee | null {
  const scheme: LateFeeScheme = lateFeeSchemes[late.scheme]
  const step = scheme.steps[late.feeSteps]
  const tier = tierOf(scheme, late)
  if (step === undefined || (tier.feesMax !== null && late.feesCharged >= tier.feesMax)) return null
  const room = capMinor(tier, late) - late.feesMinor
  const amountMinor = Math.min(majorToMinor(step.amountMajor, late.currency), room)
  if (amountMinor <= 0) return null
  const date = lateOn(late.feeOn ?? late.dueOn, step.afterDays, late.pauses)
  const rule = tier.feesMax === 1 ? 'ONCE' : step.rule
  return { rule, amountMinor, fromMs: dateToMs(date) + step.atHour * 3_600_000 }
}

/** The rolling cap over all plans that a scheme has in a currency; null where there is none. */
export function consumerCapOf(name: LateFeeSchemeName, currency: string): RollingCap | null {
  const { consumerCap: cap }: LateFeeScheme = lateFeeSchemes[name]
  if (cap === null || cap.currency !== currency) return null
  return { totalMinor: majorToMinor(cap.totalMajor, currency), months: cap.months }
}

function tierOf(scheme: LateFeeScheme, late: LateOrder): FeeTier {
  const reached = (tier: FeeTier) => majorToMinor(tier.orderFromMajor, late.currency) <= late.orderMinor
  return scheme.tiers.findLast(reached) ?? scheme.tiers[0]
}

function capMinor(tier: FeeTier, late: LateOrder): number {
  const total = tier.totalMajorMax === null ? late.orderMinor : majorToMinor(tier.totalMajorMax, late.currency)
  // "At most" a share: rounded down, so that the cap is never passed by a fraction.
  const share =
    tier.shareBpsMax === null ? total : Number((BigInt(late.orderMinor) * BigInt(tier.shareBpsMax)) / 10_000n)
  return Math.min(total, share)
}

function majorToMinor(major: number, currency: string): number {
  return major * 10 ** minorDigits(currency)
}
