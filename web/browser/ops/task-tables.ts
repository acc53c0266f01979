import type { RestoreStatus, StandbyStatus, TopologyStatus } from '../api-types.ts'
import { h } from '../kit/dom.ts'
import { formatCount, formatUptime } from '../kit/quantities.ts'
import { badge, stateBadge } from '../kit/status-badge.ts'
import { table } from './ops-table.ts'
import { paceText, restoreText } from './restore-text.ts'

/** The tasks that run here; one that restores says how far it has come. */
export function taskTable(tasks: TopologyStatus['tasks']): HTMLElement {
  if (tasks.length === 0) return h('p', { class: 'quiet' }, 'No task runs.')
  const rows = tasks.map(({ id, state, lag, processed, restore }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, id),
      h('td', {}, stateBadge(state), restoreNote(restore)),
      h('td', { class: 'num' }, formatCount(processed)),
      h('td', { class: lag === 0 ? 'num zero' : 'num busy' }, formatCount(lag)),
    ),
  )
  return table(['Task', 'State', 'Processed', 'Lag'], 2, rows)
}

/** The tasks of other instances whose state is kept here too. */
export function standbyTable(standbys: readonly StandbyStatus[]): HTMLElement {
  if (standbys.length === 0) return h('p', { class: 'quiet' }, 'None.')
  const rows = standbys.map(({ id, lag, isWarmUp, ageMs, progress }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, id),
      h('td', {}, isWarmUp ? badge('info', 'warming up') : badge('quiet', 'following'), paceNote(lag, progress)),
      h('td', { class: 'num' }, ageMs === null ? '–' : formatUptime(ageMs / 1_000)),
      h('td', { class: lag === 0 ? 'num zero' : 'num busy' }, formatCount(lag)),
    ),
  )
  return table(['Task', 'Standby', 'Age', 'Lag'], 2, rows)
}

function restoreNote(restore: RestoreStatus | null): HTMLElement | null {
  return restore === null ? null : h('small', {}, restoreText(restore))
}

function paceNote(lag: number, progress: RestoreStatus): HTMLElement | null {
  return lag === 0 ? null : h('small', {}, paceText(progress))
}
