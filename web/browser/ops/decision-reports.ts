import type { ExplainedDecision } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { banner } from '../kit/banner.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { badge, plainWords } from '../kit/status-badge.ts'

/** Shows by which credit reports a decision was made, and how they contradicted each other. */
export async function showReports(api: ApiClient, decisionId: string): Promise<void> {
  const { explanation } = await api.get<ExplainedDecision>(`/v1/decisions/${decisionId}`)
  const { reports = [], contradiction = null } = explanation ?? {}
  ask({
    title: 'Credit reports of this decision',
    content: [
      contradiction === null
        ? null
        : banner(
            'warn',
            `${contradiction.source === 'SAME_BUREAU' ? 'The bureau contradicts itself' : 'The bureaus differ'} in: ` +
              `${contradiction.fields.join(', ')}. Decided by ${nameOf(contradiction.standing)}; ` +
              `the other is ${nameOf(contradiction.other)}.`,
          ),
      reports.length === 0
        ? h('p', { class: 'quiet' }, 'It was made without a report.')
        : h('ul', { class: 'rows' }, ...reports.map(row)),
    ],
    submit: 'Close',
    tells: true,
    send: async () => {},
  })
}

type Report = NonNullable<ExplainedDecision['explanation']>['reports'][number]

function row(report: Report): HTMLElement {
  const facts = [report.reportedAt.slice(0, 10), report.providerRef].filter((part) => part !== null)
  return h(
    'li',
    {},
    h('span', {}, h('strong', {}, report.bureau), h('small', { class: 'reference' }, facts.join(' · '))),
    h('span', {}, plainWords(report.outcome)),
    report.decisive ? badge('info', 'Decided by') : null,
  )
}

function nameOf({ bureau, providerRef }: { readonly bureau: string; readonly providerRef: string | null }): string {
  return providerRef === null ? bureau : `${bureau} (${providerRef})`
}
