import { type Attributes, h } from './dom.ts'

/** A labelled text field, for forms that are made by script. */
export function field(name: string, label: string, attributes: Attributes = {}, hint?: string): HTMLElement {
  const id = fieldId(name)
  const note = hint === undefined ? null : h('p', { class: 'hint', id: `${id}-hint` }, hint)
  const described = note === null ? {} : { 'aria-describedby': note.id }
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', { id, name, ...described, ...attributes }),
    note,
  )
}

/** A labelled field for several lines. */
export function prose(name: string, label: string, attributes: Attributes = {}): HTMLElement {
  const id = fieldId(name)
  const area = h('textarea', { id, name, rows: 3, ...attributes })
  return h('div', { class: 'field' }, h('label', { for: id }, label), area)
}

/** A labelled choice of one. */
export function choice(
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
): HTMLElement {
  const id = fieldId(name)
  const select = h('select', { id, name }, ...options.map(([value, text]) => h('option', { value }, text)))
  return h('div', { class: 'field' }, h('label', { for: id }, label), select)
}

let made = 0
function fieldId(name: string): string {
  made += 1
  return `${name.replaceAll('.', '-')}-${made}`
}
