import { type Child, h } from '../kit/dom.ts'

/** A text whose words between backticks are code. */
export function codeWords(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? h('code', {}, part) : part))
}
