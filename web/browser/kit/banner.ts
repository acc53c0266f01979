import { h } from './dom.ts'
import type { Problem } from './problem.ts'

/** How something is meant. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'quiet'

/** A message across its part of the page. */
export function banner(tone: Tone, text: string, code?: string): HTMLElement {
  const role = tone === 'bad' || tone === 'warn' ? 'alert' : 'status'
  return h('p', { class: `banner banner-${tone}`, role }, text, code === undefined ? null : h('code', {}, code))
}

/** What went wrong, in the words of the API, with the code that the documentation explains. */
export function problemBanner(problem: Problem): HTMLElement {
  return banner('bad', problem.message, problem.status === 0 ? undefined : problem.code)
}
