import { problemBanner } from './banner.ts'
import { h } from './dom.ts'
import { asProblem, type Problem } from './problem.ts'

/** What a form holds when it is sent: the texts of its named fields, trimmed. */
export type FormValues = Readonly<Record<string, string>>

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/**
 * Sends a form through `send`: one at a time, its button busy meanwhile. A problem is shown at the fields it names, and
 * above the button where it names none of this form. Fields are named as the API names them.
 */
export function onSubmit(form: HTMLFormElement, send: (values: FormValues) => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (form.getAttribute('aria-busy') === 'true') return
    void submit(form, send)
  })
}

async function submit(form: HTMLFormElement, send: (values: FormValues) => Promise<void>): Promise<void> {
  clearProblems(form)
  setBusy(form, true)
  try {
    await send(valuesOf(form))
  } catch (error) {
    showProblem(form, asProblem(error))
  } finally {
    setBusy(form, false)
  }
}

function valuesOf(form: HTMLFormElement): FormValues {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : ''])
  return Object.fromEntries(pairs) as FormValues
}

function setBusy(form: HTMLFormElement, busy: boolean): void {
  form.setAttribute('aria-busy', String(busy))
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[type=submit]')) button.disabled = busy
}

function clearProblems(form: HTMLFormElement): void {
  for (const note of form.querySelectorAll('.field-problem, .form-problem')) note.remove()
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid')
    control.removeAttribute('aria-errormessage')
  }
}

function showProblem(form: HTMLFormElement, problem: Problem): void {
  const placed = problem.fields.filter(({ field, message }) => showAtField(form, field, message))
  if (placed.length === 0 || placed.length < problem.fields.length) {
    const note = h('div', { class: 'form-problem' }, problemBanner(problem))
    const last = form.querySelector('.form-actions, button[type=submit]')
    if (last === null) form.append(note)
    else last.before(note)
  }
  form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}

function showAtField(form: HTMLFormElement, field: string, message: string): boolean {
  const control = form.querySelector<Control>(`[name="${CSS.escape(field)}"]`)
  if (control === null) return false
  const id = `${control.id === '' ? field : control.id}-problem`
  control.setAttribute('aria-invalid', 'true')
  control.setAttribute('aria-errormessage', id)
  control.closest('.field')?.append(h('p', { class: 'field-problem', id }, capital(message)))
  return true
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
