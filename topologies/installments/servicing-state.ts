/** How a plan changes by what is done for it between its purchase and its end: dates, pauses, lateness. */
import type { InstalmentState, LateFeeReversed, PlanEvent, PlanReworked, PlanState } from '#schemas'
import { owedMinor } from './balance.ts'
import { freshRow, withRow, withRows } from './plan-rows.ts'

const SERVICING = [
  'InstalmentMoved',
  'InstalmentDelinquent',
  'PlanPaused',
  'PlanReaged',
  'PlanReworked',
  'FraudReported',
  'PlanChargedOff',
  'PlanChargeOffUndone',
  'PlanWrittenOff',
  'LateFeeReversed',
  'PlanCommandRefused',
] as const satisfies readonly PlanEvent['type'][]

/** An event of servicing. */
type ServicingEvent = Extract<PlanEvent, { type: (typeof SERVICING)[number] }>

/** Whether an event is one of servicing. */
export function isServicing<F extends { readonly type: string }>(fact: F): fact is Extract<F, ServicingEvent> {
  return (SERVICING as readonly string[]).includes(fact.type)
}

/** The plan after an event of servicing. */
export function evolveServicing(plan: PlanState, event: ServicingEvent): PlanState {
  switch (event.type) {
    case 'InstalmentMoved':
      return { ...withRows(plan, event.instalments), dateMoves: plan.dateMoves + 1 }
    case 'InstalmentDelinquent':
      return withRow(plan, event.instalmentNo, { delinquency: event.range })
    case 'PlanPaused': {
      const { pauseId, from, until } = event
      return { ...plan, pauses: [...plan.pauses, { pauseId, from, until }] }
    }
    case 'PlanReaged':
      return withRows(plan, event.instalments)
    case 'PlanReworked':
      return afterRework(plan, event)
    case 'FraudReported':
      return { ...plan, fraudOn: event.discoveredOn }
    case 'PlanChargedOff': {
      const chargedOffMinor = event.principalMinor + event.feeMinor + event.interestMinor
      return { ...withRows(plan, event.instalments), status: 'CHARGED_OFF', chargedOffMinor, recoveredMinor: 0 }
    }
    case 'PlanChargeOffUndone': {
      const chargeOffUndoneOn = event.meta.businessDate
      const open = withRows(plan, event.instalments)
      return { ...open, status: 'AUTHORISED', chargedOffMinor: 0, recoveredMinor: 0, chargeOffUndoneOn }
    }
    case 'PlanWrittenOff':
      return { ...plan, status: 'WRITTEN_OFF' }
    case 'LateFeeReversed':
      return afterReversal(plan, event)
    case 'PlanCommandRefused':
      return plan
  }
}

/** A fee that was a mistake does not count among the fees of the order; one that was waived does. */
function afterReversal(plan: PlanState, { feeId, amountMinor, cause, instalments }: LateFeeReversed): PlanState {
  const fees = plan.fees.map((fee) =>
    fee.feeId === feeId ? { ...fee, reversedMinor: fee.reversedMinor + amountMinor } : fee,
  )
  return { ...withRows(plan, instalments), fees, feesCharged: plan.feesCharged - (cause === 'MISTAKE' ? 1 : 0) }
}

/** A plan that owes again is open again. What was paid and owes again is asked for from the day of the rework. */
function afterRework(plan: PlanState, event: PlanReworked): PlanState {
  const { cause, reworkId, paymentId, amountMinor, lossMinor, depositMinor, chargedOffMinor } = event
  const known = new Map(plan.instalments.map((row) => [row.no, row]))
  const instalments = event.instalments.map((instalment): InstalmentState => {
    const row = known.get(instalment.no)
    const owesAgain = row?.status === 'PAID' && instalment.status !== 'PAID' && cause !== 'HARDSHIP_UNDONE'
    if (row !== undefined && !owesAgain) return { ...row, ...instalment }
    return { ...freshRow(instalment), askedOn: instalment.status === 'DUE' ? event.meta.businessDate : null }
  })
  const payments = plan.payments.map((payment) => {
    if (payment.paymentId !== paymentId) return payment
    return { ...payment, chargedBackMinor: payment.chargedBackMinor + amountMinor - lossMinor }
  })
  const owes = instalments.some((row) => owedMinor(row) > 0)
  return {
    ...plan,
    status: plan.status === 'COMPLETED' && owes ? 'AUTHORISED' : plan.status,
    instalments,
    payments,
    depositMinor: plan.depositMinor - depositMinor,
    depositAppliedMinor: event.depositAppliedMinor,
    chargedOffMinor: plan.chargedOffMinor + chargedOffMinor,
    movements: [...plan.movements, reworkId],
  }
}
