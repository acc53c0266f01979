import { h } from '../kit/dom.ts'

/** A table of the operations page; the columns from `numbersFrom` on hold numbers. */
export function table(heads: readonly string[], numbersFrom: number, rows: readonly HTMLElement[]): HTMLElement {
  const head = heads.map((text, index) => h('th', { scope: 'col', class: index >= numbersFrom ? 'num' : '' }, text))
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)))
}
