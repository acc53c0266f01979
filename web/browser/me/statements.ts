import type { Page, Statement } from '../api-types.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import type { Wallet } from './wallet.ts'

const PATH = '/v1/consumers/me/statements'

/** Monthly statements: read when the list is opened, each with its page to keep or print. */
export function statementsCard(wallet: () => Wallet): void {
  const more = byId('statements-more', HTMLDetailsElement)
  const place = byId('statements', HTMLDivElement)
  more.addEventListener('toggle', () => {
    if (more.open) void draw(place, wallet)
  })
}

async function draw(place: HTMLDivElement, wallet: () => Wallet): Promise<void> {
  try {
    const { items } = await wallet().api.get<Page<Statement>>(`${PATH}?limit=24`)
    const rows = items.map((statement) => row(place, wallet, statement))
    fill(place, items.length === 0 ? h('p', { class: 'hint' }, 'None yet.') : h('ul', { class: 'cards' }, ...rows))
  } catch (error) {
    fail(place, error)
  }
}

function row(place: HTMLDivElement, wallet: () => Wallet, { statementId, month, closingMinor, currency }: Statement) {
  const keep = () =>
    void wallet()
      .api.get<string>(`${PATH}/${statementId}/document`)
      .then((page) => save(`statement-${month}-${currency}.html`, page))
      .catch((error: unknown) => fail(place, error))
  return h(
    'li',
    {},
    h('span', {}, `${month} `, h('small', {}, `${formatMoney(closingMinor, currency)} owed at its end`)),
    h('button', { type: 'button', class: 'small', onclick: keep }, 'Save'),
  )
}

/** The page as a file: a window that opens by itself would be blocked. */
function save(name: string, page: string): void {
  const address = URL.createObjectURL(new Blob([page], { type: 'text/html' }))
  h('a', { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}

function fail(place: HTMLDivElement, error: unknown): void {
  fill(place, h('p', { class: 'hint' }, asProblem(error).message))
}
