import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { posix } from 'node:path'

/** One file as a browser gets it. */
export type Asset = { readonly body: string; readonly contentType: string }

/** All files that a browser may ask for. `version` changes whenever one of them does. */
export type Assets = {
  readonly version: string
  readonly files: ReadonlyMap<string, Asset>
  /** A module and everything it imports, so that a page can fetch all of it at once. */
  modulesOf(entry: string): readonly string[]
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
}

const FOLDERS = ['browser', 'styles'] as const
const IMPORT = /^(?:import|export)\b[^'"]*\bfrom\s+'(\.[^']+)'/gm

/**
 * Reads the files of the pages once. What is not in the map does not exist for a browser, so no path can lead out of
 * it. TypeScript goes out with its types blanked: lines and columns in the browser are those of the source.
 */
export function loadAssets(): Assets {
  const files = new Map(FOLDERS.flatMap(filesOf).map((path) => [path, assetOf(path)]))
  const hash = createHash('sha256')
  for (const [path, { body }] of files) hash.update(`${path}\0${body}\0`)
  return { version: hash.digest('hex').slice(0, 12), files, modulesOf: (entry) => reachable(entry, files) }
}

function filesOf(folder: string): string[] {
  return readdirSync(new URL(folder, import.meta.url), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => posix.extname(path) in CONTENT_TYPES && !path.endsWith('.test.ts'))
    .sort()
}

function assetOf(path: string): Asset {
  const source = readFileSync(new URL(path, import.meta.url), 'utf8')
  const body = path.endsWith('.ts') ? withoutTypes(source) : source
  return { body, contentType: CONTENT_TYPES[posix.extname(path)] ?? 'application/octet-stream' }
}

/** Node warns once that its own stripping may change; whoever starts the platform can do nothing about that. */
function withoutTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

function reachable(entry: string, files: ReadonlyMap<string, Asset>): string[] {
  const found = new Set<string>([entry])
  for (const path of found) {
    const { body } = files.get(path) ?? { body: '' }
    for (const [, specifier = ''] of body.matchAll(IMPORT)) found.add(posix.join(posix.dirname(path), specifier))
  }
  return [...found]
}
