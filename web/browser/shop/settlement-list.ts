import type { Page, Settlement, SettlementLine } from '../api-types.ts'
import { problemBanner } from '../kit/banner.ts'
import { formatDay } from '../kit/dates.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import { plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Shop } from './shop.ts'

const SHOWN_MAX = 20

/** What was settled with the shop; each opens to its lines. */
export function settlementList(shop: () => Shop): { refresh(): Promise<void> } {
  const place = byId('settlements', HTMLDivElement)
  const draw = whenChanged((settlements: readonly Settlement[]) => {
    if (settlements.length === 0) {
      fill(place, h('p', { class: 'quiet' }, 'Nothing settled yet. A capture is paid out on its settlement day.'))
    } else {
      fill(place, ...settlements.map((settlement) => entry(settlement, shop)))
    }
  })
  return {
    async refresh() {
      try {
        draw((await shop().api.get<Page<Settlement>>(`/v1/settlements?limit=${SHOWN_MAX}`)).items)
      } catch (error) {
        fill(place, problemBanner(asProblem(error)))
      }
    },
  }
}

function entry(settlement: Settlement, shop: () => Shop): HTMLElement {
  const { currency } = settlement
  const figures: readonly (readonly [string, number])[] = [
    ['Sales', settlement.salesMinor],
    ['Returns', -settlement.returnsMinor],
    ['Fees', -settlement.feesMinor],
    ['Tax', -settlement.taxMinor],
    ['Held back', -settlement.holdbackMinor],
    ['Released', settlement.releaseMinor],
    ['Corrections', settlement.correctionsMinor],
    ['Debt repaid', -settlement.debtRepaidMinor],
    ['Carried on', settlement.carriedMinor],
  ]
  const lines = h('div', {}, h('p', { class: 'quiet' }, 'Loading…'))
  let loaded = false
  const load = () => {
    if (loaded) return
    loaded = true
    void showLines(lines, settlement, shop())
  }
  return h(
    'details',
    { class: 'settlement', ontoggle: load },
    h(
      'summary',
      {},
      h('span', { class: 'when' }, formatDay(settlement.settledOn)),
      statusBadge(settlement.payoutStatus),
      h('strong', { class: 'amount' }, formatMoney(settlement.payoutMinor, currency)),
    ),
    h(
      'dl',
      { class: 'figures' },
      ...figures
        .filter(([, minor]) => minor !== 0)
        .map(([name, minor]) => h('div', {}, h('dt', {}, name), h('dd', {}, formatMoney(minor, currency)))),
    ),
    lines,
  )
}

async function showLines(place: HTMLElement, { settlementId }: Settlement, { api }: Shop): Promise<void> {
  try {
    const { items } = await api.get<Page<SettlementLine>>(`/v1/settlements/${encodeURIComponent(settlementId)}/lines`)
    const rows = items.map((line) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, plainWords(line.kind)),
        h(
          'td',
          {},
          h('code', {}, line.disputeId ?? line.refundId ?? line.captureId ?? line.purchaseId ?? line.note ?? ''),
        ),
        h('td', { class: 'num' }, formatMoney(line.amountMinor, line.currency)),
      ),
    )
    const head = h(
      'tr',
      {},
      h('th', { scope: 'col' }, 'Line'),
      h('th', { scope: 'col' }, 'Of'),
      h('th', { scope: 'col', class: 'num' }, 'Amount'),
    )
    fill(place, h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))))
  } catch (error) {
    fill(place, problemBanner(asProblem(error)))
  }
}
