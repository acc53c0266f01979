import type { DeadLetterView, Page, ParkedKeyView, TopologyDrawing, TopologyStatus } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { problemBanner } from '../kit/banner.ts'
import { fill, h } from '../kit/dom.ts'
import { asProblem } from '../kit/problem.ts'
import { formatCount } from '../kit/quantities.ts'
import { stateBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { drawingView } from './drawing-view.ts'
import { parkedList } from './parked-list.ts'

const LETTERS_MAX = 20

/** What stands behind a topology's row: its drawing, its tasks, what failed in it. */
export class TopologyDetail {
  readonly element: HTMLElement
  readonly #app: string
  readonly #api: ApiClient
  readonly #drawing = h('div', { class: 'drawing' }, h('p', { class: 'quiet' }, 'Drawing…'))
  readonly #tasks = h('div')
  readonly #letters = h('div')
  readonly #parked = h('div')
  readonly #drawTasks = whenChanged((tasks: TopologyStatus['tasks']) => fill(this.#tasks, taskTable(tasks)))
  readonly #drawLetters = whenChanged((letters: readonly DeadLetterView[]) => fill(this.#letters, letterTable(letters)))
  readonly #drawParked = whenChanged((keys: readonly ParkedKeyView[]) => {
    fill(this.#parked, parkedList(keys, { app: this.#app, api: this.#api, refresh: () => this.refresh() }))
  })

  constructor(app: string, api: ApiClient) {
    this.#app = app
    this.#api = api
    const part = (title: string, place: HTMLElement) => h('section', {}, h('h3', {}, title), place)
    this.element = h(
      'div',
      { class: 'topology-detail' },
      part('Topology', this.#drawing),
      part('Tasks', this.#tasks),
      part('Parked keys', this.#parked),
      part('Dead letters', this.#letters),
    )
  }

  /** The first look: the drawing never changes while the platform runs. */
  async load(): Promise<void> {
    try {
      const drawing = await this.#api.get<TopologyDrawing>(this.#path(''))
      fill(this.#drawing, drawingView(this.#app, drawing))
    } catch (error) {
      fill(this.#drawing, problemBanner(asProblem(error)))
    }
    await this.refresh()
  }

  async refresh(): Promise<void> {
    try {
      const [letters, parked] = await Promise.all([
        this.#api.get<Page<DeadLetterView>>(this.#path(`/dead-letters?limit=${LETTERS_MAX}`)),
        this.#api.get<Page<ParkedKeyView>>(this.#path('/parked-keys')),
      ])
      this.#drawLetters(letters.items)
      this.#drawParked(parked.items)
    } catch (error) {
      fill(this.#letters, problemBanner(asProblem(error)))
    }
  }

  show({ tasks }: TopologyStatus): void {
    this.#drawTasks(tasks)
  }

  #path(rest: string): string {
    return `/v1/operations/topologies/${encodeURIComponent(this.#app)}${rest}`
  }
}

function taskTable(tasks: TopologyStatus['tasks']): HTMLElement {
  if (tasks.length === 0) return h('p', { class: 'quiet' }, 'No task runs.')
  const rows = tasks.map(({ id, state, lag, processed }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, id),
      h('td', {}, stateBadge(state)),
      h('td', { class: 'num' }, formatCount(processed)),
      h('td', { class: lag === 0 ? 'num zero' : 'num busy' }, formatCount(lag)),
    ),
  )
  return table(['Task', 'State', 'Processed', 'Lag'], 2, rows)
}

function letterTable(letters: readonly DeadLetterView[]): HTMLElement {
  if (letters.length === 0) return h('p', { class: 'quiet' }, 'None.')
  const rows = letters.map(({ topic, partition, offset, step, code, message }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('code', {}, `${topic}-${partition}@${offset}`)),
      h('td', {}, step),
      h('td', {}, h('code', {}, code), h('small', {}, message)),
    ),
  )
  return table(['Record', 'Step', 'Why'], 3, rows)
}

function table(heads: readonly string[], numbersFrom: number, rows: readonly HTMLElement[]): HTMLElement {
  const head = heads.map((text, index) => h('th', { scope: 'col', class: index >= numbersFrom ? 'num' : '' }, text))
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)))
}
