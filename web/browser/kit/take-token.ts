import { keep } from './kept.ts'

/** Remembers an operator token in the address (`#token=…`), and takes it out at once: it stays in no history. */
export function takeToken(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  keep('operator-token', token)
  history.replaceState(null, '', location.pathname)
}
