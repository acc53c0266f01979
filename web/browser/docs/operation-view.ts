import { copyButton } from '../kit/copy-button.ts'
import { h } from '../kit/dom.ts'
import { badge } from '../kit/status-badge.ts'
import { codeWords } from './code-words.ts'
import { curlOf, exampleOf } from './example.ts'
import { type Call, callersOf, jsonOf, type OpenApi } from './openapi.ts'
import { fieldTable, parameterTable } from './schema-view.ts'
import { tryIt } from './try-it.ts'

/** One call; what is inside is made when it is first opened. */
export function operationView(call: Call, document: OpenApi): HTMLElement {
  const { method, path, operation } = call
  const id = idOf(call)
  const inside = h('div', { class: 'operation-body' })
  const open = () => {
    if (inside.childElementCount === 0) inside.append(...content(call, document))
  }
  return h(
    'details',
    { class: 'operation', id, ontoggle: open },
    h(
      'summary',
      {},
      h('span', { class: `method method-${method.toLowerCase()}` }, method),
      h('code', { class: 'path' }, path),
      h('span', { class: 'summary' }, operation.summary ?? ''),
      h('span', { class: 'callers' }, ...callersOf(operation).map((caller) => badge('quiet', caller))),
    ),
    inside,
  )
}

/** The place of a call in the page. */
export function idOf({ method, path }: Call): string {
  return `${method.toLowerCase()}${path.replace(/[^\w]+/g, '-')}`
}

function content(call: Call, document: OpenApi): HTMLElement[] {
  const { operation } = call
  const body = jsonOf(operation.requestBody?.content)
  const curl = curlOf(call, document, location.origin)
  const part = (title: string, ...children: readonly HTMLElement[]) => h('section', {}, h('h4', {}, title), ...children)
  return [
    ...(operation.description === undefined ? [] : [h('p', {}, ...codeWords(operation.description))]),
    ...(operation.parameters === undefined ? [] : [part('Parameters', parameterTable(operation.parameters, document))]),
    ...(body === undefined ? [] : [part('Body', fieldTable(body, document))]),
    part('Answers', ...answers(call, document)),
    part('Example', codeBlock(curl, 'curl')),
    part('Try it', tryIt(call, document)),
  ]
}

function answers({ operation }: Call, document: OpenApi): HTMLElement[] {
  return Object.entries(operation.responses).map(([status, { description, content: bodies }]) => {
    const schema = jsonOf(bodies)
    const good = status.startsWith('2')
    const line = [badge(good ? 'ok' : 'quiet', status), h('span', {}, ...codeWords(description))]
    if (schema === undefined) return h('p', { class: 'answer' }, ...line)
    const example = JSON.stringify(exampleOf(schema, document), null, 2)
    return h(
      'details',
      { class: 'answer', open: false },
      h('summary', {}, ...line),
      fieldTable(schema, document),
      codeBlock(example, `answer ${status}`),
    )
  })
}

function codeBlock(text: string, label: string): HTMLElement {
  return h(
    'div',
    { class: 'code-block' },
    h('pre', { tabindex: 0, 'aria-label': label }, text),
    copyButton(() => text),
  )
}
