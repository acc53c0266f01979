import type { MerchantDay } from '../api-types.ts'
import { formatDay, formatShortDay } from './dates.ts'
import { h, svg } from './dom.ts'
import { formatMoney } from './money.ts'

const WIDTH = 720
const HEIGHT = 150

/** Bars of volume by day, refunds in another colour in front. The same numbers stand in a table for those who read. */
export function dayChart(days: readonly MerchantDay[], currency: string): HTMLElement {
  const top = Math.max(1, ...days.map(({ volumeMinor }) => volumeMinor))
  const step = WIDTH / Math.max(days.length, 1)
  const bars = days.flatMap((day, index) => {
    const x = index * step + step * 0.15
    return [
      bar('bar', x, step * 0.7, (day.volumeMinor / top) * HEIGHT, titleOf(day)),
      bar('bar bar-back', x, step * 0.7, (day.refundedMinor / top) * HEIGHT, titleOf(day)),
    ]
  })
  const view = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' }
  const chart = svg(
    'svg',
    { class: 'day-chart', ...view, role: 'img', 'aria-label': 'Volume by day; the table below has the numbers' },
    svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: 0, y2: 0 }),
    ...bars,
    svg('line', { class: 'axis', x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
  )
  const ends = [days[0], days.at(-1)].map((day) => h('span', {}, day === undefined ? '' : formatShortDay(day.day)))
  return h(
    'figure',
    { class: 'chart' },
    h('p', { class: 'chart-ends' }, formatMoney(top, currency)),
    chart,
    h('p', { class: 'chart-ends' }, ...ends),
    table(days, currency),
  )
}

function bar(kind: string, x: number, width: number, height: number, title: string): SVGElement {
  const shown = height === 0 ? 0 : Math.max(height, 2)
  return svg('rect', { class: kind, x, width, y: HEIGHT - shown, height: shown }, svg('title', {}, title))
}

function titleOf(day: MerchantDay): string {
  const volume = formatMoney(day.volumeMinor, day.currency)
  return `${formatDay(day.day)}: ${volume}, ${day.approved} of ${day.decisions} approved`
}

function table(days: readonly MerchantDay[], currency: string): HTMLElement {
  const rows = days
    .filter(({ decisions, refundedMinor }) => decisions > 0 || refundedMinor > 0)
    .map((day) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, formatDay(day.day)),
        h('td', { class: 'num' }, day.decisions),
        h('td', { class: 'num' }, day.approved),
        h('td', { class: 'num' }, formatMoney(day.volumeMinor, currency)),
        h('td', { class: 'num' }, formatMoney(day.refundedMinor, currency)),
      ),
    )
  const heads = ['Day', 'Decisions', 'Approved', 'Volume', 'Refunded']
  const head = h(
    'tr',
    {},
    ...heads.map((text, index) => h('th', { scope: 'col', class: index === 0 ? '' : 'num' }, text)),
  )
  return h(
    'details',
    {},
    h('summary', {}, 'As a table'),
    h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))),
  )
}
