import type { ConnectorStatus, InstanceView, SinkStatus } from '../api-types.ts'
import { byId, type Child, fill, h } from '../kit/dom.ts'
import { formatCount } from '../kit/quantities.ts'
import { badge, stateBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'

/** Draws the processes of the platform where one came, went or grew by a megabyte. */
export function drawInstances(instances: readonly InstanceView[]): void {
  drawProcesses(instances.map(({ id, part, memoryBytes }) => ({ id, part, megabytes: Math.round(memoryBytes / MB) })))
}

const MB = 1_000_000
type Process = Pick<InstanceView, 'id' | 'part'> & { readonly megabytes: number }

const drawProcesses = whenChanged((processes: readonly Process[]) => {
  const rows = processes.map(({ id, part, megabytes }) => [id, part, `${formatCount(megabytes)} MB`])
  fill(byId('processes', HTMLDivElement), table(['Process', 'Part', 'Memory'], rows))
})

/** Draws the connectors where one changed. */
export const drawConnectors = whenChanged((connectors: readonly ConnectorStatus[]) => {
  const rows = connectors.map((one) => [
    one.name,
    circuitBadge(one.circuit),
    formatCount(one.processed),
    formatCount(one.failures),
    formatCount(one.lag + one.inFlight),
  ])
  fill(byId('connectors', HTMLDivElement), table(['Connector', 'Circuit', 'Done', 'Failures', 'Waiting'], rows))
})

/** Draws the sinks where one changed. */
export const drawSinks = whenChanged((sinks: readonly SinkStatus[]) => {
  const rows = sinks.map(({ name, state, rows: written, lag, detail }) => [
    h('span', {}, name, detail === null ? null : h('small', {}, detail)),
    stateBadge(state),
    formatCount(written),
    formatCount(lag),
  ])
  fill(byId('sinks', HTMLDivElement), table(['Sink', 'State', 'Rows', 'Lag'], rows))
})

/** Closed is good: calls go through. */
function circuitBadge(circuit: string): HTMLElement {
  if (circuit === 'closed') return badge('ok', 'closed')
  return badge(circuit === 'open' ? 'bad' : 'warn', circuit)
}

function table(heads: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  const kind = (index: number) => (index > 1 ? 'num' : '')
  const head = heads.map((text, index) => h('th', { scope: 'col', class: kind(index) }, text))
  const body = rows.map(([name, ...cells]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      ...cells.map((cell, index) => h('td', { class: kind(index + 1) }, cell)),
    ),
  )
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body)))
}
