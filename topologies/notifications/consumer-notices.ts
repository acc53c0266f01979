/**
 * The notices of one consumer. Events can arrive before the registration (it is in another topic): they wait in the
 * state, and go out with it. A rendered text is kept until its provider has answered, so that the event that says what
 * was sent carries the very words.
 */

import {
  type ConsumerRegistered,
  type Contact,
  childMeta,
  type NotificationFailed,
  type NotificationReported,
  type NotificationRequested,
  type NotificationSent,
  type NotificationState,
  type WaitingNotice,
} from '#schemas'
import type { Decider } from '#streams'
import { isTellable, noticeOf, type Tellable } from './notice.ts'
import { messagesOf } from './render.ts'

/** What the topology hears: what happens to consumers, and the providers' answers. */
export type NotificationInput = Tellable | NotificationReported
/** Stays inside: the consumer can be reached from now on. */
type ContactLearned = { readonly type: 'ContactLearned'; readonly contact: Contact }
/** Stays inside: a notice waits for the contact. */
type NoticeDeferred = { readonly type: 'NoticeDeferred'; readonly notice: WaitingNotice }
/** What it says, of which `ContactLearned` and `NoticeDeferred` leave the topology never. */
export type NotificationOutput =
  | NotificationRequested
  | NotificationSent
  | NotificationFailed
  | ContactLearned
  | NoticeDeferred

/** The rules of one consumer's notices; the key is the consumer id. */
export const consumerNotices: Decider<NotificationState, NotificationInput, NotificationOutput> = {
  initial: (consumerId) => ({ consumerId, contact: null, waiting: [], pending: [] }),
  keyOf: (input) => (concerns(input) ? input.consumerId : null),
  decide: (state, input) => {
    if (input.type === 'NotificationReported') return reported(state, input)
    if (input.type === 'ConsumerRegistered') return introduced(state, input)
    const notice = noticeOf(input)
    if (notice === null) return []
    const told = { cause: input.meta, ...notice }
    if (state.contact === null) return [{ type: 'NoticeDeferred', notice: told }]
    return messagesOf(told, state.consumerId, state.contact)
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ContactLearned':
        return { ...state, contact: event.contact, waiting: [] }
      case 'NoticeDeferred':
        return { ...state, waiting: [...state.waiting, event.notice] }
      case 'NotificationRequested': {
        const { requestId, channel, template, templateVersion, language, subject, body } = event
        const message = { requestId, channel, template, templateVersion, language, subject, body }
        return { ...state, pending: [...state.pending, message] }
      }
      case 'NotificationSent':
      case 'NotificationFailed':
        return { ...state, pending: state.pending.filter((message) => message.requestId !== event.notificationId) }
    }
  },
}

/** False for events that no rule speaks of, so that their consumer's state is not even read. */
function concerns(input: NotificationInput): boolean {
  return input.type === 'NotificationReported' || input.type === 'ConsumerRegistered' || isTellable(input)
}

function introduced(state: NotificationState, event: ConsumerRegistered): NotificationOutput[] {
  const { email, phone, language, country } = event
  const contact = { email, phone, language, country }
  const messages = state.waiting.flatMap((notice) => messagesOf(notice, state.consumerId, contact))
  return [{ type: 'ContactLearned', contact }, ...messages]
}

/** What the provider's answer means; one for a message that is not on its way (a repeat) changes nothing. */
function reported(state: NotificationState, report: NotificationReported): NotificationOutput[] {
  const message = state.pending.find((pending) => pending.requestId === report.requestId)
  if (message === undefined) return []
  const { requestId: notificationId, ...rendered } = message
  const { consumerId } = state
  if (report.delivered) {
    const meta = childMeta('notifications', report, 'NotificationSent')
    return [{ type: 'NotificationSent', meta, consumerId, notificationId, ...rendered }]
  }
  const meta = childMeta('notifications', report, 'NotificationFailed')
  const { channel, template } = rendered
  const failureCode = report.failureCode ?? 'unknown'
  return [{ type: 'NotificationFailed', meta, consumerId, notificationId, channel, template, failureCode }]
}
