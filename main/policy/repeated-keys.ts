/** What is being read: an object with the keys that it had so far, or a list. */
type Open = { readonly path: string; readonly keys: Set<string> | null }

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g

/**
 * The keys that stand twice in an object of a JSON text, by their path: of them only the last one would count, and a
 * part of the file would be passed over without a word. The text must be JSON already.
 */
export function repeatedKeys(text: string): readonly string[] {
  const found: string[] = []
  const open: Open[] = []
  let path = ''
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    const inside = open.at(-1)
    if (token === '}' || token === ']') open.pop()
    else if (string === undefined) {
      open.push({ path: inside?.keys === null ? `${inside.path}[]` : path, keys: token === '{' ? new Set() : null })
    } else if (colon !== undefined && inside?.keys) {
      const key: string = JSON.parse(string)
      path = inside.path === '' ? key : `${inside.path}.${key}`
      if (inside.keys.has(key)) found.push(path)
      inside.keys.add(key)
    }
  }
  return found
}
