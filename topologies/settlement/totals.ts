/** What the lines of a day add up to, by their kind. */
import { sumMinor } from '#domain/money.ts'
import type { SettlementLineKind } from '#schemas'

/** The sums of a day. All are 0 or above but the corrections, which are signed as the merchant gets them. */
export type DayTotals = {
  readonly salesMinor: number
  readonly returnsMinor: number
  readonly feesMinor: number
  readonly taxMinor: number
  readonly holdbackMinor: number
  readonly releaseMinor: number
  readonly correctionsMinor: number
}

/** A day without lines. */
export const NO_TOTALS: DayTotals = {
  salesMinor: 0,
  returnsMinor: 0,
  feesMinor: 0,
  taxMinor: 0,
  holdbackMinor: 0,
  releaseMinor: 0,
  correctionsMinor: 0,
}

/**
 * Which sum a kind of line is part of, and with which sign. A fee given back lowers the fees; what was taken back by a
 * lost dispute is a return like any other.
 */
const PLACES: Readonly<Record<SettlementLineKind, readonly [total: keyof DayTotals, sign: 1 | -1]>> = {
  SALE: ['salesMinor', 1],
  RETURN: ['returnsMinor', -1],
  REVERSAL: ['returnsMinor', -1],
  FEE: ['feesMinor', -1],
  FEE_REFUND: ['feesMinor', -1],
  COMMISSION: ['feesMinor', -1],
  TAX: ['taxMinor', -1],
  HOLDBACK: ['holdbackMinor', -1],
  RELEASE: ['releaseMinor', 1],
  CHARGE: ['correctionsMinor', 1],
  CREDIT: ['correctionsMinor', 1],
  CORRECTION: ['correctionsMinor', 1],
}

/** The sums with one line more. `amountMinor` is signed: what the line adds to the payout. */
export function withAmount<T extends DayTotals>(totals: T, kind: SettlementLineKind, amountMinor: number): T {
  const [total, sign] = PLACES[kind]
  return { ...totals, [total]: sumMinor([totals[total], sign * amountMinor]) }
}

/** What the lines of a day come to: what would be paid without a debt (DOMAIN §10). */
export function netMinor(day: DayTotals): number {
  const { salesMinor, returnsMinor, feesMinor, taxMinor, holdbackMinor, releaseMinor, correctionsMinor } = day
  return sumMinor([salesMinor, -returnsMinor, -feesMinor, -taxMinor, -holdbackMinor, releaseMinor, correctionsMinor])
}
