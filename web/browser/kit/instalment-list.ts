import type { Instalment } from '../api-types.ts'
import { distance, formatDay } from './dates.ts'
import { h } from './dom.ts'
import { formatMoney } from './money.ts'
import type { PlannedPayment } from './schedule-preview.ts'
import { statusBadge } from './status-badge.ts'

/** The payments of a plan that is only offered. */
export function plannedList(payments: readonly PlannedPayment[], currency: string, today: string): HTMLElement {
  const items = payments.map(({ date, amountMinor }) =>
    h(
      'li',
      {},
      h('span', { class: 'when' }, date === today ? 'Today' : formatDay(date)),
      h('span', { class: 'amount' }, formatMoney(amountMinor, currency)),
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

/** What of an instalment is still to be paid, with its fees. */
export function openMinor({ amountMinor, paidMinor, feesMinor, feesPaidMinor }: Instalment): number {
  return amountMinor - paidMinor + feesMinor - feesPaidMinor
}

function row(one: Instalment, currency: string, today: string, action: HTMLElement | null): HTMLElement {
  const partly = one.paidMinor > 0 && one.paidMinor < one.amountMinor
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
    h('span', { class: 'state' }, statusBadge(one.status, one.amountMinor === 0 ? 'Refunded' : undefined)),
    h(
      'span',
      { class: 'amount' },
      formatMoney(one.amountMinor, currency),
      partly ? h('small', {}, `${formatMoney(one.paidMinor, currency)} paid`) : null,
      one.feesMinor > 0 ? h('small', { class: 'fee' }, `+ ${formatMoney(one.feesMinor, currency)} late fee`) : null,
    ),
    h('span', { class: 'act' }, action),
  )
}
