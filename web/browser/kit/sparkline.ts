import { svg } from './dom.ts'

const WIDTH = 96
const HEIGHT = 24
/** A line that has just begun is drawn as if it had this many values. */
const SLOTS_MIN = 30

/** A small line of the last values, newest at the right; `slots` is how many fit. */
export class Sparkline {
  readonly element: SVGElement
  readonly #line = svg('polyline', { class: 'spark-line' })
  readonly #area = svg('polygon', { class: 'spark-area' })
  readonly #slots: number
  readonly #values: number[] = []

  constructor(slots: number) {
    this.#slots = slots
    const viewBox = `0 0 ${WIDTH} ${HEIGHT}`
    this.element = svg('svg', { class: 'spark', viewBox, 'aria-hidden': 'true' }, this.#area, this.#line)
  }

  push(value: number): void {
    this.#values.push(value)
    if (this.#values.length > this.#slots) this.#values.shift()
    const top = Math.max(1, ...this.#values)
    const step = WIDTH / (Math.max(this.#values.length, SLOTS_MIN) - 1)
    const start = WIDTH - (this.#values.length - 1) * step
    const points = this.#values.map((one, index) => {
      const y = HEIGHT - 1.5 - (one / top) * (HEIGHT - 3)
      return `${(start + index * step).toFixed(1)},${y.toFixed(1)}`
    })
    this.#line.setAttribute('points', points.join(' '))
    this.#area.setAttribute('points', `${start.toFixed(1)},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`)
  }
}
