import type { DecisionRow } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import { badge, plainWords } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { showReports } from './decision-reports.ts'

/** Draws the last decisions where a new one came: what was asked, what was decided, by which policy, and why. */
export function decisionList(api: ApiClient): (decisions: readonly DecisionRow[]) => void {
  return whenChanged((decisions) => {
    const place = byId('decisions', HTMLDivElement)
    if (decisions.length === 0) fill(place, h('p', { class: 'quiet' }, 'No decision yet.'))
    else fill(place, h('ol', { class: 'decisions' }, ...decisions.map((decision) => row(decision, api))))
  })
}

function row(decision: DecisionRow, api: ApiClient): HTMLElement {
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
      reports(decision.decisionId, api),
    ),
  )
}

function reports(decisionId: string, api: ApiClient): HTMLElement {
  const show = () => void showReports(api, decisionId).catch((error: unknown) => announce(asProblem(error).message))
  return h('button', { type: 'button', class: 'small', onclick: show }, 'Reports')
}
