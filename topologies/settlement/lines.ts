import { addDays } from '#domain/calendar.ts'
import { safeMinor, shareOfMinor, sumMinor } from '#domain/money.ts'
import { dayIn } from '#domain/zone-day.ts'
import type {
  DisputeDecided,
  DisputeOpened,
  MerchantTerms,
  PurchaseCaptured,
  PurchaseEvent,
  PurchaseRefunded,
  SettlementLineKind,
  SettlementTerms,
} from '#schemas'

/** What moves money between the platform and a merchant. */
export type MoneyMoved = PurchaseCaptured | PurchaseRefunded | DisputeOpened | DisputeDecided

/** The record names of `MoneyMoved`. */
export const moneyMovedTypes: readonly MoneyMoved['type'][] = [
  'PurchaseCaptured',
  'PurchaseRefunded',
  'DisputeOpened',
  'DisputeDecided',
]

/** True for what adds a line; the other events of a purchase owe a merchant nothing. */
export function isMoneyMoved(event: PurchaseEvent): event is MoneyMoved {
  return (moneyMovedTypes as readonly string[]).includes(event.type)
}

/** A line before it is booked: what it stands for and what it adds to the payout (signed, minor units). */
export type Line = { readonly kind: SettlementLineKind; readonly amountMinor: number }

/** What is agreed with a merchant that has nothing agreed. */
const PLAIN: SettlementTerms = {
  timeZone: 'UTC',
  commissionBps: 0,
  taxBps: 0,
  holdbackBps: 0,
  holdbackDays: 0,
  refundsFee: false,
}

/** How a merchant is settled beyond fee and days. */
export function settlementTerms(terms: MerchantTerms): SettlementTerms {
  return terms.settlement ?? PLAIN
}

/** The merchant fee of a capture: its share, rounded half-up to the minor unit, plus the fixed part. */
export function captureFeeMinor(capturedMinor: number, terms: MerchantTerms): number {
  return safeMinor(shareOfMinor(capturedMinor, terms.feeBps) + terms.feeFixedMinor)
}

/**
 * The lines of an event; one of 0 is none. A refund takes back the sale and, by default, keeps the fee. A disputed
 * amount is held from the opening and released by the decision; a lost dispute is followed by its refund, a reversal.
 */
export function linesOf(event: MoneyMoved): readonly Line[] {
  return allLines(event).filter(({ amountMinor }) => amountMinor !== 0)
}

function allLines(event: MoneyMoved): readonly Line[] {
  const { amountMinor } = event
  switch (event.type) {
    case 'PurchaseCaptured':
      return captureLines(event)
    case 'PurchaseRefunded':
      return refundLines(event)
    case 'DisputeOpened':
      return [{ kind: 'HOLDBACK', amountMinor: -amountMinor }]
    case 'DisputeDecided':
      return [{ kind: 'RELEASE', amountMinor }]
  }
}

function captureLines({ amountMinor, terms }: PurchaseCaptured): readonly Line[] {
  const { commissionBps, taxBps, holdbackBps } = settlementTerms(terms)
  const feeMinor = captureFeeMinor(amountMinor, terms)
  const commissionMinor = shareOfMinor(amountMinor, commissionBps)
  return [
    { kind: 'SALE', amountMinor },
    { kind: 'FEE', amountMinor: -feeMinor },
    { kind: 'COMMISSION', amountMinor: -commissionMinor },
    { kind: 'TAX', amountMinor: -shareOfMinor(sumMinor([feeMinor, commissionMinor]), taxBps) },
    { kind: 'HOLDBACK', amountMinor: -shareOfMinor(amountMinor, holdbackBps) },
  ]
}

/**
 * Where it is agreed, a refund gives the share of the fee back, and the tax on it; never the fixed part, which a sale
 * costs however it ends. The refunds of a capture never give back more than its share: each is the difference of the
 * shares after and before it.
 */
function refundLines({ amountMinor, terms, disputeId, refundedMinor }: PurchaseRefunded): readonly Line[] {
  const { refundsFee, taxBps } = settlementTerms(terms)
  const taken: Line = { kind: disputeId === null ? 'RETURN' : 'REVERSAL', amountMinor: -amountMinor }
  if (!refundsFee) return [taken]
  const feeUpTo = (minor: number) => shareOfMinor(minor, terms.feeBps)
  const taxUpTo = (minor: number) => shareOfMinor(feeUpTo(minor), taxBps)
  const before = refundedMinor - amountMinor
  return [
    taken,
    { kind: 'FEE_REFUND', amountMinor: feeUpTo(refundedMinor) - feeUpTo(before) },
    { kind: 'TAX', amountMinor: taxUpTo(refundedMinor) - taxUpTo(before) },
  ]
}

/**
 * The day a line is settled: T+N from the day of the event in the merchant's zone for a sale or a return; at once for
 * what a dispute holds, releases or takes back.
 */
export function settleOnOf(event: MoneyMoved, closedThrough: string | null): string {
  const days = isOfDispute(event) ? 0 : event.terms.settlementDays
  return notBefore(addDays(dayOf(event), days), closedThrough)
}

/** The day of an event where its merchant is. In UTC it is the business date. */
export function dayOf({ meta, terms }: MoneyMoved): string {
  const { timeZone } = settlementTerms(terms)
  return timeZone === 'UTC' ? meta.businessDate : dayIn(timeZone, meta.occurredAt)
}

/**
 * A line that comes after its day was settled (events of other partitions may run behind the clock) goes to the day
 * after the last settled one, so that a day is settled once.
 */
export function notBefore(planned: string, closedThrough: string | null): string {
  return closedThrough !== null && planned <= closedThrough ? addDays(closedThrough, 1) : planned
}

function isOfDispute(event: MoneyMoved): boolean {
  return 'disputeId' in event && event.disputeId !== null
}
