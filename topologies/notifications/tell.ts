/** From a notice to its messages: at once, after the quiet hours, or never where it has no point any more. */
import {
  type ClockTicked,
  childMeta,
  type HeldNotice,
  type NotificationDropped,
  type NotificationState,
  type RetriedNotice,
  type WaitingNotice,
} from '#schemas'
import { nextTry } from './again.ts'
import { asksOn, isPointless, momentsOf, type NoticeSubject, type PlanMoment, plansTold } from './followed-plans.ts'
import type { NotificationOutput } from './notice-facts.ts'
import { money, schedule } from './notice-words.ts'
import { messagesOf } from './render.ts'
import { templateOf } from './templates.ts'
import { outFrom } from './when.ts'

/** Sends a notice of a moment, or holds it; one for somebody not known yet waits for the registration. */
export function tell(
  state: NotificationState,
  notice: WaitingNotice,
  { forMs, nowMs }: { readonly forMs: number; readonly nowMs: number },
): readonly NotificationOutput[] {
  const { contact } = state
  if (contact === null) return [{ type: 'NoticeDeferred', notice }]
  const isHeld = templateOf(notice.template).quietHours === 'held'
  const fromMs = isHeld ? outFrom(forMs, nowMs, contact.timeZone) : nowMs
  if (fromMs <= nowMs) return messagesOf(notice, { ...state, contact })
  return [{ type: 'NoticeHeld', held: { notice, notBefore: fromMs } }]
}

/** When time itself has something to say; null while it has not. */
export function wakesAt(state: NotificationState): number | null {
  if (state.contact === null) return null
  const moments = momentsOf(state.plans, state.contact.timeZone).map(({ atMs }) => atMs)
  const waiting = [...state.held, ...state.retries].map(({ notBefore }) => notBefore)
  const all = [...moments, ...waiting]
  return all.length === 0 ? null : Math.min(...all)
}

/** What a tick sets free: held notices first, then what is to be said because of time alone. */
export function wake(state: NotificationState, tick: ClockTicked): readonly NotificationOutput[] {
  const { contact } = state
  if (contact === null) return []
  const released = state.held
    .filter(({ notBefore }) => notBefore <= tick.time)
    .flatMap((held) => release(state, held, tick))
    .concat(state.retries.filter(({ notBefore }) => notBefore <= tick.time).flatMap((one) => retry(state, one, tick)))
  const moments = momentsOf(state.plans, contact.timeZone).filter(({ atMs }) => atMs <= tick.time)
  if (moments.length === 0) return released
  const told = moments.flatMap((moment) =>
    tell(state, noticeOfMoment(moment, tick), { forMs: moment.atMs, nowMs: tick.time }),
  )
  return [...released, { type: 'PlansFollowed', plans: moments.reduce(plansTold, state.plans) }, ...told]
}

function release(state: NotificationState, held: HeldNotice, tick: ClockTicked): readonly NotificationOutput[] {
  const { contact } = state
  if (contact === null) return []
  const free: NotificationOutput = { type: 'NoticeReleased', held }
  if (isPointless(state.plans, held.notice)) return [free, dropped(state, held.notice, tick, held.notice.cause.id)]
  const fromMs = outFrom(held.notBefore, tick.time, contact.timeZone)
  if (fromMs > tick.time) return [free, { type: 'NoticeHeld', held: { ...held, notBefore: fromMs } }]
  return [free, ...messagesOf(held.notice, { ...state, contact })]
}

/** The next try of a message, unless it has no point any more, or its address has bounced meanwhile. */
function retry(state: NotificationState, planned: RetriedNotice, tick: ClockTicked): readonly NotificationOutput[] {
  const { contact, consumerId, undeliverable } = state
  const { message, notBefore } = planned
  const begun: NotificationOutput = { type: 'RetryBegun', retry: planned }
  if (contact === null || undeliverable === message.recipient) return [begun]
  if (isPointless(state.plans, message)) return [begun, dropped(state, message, tick, message.requestId)]
  const isHeld = templateOf(message.template).quietHours === 'held'
  const fromMs = isHeld ? outFrom(notBefore, tick.time, contact.timeZone) : tick.time
  if (fromMs > tick.time) return [begun, { type: 'RetryPlanned', retry: { message, notBefore: fromMs } }]
  return [begun, nextTry(message, consumerId, tick)]
}

function dropped(state: NotificationState, about: NoticeSubject, tick: ClockTicked, id: string): NotificationDropped {
  const { template, planId, instalmentNo } = about
  const meta = childMeta('notifications', tick, 'NotificationDropped', id)
  return {
    ...{ type: 'NotificationDropped', meta, consumerId: state.consumerId },
    ...{ template, planId, instalmentNo, reason: 'NOTHING_OPEN' },
  }
}

/** A notice that no event tells of: its cause is the tick, of which there is one for each thing to say. */
function noticeOfMoment({ plan, instalment }: PlanMoment, tick: ClockTicked): WaitingNotice {
  const { planId, currency } = plan
  if (instalment === null) {
    const rows = plan.open.map((row) => ({ dueDate: asksOn(plan, row), openMinor: row.openMinor }))
    const cause = childMeta('notifications', tick, 'plan-resumed', planId)
    return {
      cause,
      template: 'plan-resumed',
      facts: { schedule: schedule(rows, currency) },
      planId,
      instalmentNo: null,
    }
  }
  const { no, openMinor } = instalment
  const date = asksOn(plan, instalment)
  const facts = { instalment: String(no), amount: money(openMinor, currency), date }
  const cause = childMeta('notifications', tick, 'reminder', planId, no, date)
  return { cause, template: 'reminder', facts, planId, instalmentNo: no }
}
