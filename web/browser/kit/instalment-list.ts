import type { Instalment } from '../api-types.ts'
import { distance, formatDay } from './dates.ts'
import { h } from './dom.ts'
import { formatMoney } from './money.ts'
import type { PlannedPayment } from './schedule-preview.ts'
import { statusBadge } from './status-badge.ts'

/** The payments of a plan that is only offered. */
export function plannedList(payments: readonly PlannedPayment[], currency: string, today: string): HTMLElement {
  const items = payments.map(({ date, amountMinor, interestMinor = 0 }) =>
    h(
      'li',
      {},
      h('span', { class: 'when' }, date === today ? 'Today' : formatDay(date)),
      h('span', { class: 'amount' }, formatMoney(amountMinor, currency), interestNote(interestMinor, currency)),
    ),
  )
  return h('ol', { class: 'planned' }, ...items)
}

/** The instalments of a plan as they stand; `action` may put a button at the end of one. */
export function instalmentList(
  instalments: readonly Instalment[],
  currency: string,
  today: string,
  action: (instalment: Instalment) => HTMLElement | null,
): HTMLElement {
  return h('ol', { class: 'instalments' }, ...instalments.map((one) => row(one, currency, today, action(one))))
}

/** What of an instalment is still to be paid, with its fees and its interest. */
export function openMinor(one: Instalment): number {
  return one.amountMinor - one.paidMinor + one.feesMinor - one.feesPaidMinor + one.interestMinor - one.interestPaidMinor
}

function interestNote(interestMinor: number, currency: string): HTMLElement | null {
  return interestMinor > 0 ? h('small', {}, `with ${formatMoney(interestMinor, currency)} interest`) : null
}

function row(one: Instalment, currency: string, today: string, action: HTMLElement | null): HTMLElement {
  const paidMinor = one.paidMinor + one.interestPaidMinor
  const partly = paidMinor > 0 && paidMinor < one.amountMinor + one.interestMinor
  return h(
    'li',
    { class: `instalment instalment-${one.status.toLowerCase()}` },
    h('span', { class: 'no', 'aria-hidden': 'true' }, one.status === 'PAID' ? '✓' : one.no),
    h(
      'span',
      { class: 'when' },
      h('span', {}, formatDay(one.dueDate)),
      h('small', {}, one.status === 'PAID' ? `Instalment ${one.no}` : distance(one.dueDate, today)),
    ),
    h(
      'span',
      { class: 'state' },
      statusBadge(one.status, one.amountMinor + one.interestMinor === 0 ? 'Refunded' : undefined),
    ),
    h(
      'span',
      { class: 'amount' },
      formatMoney(one.amountMinor + one.interestMinor, currency),
      interestNote(one.interestMinor, currency),
      partly ? h('small', {}, `${formatMoney(paidMinor, currency)} paid`) : null,
      one.feesMinor > 0 ? h('small', { class: 'fee' }, `+ ${formatMoney(one.feesMinor, currency)} late fee`) : null,
    ),
    h('span', { class: 'act' }, action),
  )
}
