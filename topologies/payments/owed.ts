/** What a plan says is owed, as far as collecting needs it. */
import type { PlanEvent } from '#schemas'
import type { PaymentRule } from './charges.ts'

/** Plan events after which other amounts are owed. A proposal is none: nothing is owed yet. */
export type OwedEvent = Extract<
  PlanEvent,
  {
    type: 'PlanScheduled' | 'InstalmentPaid' | 'LateFeeCharged' | 'RefundAllocated' | 'PlanCancelled' | 'PlanCompleted'
  }
>

/** Notes what is owed now. */
export function noteOwed(event: OwedEvent): PaymentRule {
  const { consumerId, currency } = event
  const instalments = 'instalments' in event ? event.instalments : []
  const owed = instalments.map(({ no, amountMinor, paidMinor, feesMinor, feesPaidMinor }) => ({
    no,
    owedMinor: amountMinor - paidMinor + feesMinor - feesPaidMinor,
  }))
  return () => [{ type: 'OwedNoted', consumerId, currency, owed: owed.filter(({ owedMinor }) => owedMinor > 0) }]
}
