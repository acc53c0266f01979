import { reach } from '../kit/api-client.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { type FormValues, onSubmit } from '../kit/form.ts'
import { fieldProblem } from '../kit/problem.ts'
import { badge } from '../kit/status-badge.ts'
import { exampleOf } from './example.ts'
import { type Call, jsonOf, type OpenApi } from './openapi.ts'

/** A form that makes the call, and shows the answer as it came. */
export function tryIt(call: Call, document: OpenApi): HTMLElement {
  const { operation } = call
  const body = jsonOf(operation.requestBody?.content)
  const fields = (operation.parameters ?? []).map(({ name, in: place, required = false, schema }) => {
    const fresh = name === 'idempotency-key' ? crypto.randomUUID() : ''
    const value = place === 'query' ? '' : fresh
    const hint = place === 'query' || fresh !== '' ? undefined : String(exampleOf(schema, document))
    return field(`${place}:${name}`, name, { required, value, autocomplete: 'off', placeholder: hint ?? null })
  })
  const text = body === undefined ? null : JSON.stringify(exampleOf(body, document), null, 2)
  const outcome = h('div', { 'aria-live': 'polite' })
  const form = h(
    'form',
    { class: 'try' },
    ...fields,
    text === null ? null : bodyField(text),
    h('div', { class: 'form-actions' }, h('button', { type: 'submit' }, `Send ${call.method}`)),
    outcome,
  )
  onSubmit(form, async (values) => {
    const startedMs = performance.now()
    const response = await reach(addressOf(call, values), requestOf(call, values, text !== null))
    const tookMs = performance.now() - startedMs
    fill(outcome, ...shown(response, await response.text(), tookMs))
  })
  return form
}

function bodyField(text: string): HTMLElement {
  const id = `body-${crypto.randomUUID()}`
  const rows = Math.min(text.split('\n').length, 16)
  const area = h('textarea', { id, name: 'body', rows, spellcheck: 'false', class: 'code' }, text)
  return h('div', { class: 'field' }, h('label', { for: id }, 'Body'), area)
}

function addressOf({ path }: Call, values: FormValues): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[`path:${name}`] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('query:') && value !== '') query.set(name.slice('query:'.length), value)
  }
  return query.size === 0 ? address : `${address}?${query}`
}

function requestOf({ method }: Call, values: FormValues, hasBody: boolean): RequestInit {
  const token = byId('try-token', HTMLInputElement).value.trim()
  const headers: Record<string, string> = {}
  if (token !== '') headers['authorization'] = `Bearer ${token}`
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('header:') && value !== '') headers[name.slice('header:'.length)] = value
  }
  if (!hasBody) return { method, headers }
  const body = values['body'] ?? ''
  try {
    JSON.parse(body)
  } catch (error) {
    throw fieldProblem('body', `is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
  return { method, headers: { ...headers, 'content-type': 'application/json' }, body }
}

function shown(response: Response, text: string, tookMs: number): HTMLElement[] {
  const line = h(
    'p',
    { class: 'line' },
    badge(response.ok ? 'ok' : 'bad', String(response.status)),
    h('span', { class: 'quiet' }, `${Math.round(tookMs)} ms`),
  )
  return [line, h('pre', { tabindex: 0, 'aria-label': 'Answer' }, pretty(text))]
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text === '' ? '(no content)' : text
  }
}
