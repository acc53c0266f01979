import { announce } from './announce.ts'
import { h, setText } from './dom.ts'

const SAID_MS = 1_600

/** A button that copies a text, and says that it did. */
export function copyButton(text: () => string, label = 'Copy'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'small' }, label)
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(text()).then(
      () => say('Copied'),
      () => say('Copying is not allowed here'),
    )
  })
  const say = (result: string) => {
    setText(button, result)
    announce(result)
    setTimeout(() => setText(button, label), SAID_MS)
  }
  return button
}
