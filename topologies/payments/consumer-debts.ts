/** Which plans of a consumer owe something: where a payment over several plans looks. */
import { toPayMinor } from '#domain/instalment-interest.ts'
import type { ConsumerDebts } from '#schemas'
import type { OwedEvent } from './owed.ts'

/** A consumer of whom nothing is known. */
export function noDebts(consumerId: string): ConsumerDebts {
  return { consumerId, planIds: [], underWay: [] }
}

/** The debts after a plan said what it owes; the same ones where that changes nothing. */
export function withOwed(debts: ConsumerDebts, event: OwedEvent): ConsumerDebts {
  const { planId } = event
  const owes = 'instalments' in event && event.instalments.some((row) => toPayMinor(row) > 0)
  if (owes === debts.planIds.includes(planId)) return debts
  const others = debts.planIds.filter((known) => known !== planId)
  return { ...debts, planIds: owes ? [...others, planId] : others }
}

/** Notes that a payment over several plans begins, or ends. */
export function withUnderWay(debts: ConsumerDebts, paymentId: string, begins: boolean): ConsumerDebts {
  const others = debts.underWay.filter((known) => known !== paymentId)
  return { ...debts, underWay: begins ? [...others, paymentId] : others }
}
