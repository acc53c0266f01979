import { addDays } from '#domain/calendar.ts'
import { safeMinor, shareOfMinor } from '#domain/money.ts'
import type { MerchantTerms, PurchaseCaptured, PurchaseEvent, PurchaseRefunded, SettlementLineKind } from '#schemas'

/** What moves money between the platform and a merchant. */
export type MoneyMoved = PurchaseCaptured | PurchaseRefunded

/** The record names of `MoneyMoved`. */
export const moneyMovedTypes: readonly MoneyMoved['type'][] = ['PurchaseCaptured', 'PurchaseRefunded']

/** True for a capture or a refund; the other events of a purchase owe a merchant nothing. */
export function isMoneyMoved(event: PurchaseEvent): event is MoneyMoved {
  return event.type === 'PurchaseCaptured' || event.type === 'PurchaseRefunded'
}

/** A line before it is booked: what it stands for and what it adds to the payout (signed, minor units). */
export type Line = { readonly kind: SettlementLineKind; readonly amountMinor: number }

/** The merchant fee of a capture: its share, rounded half-up to the minor unit, plus the fixed part. */
export function captureFeeMinor(capturedMinor: number, terms: MerchantTerms): number {
  return safeMinor(shareOfMinor(capturedMinor, terms.feeBps) + terms.feeFixedMinor)
}

/** The lines of an event. A refund takes back the sale and keeps the fee; a fee of 0 has no line. */
export function linesOf(event: MoneyMoved): readonly Line[] {
  if (event.type === 'PurchaseRefunded') return [{ kind: 'RETURN', amountMinor: -event.amountMinor }]
  const fee = captureFeeMinor(event.amountMinor, event.terms)
  const sale: Line = { kind: 'SALE', amountMinor: event.amountMinor }
  return fee === 0 ? [sale] : [sale, { kind: 'FEE', amountMinor: -fee }]
}

/**
 * The day a line is settled: T+N from the business date. A line that comes after its day was settled (events of other
 * partitions may run behind the clock) goes to the day after the last settled one, so that a day is settled once.
 */
export function settleOnOf(event: MoneyMoved, closedThrough: string | null): string {
  const planned = addDays(event.meta.businessDate, event.terms.settlementDays)
  return closedThrough !== null && planned <= closedThrough ? addDays(closedThrough, 1) : planned
}
