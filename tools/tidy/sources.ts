/** The files that the tidiness rules look at. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the project: its path from the root with forward slashes, and its text. */
export type Source = { readonly path: string; readonly text: string }

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const SKIPPED = new Set(['node_modules', '.git', '.fourfold', 'coverage', 'data'])
const TEXT_FILE = /(?:\.(?:ts|js|mjs|json|md|ya?ml|avsc|sql|css|html|sh|npmrc|nvmrc)|Dockerfile|LICENSE|NOTICE|\/run)$/

/** All text files of the project, sorted by path; not what is installed, kept at run time, or copied data. */
export function allSources(): Source[] {
  return walk('').sort((left, right) => (left.path < right.path ? -1 : 1))
}

function walk(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return SKIPPED.has(path) ? [] : walk(path)
    return entry.isFile() && TEXT_FILE.test(path) ? [{ path, text: readFileSync(join(ROOT, path), 'utf8') }] : []
  })
}

/** True for TypeScript and JavaScript that people write: not what a tool generates. */
export function isCode({ path }: Source): boolean {
  return /\.(?:ts|js)$/.test(path) && !path.startsWith('schemas/generated/')
}

/** True for what runs only under test: tests, the suites they share, and the processes they start. */
export function isTest(path: string): boolean {
  return /(?:\.test|\.child|\.bench|-suite)\.ts$/.test(path) || /^(?:test|bench)\//.test(path)
}
