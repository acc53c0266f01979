/** What a plan says is owed, as far as collecting needs it. */
import { toPayMinor } from '#domain/instalment-interest.ts'
import type { InstalmentOverdue, OwedInstalment, PlanEvent } from '#schemas'
import type { PaymentRule } from './charges.ts'
import type { FundedDue } from './look-up.ts'
import { owedOn } from './payments-state.ts'

const OWED_EVENTS = [
  'PlanScheduled',
  'InstalmentPaid',
  'InterestCharged',
  'LateFeeCharged',
  'RefundAllocated',
  'InstalmentMoved',
  'PlanReaged',
  'PlanReworked',
  'LateFeeReversed',
  'PlanChargedOff',
  'PlanChargeOffUndone',
  'PlanWrittenOff',
  'PlanCancelled',
  'PlanCompleted',
] as const satisfies readonly PlanEvent['type'][]

/** Plan events after which other amounts are owed. A proposal is none: nothing is owed yet. */
export type OwedEvent = Extract<PlanEvent, { type: (typeof OWED_EVENTS)[number] }>

/** Whether after this event other amounts are owed. */
export function isOwedEvent(event: { readonly type: string }): event is OwedEvent {
  return (OWED_EVENTS as readonly string[]).includes(event.type)
}

/** Notes what is owed now. */
export function noteOwed(event: OwedEvent): PaymentRule {
  const { consumerId, currency } = event
  const instalments = 'instalments' in event ? event.instalments : []
  const owed = instalments.map((row): OwedInstalment => {
    const { no, dueDate, status } = row
    const feesMinor = row.feesMinor - row.feesPaidMinor
    return { no, dueDate, overdue: status === 'OVERDUE', feesMinor, owedMinor: toPayMinor(row) }
  })
  return () => [{ type: 'OwedNoted', consumerId, currency, owed: owed.filter(({ owedMinor }) => owedMinor > 0) }]
}

/** What is asked for is owed: at checkout the plan owes nothing yet, and says no other amount. */
export function noteDue({ consumerId, currency, instalmentNo, amountMinor, dueDate }: FundedDue): PaymentRule {
  return (plan) => {
    if (owedOn(plan, instalmentNo) === amountMinor) return []
    const others = plan.owed.filter(({ no }) => no !== instalmentNo)
    const due = { no: instalmentNo, owedMinor: amountMinor, dueDate, overdue: false, feesMinor: 0 }
    return [{ type: 'OwedNoted', consumerId, currency, owed: [...others, due] }]
  }
}

/** What was asked for in vain is paid after what is due today. */
export function noteOverdue({ consumerId, currency, instalmentNo }: InstalmentOverdue): PaymentRule {
  return (plan) => {
    const owed = plan.owed.map((row) => (row.no === instalmentNo ? { ...row, overdue: true } : row))
    return [{ type: 'OwedNoted', consumerId, currency, owed }]
  }
}
