import type { GatewayRoutes } from '../api-types.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { table } from './ops-table.ts'

/** Draws which charges go to which payment gateway where that changed; their circuits stand with the connectors. */
export const drawGateways = whenChanged(({ version, rules, gateways }: GatewayRoutes) => {
  const rows = rules.map((rule) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, rule.name),
      h('td', {}, conditionOf(rule)),
      h('td', {}, rule.shares.map(({ gateway, percent }) => `${gateway} ${percent} %`).join(', then ')),
    ),
  )
  const rest = `Where no rule fits, ${gateways[0] ?? 'nobody'} is asked alone.`
  const said = version === 0 ? 'No routes were published.' : `Routes ${version}: the first rule that fits holds.`
  fill(
    byId('gateways', HTMLDivElement),
    rows.length === 0 ? null : table(['Rule', 'Charges', 'Asked first'], 3, rows),
    h('p', { class: 'quiet' }, `${said} ${rest} Gateways: ${gateways.join(', ')}.`),
  )
})

function conditionOf({ brands, currencies, minMinor, maxMinor }: GatewayRoutes['rules'][number]): string {
  const parts = [
    brands.join(' or '),
    currencies.join(' or '),
    minMinor === null ? '' : `from ${minMinor} minor units`,
    maxMinor === null ? '' : `to ${maxMinor} minor units`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'all' : parts.join(', ')
}
