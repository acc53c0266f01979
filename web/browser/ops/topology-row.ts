import type { TopologyStatus } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { fill, h, setText, show } from '../kit/dom.ts'
import { formatBytes, formatCount, formatMs, formatRate } from '../kit/quantities.ts'
import { Sparkline } from '../kit/sparkline.ts'
import { stateBadge } from '../kit/status-badge.ts'
import { HISTORY_SLOTS } from './tiles.ts'
import { TopologyDetail } from './topology-detail.ts'

const COLUMNS = 9

/** One topology in the table, and the part below it that a click opens. The nodes stay; their texts change. */
export class TopologyRow {
  readonly elements: readonly HTMLTableRowElement[]
  readonly #cells: Readonly<Record<'rate' | 'lag' | 'stored' | 'commit' | 'dead' | 'parked', HTMLTableCellElement>>
  readonly #state = h('td', { 'data-label': 'State' })
  readonly #history = new Sparkline(HISTORY_SLOTS)
  readonly #detail: TopologyDetail
  #shownState = ''

  constructor(app: string, api: ApiClient) {
    const cell = (label: string) => h('td', { class: 'num', 'data-label': label })
    this.#cells = {
      rate: cell('Records/s'),
      lag: cell('Lag'),
      stored: cell('Stored'),
      commit: cell('Commit'),
      dead: cell('Dead letters'),
      parked: cell('Parked keys'),
    }
    this.#detail = new TopologyDetail(app, api)
    const { rate, lag, stored, commit, dead, parked } = this.#cells
    const below = h(
      'tr',
      { class: 'detail', hidden: true, id: `detail-${app}` },
      h('td', { colspan: COLUMNS }, this.#detail.element),
    )
    const opener = h(
      'button',
      { type: 'button', class: 'opener', 'aria-expanded': 'false', 'aria-controls': below.id },
      app,
    )
    opener.addEventListener('click', () => {
      const open = below.hidden === true
      show(below, open)
      opener.setAttribute('aria-expanded', String(open))
      if (open) void this.#detail.load()
    })
    const trend = h('td', { class: 'trend' }, this.#history.element)
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, opener),
      this.#state,
      rate,
      trend,
      lag,
      stored,
      commit,
      dead,
      parked,
    )
    this.elements = [row, below]
  }

  show(status: TopologyStatus): void {
    if (status.state !== this.#shownState) fill(this.#state, stateBadge(status.state))
    this.#shownState = status.state
    this.#history.push(status.recordsPerSecond)
    setText(this.#cells.rate, formatRate(status.recordsPerSecond))
    setText(this.#cells.stored, formatBytes(status.stateBytes))
    setText(this.#cells.commit, formatMs(status.commitMs))
    this.#count('lag', status.lag, 'busy')
    this.#count('dead', status.deadLetters, 'bad')
    this.#count('parked', status.parkedKeys, 'bad')
    this.#detail.show(status)
  }

  /** Reads anew what the open part shows, where it is open. */
  async refresh(): Promise<void> {
    if (this.elements[1]?.hidden === false) await this.#detail.refresh()
  }

  #count(name: 'lag' | 'dead' | 'parked', count: number, mood: string): void {
    setText(this.#cells[name], formatCount(count))
    this.#cells[name].className = count === 0 ? 'num zero' : `num ${mood}`
  }
}
