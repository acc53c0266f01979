/** How a plan changes by what is done for it between its purchase and its end: dates, pauses, lateness. */
import type { PlanEvent, PlanState } from '#schemas'
import { withRow, withRows } from './plan-rows.ts'

const SERVICING = [
  'InstalmentMoved',
  'InstalmentDelinquent',
  'PlanPaused',
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
    case 'PlanCommandRefused':
      return plan
  }
}
