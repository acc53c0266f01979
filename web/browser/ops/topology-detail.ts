import type { DeadLetterView, Page, ParkedKeyView, TopologyDrawing, TopologyStatus } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { problemBanner } from '../kit/banner.ts'
import { fill, h } from '../kit/dom.ts'
import { asProblem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { drawingView } from './drawing-view.ts'
import { table } from './ops-table.ts'
import { parkedList } from './parked-list.ts'
import { standbyTable, taskTable } from './task-tables.ts'

const LETTERS_MAX = 20

/** What stands behind a topology's row: its drawing, its tasks, what failed in it. */
export class TopologyDetail {
  readonly element: HTMLElement
  readonly #app: string
  readonly #api: ApiClient
  readonly #drawing = h('div', { class: 'drawing' }, h('p', { class: 'quiet' }, 'Drawing…'))
  readonly #tasks = h('div')
  readonly #standbys = h('div')
  readonly #letters = h('div')
  readonly #parked = h('div')
  readonly #drawTasks = whenChanged((tasks: TopologyStatus['tasks']) => fill(this.#tasks, taskTable(tasks)))
  readonly #drawStandbys = whenChanged((standbys: TopologyStatus['standbys']) => {
    fill(this.#standbys, standbyTable(standbys))
  })
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
      part('Standbys', this.#standbys),
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

  show({ tasks, standbys }: TopologyStatus): void {
    this.#drawTasks(tasks)
    this.#drawStandbys(standbys)
  }

  #path(rest: string): string {
    return `/v1/operations/topologies/${encodeURIComponent(this.#app)}${rest}`
  }
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
