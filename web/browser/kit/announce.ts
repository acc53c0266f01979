import { byId, setText } from './dom.ts'

/** Says a result to those who listen to the page. */
export function announce(text: string): void {
  const announcer = byId('announcer', HTMLDivElement)
  setText(announcer, '')
  // A pause, so that the same words are said again.
  setTimeout(() => setText(announcer, text), 50)
}
