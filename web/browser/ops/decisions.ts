import type { DecisionRow } from '../api-types.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { badge, plainWords } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'

/** Draws the last decisions where a new one came: what was asked, what was decided, by which policy, and why. */
export const drawDecisions = whenChanged((decisions: readonly DecisionRow[]) => {
  const place = byId('decisions', HTMLDivElement)
  if (decisions.length === 0) fill(place, h('p', { class: 'quiet' }, 'No decision yet.'))
  else fill(place, h('ol', { class: 'decisions' }, ...decisions.map(row)))
})

function row(decision: DecisionRow): HTMLElement {
  const { approved, reasons, currency, score, counterOfferMinor } = decision
  const counter = counterOfferMinor === null ? '' : `up to ${formatMoney(counterOfferMinor, currency)} would pass`
  return h(
    'li',
    { 'data-decision': decision.decisionId },
    h('span', { class: 'verdict' }, badge(approved ? 'ok' : 'bad', approved ? 'Approved' : 'Declined')),
    h('strong', { class: 'amount' }, formatMoney(decision.amountMinor, currency)),
    h('span', {}, decision.merchantName, h('small', {}, plainWords(decision.product))),
    h(
      'span',
      { class: 'why' },
      ...reasons.map(({ code, text }) => h('span', {}, text, ' ', h('code', {}, code))),
      counter === '' ? null : h('small', {}, counter),
      approved ? h('small', {}, `limit ${formatMoney(decision.limitMinor, currency)}`) : null,
    ),
    h(
      'span',
      { class: 'by' },
      `${decision.policyVersion} · ${decision.modelVersion}${score === null ? '' : ` · score ${score}`}`,
      h('small', {}, decision.decidedAt.slice(0, 19).replace('T', ' ')),
    ),
  )
}
