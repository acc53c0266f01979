import type { Health } from './api-types.ts'
import { reach } from './kit/api-client.ts'
import { problemBanner } from './kit/banner.ts'
import { byId, fill, h } from './kit/dom.ts'
import { poll } from './kit/poll.ts'
import { asProblem } from './kit/problem.ts'
import { badge } from './kit/status-badge.ts'
import { whenChanged } from './kit/when-changed.ts'

const EVERY_MS = 5_000
const HEADINGS: Readonly<Record<string, string>> = { topology: 'Topologies', connector: 'Connectors', sink: 'Sinks' }

const health = byId('health', HTMLDivElement)
const draw = whenChanged((found: Health) => {
  fill(
    health,
    h('p', { class: 'health-line' }, overall(found.status)),
    ...[...Map.groupBy(found.parts, ({ name }) => name.split(' ')[0] ?? name)].map(partGroup),
  )
})

poll(EVERY_MS, async () => {
  try {
    // A degraded platform answers with its parts too, whatever the status code.
    const response = await reach('/healthz', { headers: { accept: 'application/json' } })
    draw((await response.json()) as Health)
  } catch (error) {
    fill(health, problemBanner(asProblem(error)))
  }
})

function overall(status: Health['status']): HTMLElement {
  if (status === 'ok') return badge('ok', 'All parts run')
  return status === 'failed' ? badge('bad', 'A topology has stopped') : badge('warn', 'Some parts are missing')
}

/** Parts that run are named and no more; one that does not says what is missing. */
function partGroup([kind, parts]: [string, Health['parts']]): HTMLElement {
  const items = parts.map(({ name, status, detail }) => {
    const shortName = name.slice(kind.length).trim() || name
    return status === 'ok'
      ? h('li', {}, badge('ok', shortName))
      : h('li', { class: 'trouble' }, badge('warn', `${shortName}: ${status}`), h('small', {}, detail ?? ''))
  })
  return h('div', { class: 'parts' }, h('h3', {}, HEADINGS[kind] ?? kind), h('ul', {}, ...items))
}
