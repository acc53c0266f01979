/**
 * The notices of one consumer. Events can arrive before the registration (it is in another topic): they wait in the
 * state, and go out with it. A rendered text is kept until its provider has answered, so that the event that says what
 * was sent carries the very words.
 *
 * Invariants: one message an event, channel and recipient; nothing that may be held goes out in quiet hours; a notice
 * that asks for a payment goes out only while that is open.
 */
import {
  type ClockTicked,
  type ConsumerRegistered,
  childMeta,
  type NotificationReported,
  type NotificationState,
  type PlanEvent,
  type WaitingNotice,
} from '#schemas'
import type { Decider } from '#streams'
import { isOfPlan, plansAfter } from './followed-plans.ts'
import { isTellable, noticeOf, type Tellable } from './notice.ts'
import type { NotificationOutput } from './notice-facts.ts'
import { tell, wake, wakesAt } from './tell.ts'
import { knownZone } from './when.ts'

/** What the topology hears: what happens to consumers, the providers' answers, and time. */
export type NotificationInput = Tellable | NotificationReported | ClockTicked

/** So many events are remembered: a repeat comes soon, or never. */
const TOLD_MAX = 32

/** The rules of one consumer's notices; the key is the consumer id. */
export const consumerNotices: Decider<NotificationState, NotificationInput, NotificationOutput> = {
  initial: (consumerId) => ({
    ...{ consumerId, contact: null, choices: [] },
    ...{ waiting: [], pending: [], held: [], plans: [], told: [] },
  }),
  keyOf: (input) => (concerns(input) ? input.consumerId : null),
  decide: (state, input) => {
    switch (input.type) {
      case 'ClockTicked':
        return wake(state, input)
      case 'NotificationReported':
        return reported(state, input)
      case 'ConsumerRegistered':
        return introduced(state, input)
      case 'NoticePreferencesChanged':
        return [{ type: 'ChoicesLearned', choices: input.choices }]
      default:
        return happened(state, input)
    }
  },
  evolve,
  dueAt: wakesAt,
}

function evolve(state: NotificationState, event: NotificationOutput): NotificationState {
  switch (event.type) {
    case 'ContactLearned':
      return { ...state, contact: event.contact, waiting: [] }
    case 'ChoicesLearned':
      return { ...state, choices: [...event.choices] }
    case 'PlansFollowed':
      return { ...state, plans: [...event.plans] }
    case 'NoticeDeferred':
      return { ...withTold(state, event.notice.cause.id), waiting: [...state.waiting, event.notice] }
    case 'NoticeHeld':
      return { ...withTold(state, event.held.notice.cause.id), held: [...state.held, event.held] }
    case 'NoticeReleased':
      return { ...state, held: state.held.filter((held) => held !== event.held) }
    case 'NotificationRequested': {
      const { requestId, channel, template, templateVersion, language, subject, body } = event
      const message = { requestId, channel, template, templateVersion, language, subject, body }
      return { ...withTold(state, event.meta.causationId ?? ''), pending: [...state.pending, message] }
    }
    case 'NotificationSent':
    case 'NotificationFailed':
      return { ...state, pending: state.pending.filter((message) => message.requestId !== event.notificationId) }
    case 'NotificationDropped':
      return state
  }
}

function withTold(state: NotificationState, eventId: string): NotificationState {
  if (state.told.includes(eventId)) return state
  return { ...state, told: [...state.told, eventId].slice(-TOLD_MAX) }
}

type OfConsumer = Exclude<NotificationInput, ClockTicked>

/** False for events that no rule speaks of, so that their consumer's state is not even read. */
function concerns(input: NotificationInput): input is OfConsumer {
  if (input.type === 'ClockTicked') return false
  return SPOKEN_OF.has(input.type) || isTellable(input as Tellable) || isOfPlan(input)
}

const SPOKEN_OF: ReadonlySet<string> = new Set([
  'NotificationReported',
  'ConsumerRegistered',
  'NoticePreferencesChanged',
] satisfies NotificationInput['type'][])

/** What an event changes of the plans, and what is said of it. */
function happened(state: NotificationState, event: Tellable): readonly NotificationOutput[] {
  const followed: NotificationOutput[] = isOfPlan(event)
    ? [{ type: 'PlansFollowed', plans: plansAfter(state.plans, event) }]
    : []
  const said = noticeOf(event)
  if (said === null || state.told.includes(event.meta.id)) return followed
  const notice: WaitingNotice = { cause: event.meta, ...said, ...subjectOf(event) }
  const { occurredAt } = event.meta
  return [...followed, ...tell(state, notice, { forMs: occurredAt, nowMs: occurredAt })]
}

/** The plan and instalment an event is about. */
function subjectOf(event: Tellable): Pick<WaitingNotice, 'planId' | 'instalmentNo'> {
  const { planId = null, instalmentNo = null } = event as Partial<Pick<PlanEvent, 'planId'>> & {
    readonly instalmentNo?: number
  }
  return { planId, instalmentNo }
}

function introduced(state: NotificationState, event: ConsumerRegistered): readonly NotificationOutput[] {
  const { email, phone, language, country, timeZone } = event
  const contact = { email, phone, language, country, timeZone: knownZone(timeZone) }
  const known = { ...state, contact }
  const told = state.waiting.flatMap((notice) => {
    const { occurredAt } = notice.cause
    return tell(known, notice, { forMs: occurredAt, nowMs: occurredAt })
  })
  return [{ type: 'ContactLearned', contact }, ...told]
}

/** What the provider's answer means; one for a message that is not on its way (a repeat) changes nothing. */
function reported(state: NotificationState, report: NotificationReported): readonly NotificationOutput[] {
  const message = state.pending.find((pending) => pending.requestId === report.requestId)
  if (message === undefined) return []
  const { requestId: notificationId, ...rendered } = message
  const { consumerId } = state
  const { provider } = report
  if (report.delivered) {
    const meta = childMeta('notifications', report, 'NotificationSent')
    return [{ type: 'NotificationSent', meta, consumerId, notificationId, ...rendered, provider }]
  }
  const meta = childMeta('notifications', report, 'NotificationFailed')
  const { channel, template } = rendered
  const failureCode = report.failureCode ?? 'unknown'
  return [{ type: 'NotificationFailed', meta, consumerId, notificationId, channel, template, failureCode, provider }]
}
