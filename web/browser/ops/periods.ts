import type { LedgerPeriod, LedgerPeriods } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { badge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { table } from './ops-table.ts'

type Parts = { readonly api: ApiClient; readonly refresh: () => void }

/** The months of the ledger, and what can be done about them. */
export function periodCard(parts: Parts): (periods: LedgerPeriods) => void {
  return whenChanged(({ items, closeDay }) => {
    const last = items.find(({ status }) => status !== 'REOPENED')
    const rows = items.map((period) => row(period, period === last, parts))
    const when =
      closeDay === null ? 'Months are closed by hand.' : `Months are closed on day ${closeDay} of the next one.`
    fill(
      byId('periods', HTMLDivElement),
      rows.length === 0 ? null : table(['Month', 'State', 'Figures', 'Differences', ''], 2, rows),
      h('p', { class: 'quiet' }, items.length === 0 ? `No month was closed yet. ${when}` : when),
      button('Close a month', () => closeMonth(parts)),
    )
  })
}

function row({ period, status, run, figures, differences }: LedgerPeriod, isLast: boolean, parts: Parts): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, period),
    h('td', {}, stateBadge(status), h('small', {}, `computed ${run} ${run === 1 ? 'time' : 'times'}`)),
    h('td', { class: 'num' }, String(figures.length)),
    h('td', { class: 'num' }, String(differences.length)),
    h('td', { class: 'num' }, isLast ? button('Reopen', () => reopen(period, parts)) : null),
  )
}

function stateBadge(status: string): HTMLElement {
  if (status === 'CLOSED') return badge('ok', 'closed')
  return status === 'DIFFERS' ? badge('bad', 'other figures found') : badge('warn', 'reopened')
}

function button(label: string, onclick: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'small', onclick }, label)
}

function closeMonth({ api, refresh }: Parts): void {
  ask({
    title: 'Close a month of the ledger?',
    content: [
      field('period', 'Month', { required: true, type: 'month' }, 'A closed one is computed again and compared.'),
    ],
    submit: 'Close',
    send: async ({ period = '' }) => {
      await api.post(`/v1/ledger/periods/${encodeURIComponent(period)}/close`, undefined)
      announce(`${period} is closed.`)
      refresh()
    },
  })
}

function reopen(period: string, { api, refresh }: Parts): void {
  ask({
    title: `Reopen ${period}?`,
    content: [field('reason', 'Reason', { required: true }, 'It takes entries until it is closed again.')],
    submit: 'Reopen',
    send: async ({ reason }) => {
      await api.post(`/v1/ledger/periods/${period}/reopening`, { reason })
      announce(`${period} is open.`)
      refresh()
    },
  })
}
