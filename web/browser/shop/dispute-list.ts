import type { Dispute, Page } from '../api-types.ts'
import { problemBanner } from '../kit/banner.ts'
import { formatDay } from '../kit/dates.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import { plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Shop } from './shop.ts'

const SHOWN_MAX = 20

/** What consumers and banks dispute; an open one can be answered or accepted. */
export function disputeList(shop: () => Shop): { refresh(): Promise<void> } {
  const place = byId('disputes', HTMLDivElement)
  const draw = whenChanged((disputes: readonly Dispute[]) => {
    if (disputes.length === 0) fill(place, h('p', { class: 'quiet' }, 'Nothing is disputed.'))
    else fill(place, ...disputes.map((dispute) => entry(dispute, shop)))
  })
  return {
    async refresh() {
      try {
        draw((await shop().api.get<Page<Dispute>>(`/v1/disputes?limit=${SHOWN_MAX}`)).items)
      } catch (error) {
        fill(place, problemBanner(asProblem(error)))
      }
    },
  }
}

function entry(dispute: Dispute, shop: () => Shop): HTMLElement {
  const { purchaseId, reason, status, amountMinor, currency, note, evidence } = dispute
  return h(
    'details',
    { class: 'settlement' },
    h(
      'summary',
      {},
      h('span', { class: 'when' }, plainWords(reason.toUpperCase())),
      statusBadge(status),
      h('strong', { class: 'amount' }, formatMoney(amountMinor, currency)),
    ),
    h('p', {}, 'Purchase ', h('code', {}, purchaseId)),
    note === null ? null : h('p', {}, note),
    evidence === null ? null : h('p', { class: 'quiet' }, evidence),
    status === 'OPEN' || status === 'UNDER_REVIEW' ? actions(dispute, shop) : null,
  )
}

function actions({ purchaseId, disputeId, evidenceDueAt }: Dispute, shop: () => Shop): HTMLElement {
  const path = `/v1/purchases/${encodeURIComponent(purchaseId)}/disputes/${encodeURIComponent(disputeId)}`
  const said = h('div', {})
  const answer = h('textarea', { rows: '3', 'aria-label': 'Your answer', maxlength: '4000' })
  const send = async (what: string, body: object) => {
    try {
      await shop().api.post(`${path}/${what}`, body)
      await shop().refresh()
    } catch (error) {
      fill(said, problemBanner(asProblem(error)))
    }
  }
  const submit = () => void send('evidence', { evidence: (answer as HTMLTextAreaElement).value })
  const accept = () => void send('acceptance', {})
  return h(
    'div',
    {},
    h('p', { class: 'quiet' }, `To be answered by ${formatDay(evidenceDueAt.slice(0, 10))}; else it is lost.`),
    answer,
    h('div', { class: 'buttons' }, button('Answer', submit), button('Accept and refund', accept)),
    said,
  )
}

function button(text: string, onclick: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'small', onclick }, text)
}
