/** What becomes of a message that was not delivered or came back: another try, another channel, or no more mail. */
import {
  type AddressUndeliverable,
  childMeta,
  type Envelope,
  type NotificationReported,
  type NotificationReturned,
  type NotificationSent,
  type NotificationState,
  type PendingNotice,
  type ReportDelivery,
} from '#schemas'
import { byChannel } from './again.ts'
import type { NotificationOutput } from './notice-facts.ts'
import { fallbackOf, recipientOf } from './render.ts'
import { templateOf } from './templates.ts'

const HOUR_MS = 3_600_000
/** After how long a message that did not get through for now is tried again; after the last one it has failed. */
const PAUSES_MS = [HOUR_MS / 4, HOUR_MS, 4 * HOUR_MS, 24 * HOUR_MS]
/** The mailbox is not there: RFC 5321 §4.2.3, as answered to RCPT. */
const HARD = new Set(['smtp_550', 'smtp_551', 'smtp_553'])
/** Nobody could be asked, or the mailbox is full. Other answers of 4xx say the same. */
const SOFT = new Set(['provider_unavailable', 'smtp_552'])

/** What the provider's answer means; one for a message that is not on its way (a repeat) changes nothing. */
export function reported(state: NotificationState, report: NotificationReported): readonly NotificationOutput[] {
  const message = state.pending.find((pending) => pending.requestId === report.requestId)
  if (message === undefined) return []
  const { consumerId } = state
  const { provider } = report
  const { requestId: notificationId, channel, template } = message
  if (report.delivered) return [sentOf(state, message, report, provider)]
  const failureCode = report.failureCode ?? 'unknown'
  const isSoft = SOFT.has(failureCode) || failureCode.startsWith('smtp_4')
  const again = isSoft ? tryAgain(message, report.meta) : null
  if (again !== null) return [again]
  const meta = childMeta('notifications', report, 'NotificationFailed')
  const failed: NotificationOutput = {
    ...{ type: 'NotificationFailed', meta, consumerId, notificationId, channel, template, failureCode, provider },
  }
  if (channel !== 'EMAIL' || !HARD.has(failureCode)) return [failed]
  return [failed, ...closed(state, report, { address: message.recipient, reason: failureCode, message })]
}

/** What was sent, in the very words. */
function sentOf(
  { consumerId }: NotificationState,
  message: PendingNotice,
  cause: { readonly meta: Envelope },
  provider: string | null,
): NotificationSent {
  const { requestId: notificationId, channel, template, templateVersion, language, subject, body } = message
  const meta = childMeta('notifications', cause, 'NotificationSent')
  const rendered = { channel, template, templateVersion, language, subject, body }
  return { type: 'NotificationSent', meta, consumerId, notificationId, ...rendered, provider }
}

/** What came back of a message that a provider had taken. */
export function returned(state: NotificationState, report: ReportDelivery): readonly NotificationOutput[] {
  const { notificationId, recipient } = report
  const message = [...state.mailed, ...state.pending].find((one) => one.requestId === notificationId)
  // Before an account is open the address is known by the mail alone. Of any other address nothing is of interest, and
  // what was heard once changes nothing.
  const address = state.contact?.email ?? message?.recipient
  if (recipient !== address || state.told.includes(report.meta.id)) return []
  // What comes back has been sent, also where it is faster than the word of the connector.
  const pending = state.pending.find((one) => one.requestId === notificationId)
  const sent = pending === undefined ? [] : [sentOf(state, pending, report, null)]
  return [...sent, ...troubled(state, report, message)]
}

function troubled(
  state: NotificationState,
  report: ReportDelivery,
  message: PendingNotice | undefined,
): readonly NotificationOutput[] {
  const { consumerId, notificationId, channel, recipient, trouble, reason } = report
  const meta = childMeta('notifications', report, 'NotificationReturned')
  const told: NotificationReturned = {
    ...{ type: 'NotificationReturned', meta, consumerId, notificationId, channel, recipient, trouble, reason },
  }
  switch (trouble) {
    case 'HARD_BOUNCE':
      return [told, ...closed(state, report, { address: recipient, reason, message })]
    case 'SOFT_BOUNCE': {
      const again = message === undefined ? null : tryAgain(message, report.meta)
      return again === null ? [told] : [told, again]
    }
    case 'COMPLAINT':
      // The consumers topology hears of it, and takes the wish for news back.
      return [told]
  }
}

/** The same message later; null where there is no further try: a code would not be good any more. */
function tryAgain(message: PendingNotice, { occurredAt }: Envelope): NotificationOutput | null {
  const pauseMs = PAUSES_MS[message.attempt - 1]
  if (message.isCode || pauseMs === undefined) return null
  return { type: 'RetryPlanned', retry: { message, notBefore: occurredAt + pauseMs } }
}

type Bounce = { readonly address: string; readonly reason: string; readonly message: PendingNotice | undefined }

/** No more mail to an address; what the law asks for and came back from there goes by another channel. */
function closed(
  state: NotificationState,
  cause: { readonly meta: Envelope },
  { address, reason, message }: Bounce,
): readonly NotificationOutput[] {
  const { consumerId, contact } = state
  if (contact === null || state.undeliverable === address) return []
  const meta = childMeta('notifications', cause, 'AddressUndeliverable')
  const mark: AddressUndeliverable = { type: 'AddressUndeliverable', meta, consumerId, address, reason }
  const channels = message === undefined || message.isCode ? null : templateOf(message.template).channels
  const channel = fallbackOf(contact)
  const recipient = recipientOf(channel, { consumerId, contact })
  // What goes by that channel anyhow has gone out there already.
  if (message === undefined || channels === null || channels.includes(channel) || recipient === null) return [mark]
  return [mark, byChannel(message, { consumerId, channel, recipient }, cause)]
}
