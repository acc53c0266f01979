import { type Child, h } from './dom.ts'
import { type FormValues, onSubmit } from './form.ts'

/** A question that is answered before anything else on the page goes on. */
export type Question = {
  readonly title: string
  readonly content: readonly Child[]
  readonly submit: string
  /** True where there is nothing to decide: it is only closed. */
  readonly tells?: boolean
  /** True where the answer cannot be taken back. */
  readonly danger?: boolean
  /** What the answer does; a problem it throws is shown inside, and the question stays. */
  readonly send: (values: FormValues) => Promise<void>
}

/** Asks in a dialog; Escape and Cancel leave everything as it was. */
export function ask(question: Question): void {
  const titleId = 'dialog-title'
  const form = h(
    'form',
    {},
    h('h2', { id: titleId }, question.title),
    ...question.content,
    h(
      'div',
      { class: 'form-actions' },
      h('button', { type: 'submit', class: question.danger === true ? 'danger' : 'primary' }, question.submit),
      question.tells === true
        ? null
        : h('button', { type: 'button', class: 'plain', onclick: () => dialog.close() }, 'Cancel'),
    ),
  )
  const dialog = h('dialog', { 'aria-labelledby': titleId, onclose: () => dialog.remove() }, form)
  onSubmit(form, async (values) => {
    await question.send(values)
    dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
}
