import { codeWords } from './docs/code-words.ts'
import { callsByTag, type OpenApi } from './docs/openapi.ts'
import { idOf, operationView } from './docs/operation-view.ts'
import { ApiClient } from './kit/api-client.ts'
import { problemBanner } from './kit/banner.ts'
import { byId, fill, h } from './kit/dom.ts'
import { type KeptName, kept } from './kit/kept.ts'
import { asProblem } from './kit/problem.ts'

const KNOWN: readonly (readonly [name: KeptName, label: string])[] = [
  ['consumer-token', 'consumer'],
  ['merchant-key', 'shop'],
  ['operator-token', 'operator'],
]

function drawTokens(): void {
  const token = byId('try-token', HTMLInputElement)
  const buttons = KNOWN.flatMap(([name, label]) => {
    const value = kept(name)
    const use = () => {
      token.value = value ?? ''
    }
    return value === null ? [] : [h('button', { type: 'button', class: 'small', onclick: use }, label)]
  })
  if (buttons.length > 0) fill(byId('known-tokens', HTMLSpanElement), ...buttons)
}

function draw(document: OpenApi): void {
  fill(byId('docs-lead', HTMLParagraphElement), ...codeWords(document.info.description ?? document.info.title))
  const groups = [...callsByTag(document)].sort(([left], [right]) => left.localeCompare(right))
  fill(byId('docs-nav', HTMLElement), ...groups.map(([tag]) => h('a', { href: `#${slug(tag)}` }, tag)))
  fill(
    byId('operations', HTMLDivElement),
    ...groups.map(([tag, calls]) =>
      h(
        'section',
        { class: 'card group', 'aria-labelledby': slug(tag) },
        h('h2', { id: slug(tag) }, tag),
        ...calls.map((call) => operationView(call, document)),
      ),
    ),
  )
  openAsked(groups.flatMap(([, calls]) => calls.map(idOf)))
}

/** An address with the place of a call opens it. */
function openAsked(ids: readonly string[]): void {
  const asked = location.hash.slice(1)
  const found = document.getElementById(asked)
  if (found instanceof HTMLDetailsElement && ids.includes(asked)) found.open = true
  found?.scrollIntoView()
}

function slug(tag: string): string {
  return `group-${tag.toLowerCase().replace(/\W+/g, '-')}`
}

drawTokens()
void new ApiClient(() => null).get<OpenApi>('/openapi.json').then(draw, (error: unknown) => {
  fill(byId('operations', HTMLDivElement), problemBanner(asProblem(error)))
})
