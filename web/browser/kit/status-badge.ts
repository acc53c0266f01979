import type { Tone } from './banner.ts'
import { h } from './dom.ts'

/** Every status that a page shows: how it is meant, and in which words. */
const STATUSES: Readonly<Record<string, readonly [tone: Tone, text: string]>> = {
  ACTIVE: ['ok', 'Active'],
  APPROVED: ['ok', 'Approved'],
  AUTHORISED: ['info', 'Authorised'],
  CANCELLED: ['quiet', 'Cancelled'],
  CAPTURED: ['ok', 'Captured'],
  CHARGED_OFF: ['bad', 'Charged off'],
  CLAIMED: ['info', 'Taken'],
  CLOSED: ['quiet', 'Closed'],
  COMPLETED: ['ok', 'Paid off'],
  DECLINED: ['bad', 'Declined'],
  DUE: ['warn', 'Due'],
  EXPIRED: ['quiet', 'Expired'],
  FAILED: ['bad', 'Failed'],
  HELD: ['warn', 'Held'],
  IN_FLIGHT: ['info', 'Under way'],
  NEEDS_REVIEW: ['warn', 'In review'],
  NOT_STARTED: ['quiet', 'Not started'],
  OPEN: ['info', 'Open'],
  OVERDUE: ['bad', 'Overdue'],
  PAID: ['ok', 'Paid'],
  PARTLY_CAPTURED: ['info', 'Partly captured'],
  PENDING: ['warn', 'Pending'],
  PROPOSED: ['warn', 'Awaiting first payment'],
  REJECTED: ['bad', 'Rejected'],
  REQUESTED: ['info', 'Under way'],
  RETRYING: ['warn', 'Will be tried again'],
  RETURNED: ['info', 'Returned'],
  SCHEDULED: ['quiet', 'Scheduled'],
  SUCCEEDED: ['ok', 'Paid'],
  SUSPENDED: ['warn', 'Suspended'],
  WRITTEN_OFF: ['quiet', 'Written off'],
  VOIDED: ['quiet', 'Voided'],
  UNDER_REVIEW: ['warn', 'In review'],
  WON: ['ok', 'Won'],
  LOST: ['bad', 'Lost'],
}

/** Parts of the platform speak in words of their own. */
const STATES: Readonly<Record<string, Tone>> = {
  ok: 'ok',
  running: 'ok',
  embedded: 'ok',
  ready: 'ok',
  created: 'info',
  starting: 'info',
  restoring: 'info',
  rebalancing: 'info',
  degraded: 'warn',
  missing: 'warn',
  off: 'quiet',
  closing: 'quiet',
  closed: 'quiet',
  stopped: 'quiet',
  failed: 'bad',
  down: 'bad',
}

/** A status of the business, in words and in colour; `words` where this page has its own. */
export function statusBadge(status: string, words?: string): HTMLElement {
  const [tone, text] = STATUSES[status] ?? ['quiet', plainWords(status)]
  return badge(tone, words ?? text)
}

/** A state of a part of the platform. */
export function stateBadge(state: string): HTMLElement {
  return badge(STATES[state.toLowerCase()] ?? 'quiet', state.toLowerCase())
}

/** A small label. */
export function badge(tone: Tone, text: string): HTMLElement {
  return h('span', { class: `badge badge-${tone}` }, text)
}

/** `PAY_IN_4` → `Pay in 4`. */
export function plainWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
