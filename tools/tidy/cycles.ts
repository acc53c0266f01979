/** Finds files that import each other in a circle. */
import { posix } from 'node:path'
import type { Import } from './imports.ts'

/**
 * Each circle once, as the paths along it. Two files of one folder may know each other's types (`import type`); across
 * folders types count as well, since a folder is what is read and moved as a whole.
 */
export function importCycles(imports: readonly Import[]): string[][] {
  const graph = new Map<string, string[]>()
  for (const { from, target, typeOnly } of imports) {
    const isNeighbour = target !== null && posix.dirname(from) === posix.dirname(target)
    if (target !== null && !(typeOnly && isNeighbour)) graph.set(from, [...(graph.get(from) ?? []), target])
  }
  const cycles = new Map<string, string[]>()
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const cycle = trail.slice(at)
      cycles.set([...cycle].sort().join(' '), cycle)
    }
    if (at >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return [...cycles.values()]
}
