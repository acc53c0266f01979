import type { PlatformStatus, PlatformTotals } from '../api-types.ts'
import { byId, type Child, h, setText } from '../kit/dom.ts'
import { formatBytes, formatCount, formatRate, formatUptime } from '../kit/quantities.ts'
import { Sparkline } from '../kit/sparkline.ts'

/** Three minutes of seconds. */
export const HISTORY_SLOTS = 180

class Tile {
  readonly element: HTMLElement
  readonly #value = h('dd', {}, '–')
  readonly #note = h('dd', { class: 'note' })

  constructor(name: string, more: Child = null) {
    this.element = h(
      'div',
      { class: 'tile' },
      h('dt', {}, name),
      this.#value,
      this.#note,
      more === null ? null : h('dd', {}, more),
    )
  }

  say(value: string, note = ''): void {
    setText(this.#value, value)
    setText(this.#note, note)
  }
}

/** The figures one looks at first. */
export class Tiles {
  readonly #history = new Sparkline(HISTORY_SLOTS)
  readonly #events = new Tile('Records per second', this.#history.element)
  readonly #lag = new Tile('Lag')
  readonly #troubles = new Tile('Dead letters, parked')
  readonly #purchases = new Tile('Purchases')
  readonly #plans = new Tile('Open plans')
  readonly #memory = new Tile('Memory')

  constructor() {
    const tiles = [this.#events, this.#lag, this.#troubles, this.#purchases, this.#plans, this.#memory]
    byId('tiles', HTMLDListElement).replaceChildren(...tiles.map(({ element }) => element))
  }

  showStatus({ topologies, connectors, sinks, memoryBytes, uptimeSeconds, version }: PlatformStatus): void {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
    const perSecond = sum(topologies.map(({ recordsPerSecond }) => recordsPerSecond))
    const processed = sum(topologies.map(({ recordsProcessed }) => recordsProcessed))
    const dead = sum(topologies.map(({ deadLetters }) => deadLetters))
    const parked = sum(topologies.map(({ parkedKeys }) => parkedKeys))
    this.#history.push(perSecond)
    this.#events.say(formatRate(perSecond), `${formatCount(processed)} since the start`)
    this.#lag.say(formatCount(sum([...topologies, ...connectors, ...sinks].map(({ lag }) => lag))), 'records waiting')
    this.#troubles.say(`${formatCount(dead)}, ${formatCount(parked)}`, dead + parked === 0 ? 'all well' : 'see below')
    this.#memory.say(formatBytes(memoryBytes), `up ${formatUptime(uptimeSeconds)}, version ${version}`)
  }

  showTotals({ purchases, approved, openPlans, instalmentsPaid }: PlatformTotals): void {
    const share = purchases === 0 ? '' : `${Math.round((approved / purchases) * 100)}% approved`
    this.#purchases.say(formatCount(purchases), share)
    this.#plans.say(formatCount(openPlans), `${formatCount(instalmentsPaid)} instalments paid`)
  }
}
