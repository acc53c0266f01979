import type { Dispute } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { formatMoney } from '../kit/money.ts'
import { plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'

type Parts = { readonly api: ApiClient; readonly refresh: () => void }

/** Disputes that are not decided, each with what both sides say; those of consumers are decided here. */
export function disputeQueue(parts: Parts): (disputes: readonly Dispute[]) => void {
  return whenChanged((disputes) => {
    const place = byId('disputes', HTMLDivElement)
    const open = disputes.filter(({ status }) => status === 'OPEN' || status === 'UNDER_REVIEW')
    if (open.length === 0) fill(place, h('p', { class: 'quiet' }, 'Nothing is disputed.'))
    else fill(place, h('ul', { class: 'rows' }, ...open.map((dispute) => row(dispute, parts))))
  })
}

function row(dispute: Dispute, parts: Parts): HTMLElement {
  const { disputeId, reason, note, evidence, status, amountMinor, currency, evidenceDueAt } = dispute
  const waits = status === 'OPEN' ? `the shop answers by ${evidenceDueAt.slice(0, 10)}` : null
  return h(
    'li',
    { 'data-dispute': disputeId },
    h(
      'span',
      {},
      h('strong', {}, `${formatMoney(amountMinor, currency)}: ${plainWords(reason)}`),
      note === null ? null : h('small', {}, `Consumer: ${note}`),
      evidence === null ? null : h('small', {}, `Shop: ${evidence}`),
    ),
    h('span', {}, statusBadge(status), waits === null ? null : h('small', {}, waits)),
    h('span', { class: 'buttons' }, ...actions(dispute, parts)),
  )
}

function actions(dispute: Dispute, parts: Parts): readonly HTMLElement[] {
  if (dispute.origin === 'NETWORK') return [h('small', {}, 'the card network decides')]
  const button = (label: string, merchantWins: boolean) =>
    h('button', { type: 'button', class: 'small', onclick: () => decide(dispute, merchantWins, parts) }, label)
  return [button('Shop is right', true), button('Refund', false)]
}

function decide(dispute: Dispute, merchantWins: boolean, { api, refresh }: Parts): void {
  const { purchaseId, disputeId, amountMinor, currency } = dispute
  const amount = formatMoney(amountMinor, currency)
  ask({
    title: merchantWins ? 'Is the shop right?' : `Refund ${amount}?`,
    content: [
      h('p', {}, merchantWins ? `The ${amount} go to the shop.` : `The ${amount} are taken off the consumer’s plan.`),
      field('note', 'Why, kept with the decision', { maxlength: 200 }),
    ],
    submit: merchantWins ? 'Decide' : 'Refund',
    danger: !merchantWins,
    send: async ({ note = '' }) => {
      const path = `/v1/purchases/${purchaseId}/disputes/${disputeId}/decision`
      await api.post(path, { merchantWins, ...(note !== '' && { note }) })
      announce('The dispute is decided.')
      refresh()
    },
  })
}
