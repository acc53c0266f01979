/**
 * The plans of a consumer with something open: what is to be said before an instalment is due and after a pause, and
 * whether a notice that was held still has a point.
 */
import { addDays } from '#domain/calendar.ts'
import { isPaused, lateOn } from '#domain/delinquency.ts'
import { interestToCome, toPayMinor } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import { dayBegins } from '#domain/zone-day.ts'
import type { FollowedInstalment, FollowedPlan, Instalment, PlanEvent, WaitingNotice } from '#schemas'
import { templateOf } from './templates.ts'

/** Days before the due date on which the consumer is reminded. */
const REMINDER_DAYS = 3
/** The hour of that day, by the consumer's clock. */
const REMINDER_HOUR = 10
const HOUR_MS = 3_600_000

/** What is to be said at a moment because of time alone. */
export type PlanMoment = {
  readonly atMs: number
  readonly plan: FollowedPlan
  /** The instalment that will be due; null where a pause has ended. */
  readonly instalment: FollowedInstalment | null
}

/** What ends a plan for good or until something else is said of it. */
const ENDS: Readonly<Partial<Record<PlanEvent['type'], true>>> = {
  PlanCancelled: true,
  PlanCompleted: true,
  PlanChargedOff: true,
  PlanWrittenOff: true,
  FraudReported: true,
}

/** Whether an event says something about what is open of a plan. */
export function isOfPlan(event: { readonly type: string }): event is PlanEvent {
  return event.type in ENDS || event.type === 'PlanPaused' || 'instalments' in event
}

/** The plans after an event: one with nothing captured or nothing open is not among them. */
export function plansAfter(plans: readonly FollowedPlan[], event: PlanEvent): readonly FollowedPlan[] {
  const known = plans.find((plan) => plan.planId === event.planId)
  const others = plans.filter((plan) => plan !== known)
  const plan = planAfter(known, event)
  return plan === null ? others : [...others, plan]
}

function planAfter(known: FollowedPlan | undefined, event: PlanEvent): FollowedPlan | null {
  const { planId, currency, balance } = event
  if (event.type === 'PlanPaused') {
    if (known === undefined) return null
    const { pauseId, from, until } = event
    return { ...known, pauses: [...known.pauses, { pauseId, from, until }], resumesOn: until }
  }
  if (!('instalments' in event)) return event.type in ENDS ? null : (known ?? null)
  const owed = [balance.outstandingMinor, balance.feesMinor, balance.interestMinor]
  const isOpen = balance.capturedMinor > 0 && sumMinor([...owed, ...event.instalments.map(interestToCome)]) > 0
  if (event.type in ENDS || !isOpen) return null
  const plan = known ?? { planId, currency, open: [], pauses: [], resumesOn: null }
  const today = event.meta.businessDate
  return { ...plan, open: event.instalments.flatMap((row) => followed(plan, row, today)) }
}

/** A row with something open; where its date is new, a reminder follows only if its day is still to come. */
function followed(plan: FollowedPlan, row: Instalment, today: string): readonly FollowedInstalment[] {
  const { no, dueDate } = row
  const openMinor = toPayMinor(row)
  if (openMinor <= 0) return []
  const before = plan.open.find((one) => one.no === no && one.dueDate === dueDate)
  return [{ no, dueDate, openMinor, reminded: before?.reminded ?? addDays(dueDate, -REMINDER_DAYS) <= today }]
}

/** The day on which an instalment is asked for: pauses put it off. */
export function asksOn({ pauses }: FollowedPlan, { dueDate }: FollowedInstalment): string {
  return lateOn(dueDate, 0, pauses)
}

/** All that is to be said because of time alone, whenever that is. */
export function momentsOf(plans: readonly FollowedPlan[], timeZone: string): readonly PlanMoment[] {
  const at = (date: string) => dayBegins(timeZone, date) + REMINDER_HOUR * HOUR_MS
  return plans.flatMap((plan) => {
    const reminders = plan.open.flatMap((instalment) => {
      const on = addDays(asksOn(plan, instalment), -REMINDER_DAYS)
      // In a pause nobody is reminded; its end tells the dates.
      return instalment.reminded || isPaused(plan.pauses, on) ? [] : [{ atMs: at(on), plan, instalment }]
    })
    return plan.resumesOn === null ? reminders : [...reminders, { atMs: at(plan.resumesOn), plan, instalment: null }]
  })
}

/** The plans once that has been said. */
export function plansTold(plans: readonly FollowedPlan[], { plan: { planId }, instalment }: PlanMoment) {
  return plans.map((plan): FollowedPlan => {
    if (plan.planId !== planId) return plan
    if (instalment === null) return { ...plan, resumesOn: null }
    return { ...plan, open: plan.open.map((row) => (row.no === instalment.no ? { ...row, reminded: true } : row)) }
  })
}

/** What a notice is about. `facts`: of one that is not rendered yet. */
export type NoticeSubject = Pick<WaitingNotice, 'template' | 'planId' | 'instalmentNo'> & {
  readonly facts?: WaitingNotice['facts']
}

/** Whether a notice asks for something that is paid, moved or given up. */
export function isPointless(plans: readonly FollowedPlan[], notice: NoticeSubject): boolean {
  if (!templateOf(notice.template).asks || notice.planId === null) return false
  const plan = plans.find((one) => one.planId === notice.planId)
  const row = plan?.open.find((one) => one.no === notice.instalmentNo)
  if (plan === undefined || row === undefined) return true
  const date = notice.facts?.['date']
  return notice.template === 'reminder' && date !== undefined && date !== asksOn(plan, row)
}
