/**
 * The notices of one consumer. Events can arrive before the registration (it is in another topic): they wait in the
 * state, and go out with it. A rendered text is kept until its provider has answered, so that the event that says what
 * was sent carries the very words.
 *
 * Invariants: one message an event, channel and recipient; nothing that may be held goes out in quiet hours; a notice
 * that asks for a payment goes out only while that is open.
 */
import { knownZone } from '#domain/zone-day.ts'
import type {
  ClockTicked,
  ConsumerRegistered,
  Contact,
  NotificationReported,
  NotificationSent,
  NotificationState,
  PlanEvent,
  ReportDelivery,
  WaitingNotice,
} from '#schemas'
import type { Decider } from '#streams'
import { pendingOf } from './again.ts'
import { isOfPlan, plansAfter } from './followed-plans.ts'
import { isTellable, noticeOf, type Tellable } from './notice.ts'
import type { NotificationOutput } from './notice-facts.ts'
import { reported, returned } from './returned.ts'
import { tell, wake, wakesAt } from './tell.ts'

/** What the topology hears: what happens to consumers, the providers' answers, and time. */
export type NotificationInput = Tellable | NotificationReported | ReportDelivery | ClockTicked

/** So many events are remembered: a repeat comes soon, or never. */
const TOLD_MAX = 32

/** So many e-mails are kept after a server has taken them. */
const MAILED_MAX = 6

/** The rules of one consumer's notices; the key is the consumer id. */
export const consumerNotices: Decider<NotificationState, NotificationInput, NotificationOutput> = {
  initial: (consumerId) => ({
    ...{ consumerId, contact: null, choices: [] },
    ...{ waiting: [], pending: [], held: [], plans: [], told: [] },
    ...{ undeliverable: null, mailed: [], retries: [] },
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
      case 'ReportDelivery':
        return returned(state, input)
      case 'ContactVerified':
        return input.purpose === 'EMAIL' && state.undeliverable !== null ? [{ type: 'ContactProved' }] : []
      case 'RegistrationBegun':
        // The account is not there yet: this one notice goes to the address that it was asked for with.
        return happened({ ...state, contact: contactOf(input) }, input)
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
    case 'NotificationRequested':
      return { ...withTold(state, event.meta.causationId ?? ''), pending: [...state.pending, pendingOf(event)] }
    case 'NotificationSent':
      return sent(state, event)
    case 'NotificationFailed':
      return withoutPending(state, event.notificationId)
    case 'RetryPlanned':
      return { ...withoutPending(state, event.retry.message.requestId), retries: [...state.retries, event.retry] }
    case 'RetryBegun':
      return { ...state, retries: state.retries.filter((retry) => retry !== event.retry) }
    case 'NotificationReturned': {
      const known = withTold(state, event.meta.causationId ?? '')
      return { ...known, mailed: known.mailed.filter((mail) => mail.requestId !== event.notificationId) }
    }
    case 'AddressUndeliverable':
      return { ...state, undeliverable: event.address }
    case 'ContactProved':
      return { ...state, undeliverable: null }
    case 'NotificationDropped':
      return state
  }
}

function withoutPending(state: NotificationState, requestId: string): NotificationState {
  return { ...state, pending: state.pending.filter((message) => message.requestId !== requestId) }
}

/** What a server has taken can still come back: the last e-mails are kept for that. */
function sent(state: NotificationState, { notificationId, channel }: NotificationSent): NotificationState {
  const rest = withoutPending(state, notificationId)
  const mail = state.pending.find((message) => message.requestId === notificationId)
  if (channel !== 'EMAIL' || mail === undefined) return rest
  return { ...rest, mailed: [...state.mailed, mail].slice(-MAILED_MAX) }
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
  'ContactVerified',
  'ReportDelivery',
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
  const contact = contactOf(event)
  const known = { ...state, contact }
  const told = state.waiting.flatMap((notice) => {
    const { occurredAt } = notice.cause
    return tell(known, notice, { forMs: occurredAt, nowMs: occurredAt })
  })
  return [{ type: 'ContactLearned', contact }, ...told]
}

type Introduction = Omit<Contact, 'phone'> & { readonly phone?: string | null }

function contactOf({ email, phone = null, language, country, timeZone }: Introduction): Contact {
  return { email, phone, language, country, timeZone: knownZone(timeZone) }
}
