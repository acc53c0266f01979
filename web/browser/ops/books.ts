import type { BooksStatus } from '../api-types.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { badge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { table } from './ops-table.ts'

/** Draws what must hold of the books where something changed, and when it was last checked. */
export const drawBooks = whenChanged((books: BooksStatus) => {
  const rows = books.invariants.map(({ name, currency, leftMinor, differenceMinor, differsSince }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', {}, differenceMinor === 0 ? badge('ok', 'holds') : badge('bad', `differs since ${timeOf(differsSince)}`)),
      h('td', { class: 'num' }, formatMoney(leftMinor, currency)),
      h('td', { class: 'num' }, formatMoney(differenceMinor, currency)),
    ),
  )
  const entries = books.unbalancedEntries === 0 ? 'Every entry balances' : `${books.unbalancedEntries} do not balance`
  const checked = books.checkedAt === null ? 'Not checked yet.' : `${entries}. Last checked ${timeOf(books.checkedAt)}.`
  fill(
    byId('books', HTMLDivElement),
    table(['What must hold', 'State', 'Amount', 'Difference'], 2, rows),
    h('p', { class: 'quiet' }, books.failure === null ? checked : `${checked} ${books.failure}`),
  )
})

function timeOf(instant: string | null): string {
  return instant === null ? '–' : new Date(instant).toLocaleTimeString()
}
