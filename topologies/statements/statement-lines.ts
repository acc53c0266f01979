/** What a plan event moves in what is owed, as lines of a statement. */
import { sumMinor } from '#domain/money.ts'
import type { PlanBalance, PlanEvent, StatementLine, StatementLineKind, StatementPlan } from '#schemas'

/** As what each event counts; one that is not here and moves something is an adjustment. */
const KINDS: Readonly<Partial<Record<PlanEvent['type'], StatementLineKind>>> = {
  PlanScheduled: 'PURCHASE',
  InstalmentPaid: 'PAYMENT',
  RefundAllocated: 'REFUND',
  InterestCharged: 'INTEREST',
  LateFeeCharged: 'FEE',
  LateFeeReversed: 'FEE',
  PlanChargedOff: 'CHARGE_OFF',
  PlanChargeOffUndone: 'CHARGE_OFF',
  PlanWrittenOff: 'CHARGE_OFF',
}

/** All that is owed on a plan, without interest to come: the sum over plans is the balance of the consumer. */
export function owedMinor({ outstandingMinor, feesMinor, interestMinor }: PlanBalance): number {
  return sumMinor([outstandingMinor, feesMinor, interestMinor])
}

/**
 * The lines of an event. Their sum is by how much the plan's own balance has changed, whatever the event says besides:
 * so that a statement ties with the plans to the cent.
 */
export function linesOf(event: PlanEvent, before: StatementPlan | undefined, date: string): readonly StatementLine[] {
  const deltaMinor = sumMinor([owedMinor(event.balance), -(before?.owedMinor ?? 0)])
  const { planId, purchaseId, merchantId } = event
  const of = { date, planId, purchaseId, merchantName: before?.merchantName ?? merchantId }
  const kind = kindOf(event)
  if (event.type !== 'PlanScheduled') return deltaMinor === 0 ? [] : [{ ...of, kind, amountMinor: deltaMinor }]
  // What was paid at the checkout counts when the goods are shipped: only then is something owed.
  const paidMinor = sumMinor([deltaMinor, -event.amountMinor])
  const bought: StatementLine = { ...of, kind, amountMinor: event.amountMinor }
  return paidMinor === 0 ? [bought] : [bought, { ...of, kind: 'PAYMENT', amountMinor: paidMinor }]
}

/** A payment that is taken back counts against payments. */
function kindOf(event: PlanEvent): StatementLineKind {
  if (event.type === 'PlanReworked') return event.cause === 'HARDSHIP_UNDONE' ? 'ADJUSTMENT' : 'PAYMENT'
  return KINDS[event.type] ?? 'ADJUSTMENT'
}
