/** Reads the imports of a file, and finds the file of ours that each one means. */
import { posix } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import type { Source } from './sources.ts'

/** One import: `target` is the path of the file of ours, or null for a package and for `node:`. */
export type Import = {
  readonly from: string
  readonly specifier: string
  readonly target: string | null
  readonly typeOnly: boolean
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s)?[^'";]*?\bfrom\s+'([^']+)'/gm
const BARE = /^\s*import\s+'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'/g

/** Every import and re-export of a file, static or dynamic. */
export function importsOf(source: Source): Import[] {
  const make = (specifier: string, typeOnly: boolean): Import => ({
    from: source.path,
    specifier,
    target: resolve(source.path, specifier),
    typeOnly,
  })
  const code = withoutComments(source.text)
  return [
    ...[...code.matchAll(STATEMENT)].map((match) => make(match[2] ?? '', match[1] !== undefined)),
    ...[...code.matchAll(BARE)].map((match) => make(match[1] ?? '', false)),
    ...[...code.matchAll(DYNAMIC)].map((match) => make(match[1] ?? '', false)),
  ]
}

/** The text without its comments. Good enough for rules: a `//` inside a string is cut as well. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  if (!specifier.startsWith('#')) return null
  for (const [pattern, path] of Object.entries(manifest.imports)) {
    const [before = '', wild] = pattern.split('*')
    if (wild === undefined && specifier === pattern) return posix.normalize(path)
    if (wild !== undefined && specifier.startsWith(before)) {
      return posix.normalize(path.replace('*', specifier.slice(before.length)))
    }
  }
  return null
}
