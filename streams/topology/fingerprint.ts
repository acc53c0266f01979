import { createHash } from 'node:crypto'
import type { TopologyDescription } from './describe.ts'

/**
 * A SHA-256 (hex) over everything that state and internal topics depend on. The order in which nodes were written does
 * not count; the failure policies do not either, apart from the store that parking adds.
 */
export function fingerprintOf(description: TopologyDescription): string {
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)
  const subtopologies = description.subtopologies.map((sub) => ({
    ...sub,
    stores: [...sub.stores].sort(),
    nodes: [...sub.nodes].sort(byName),
  }))
  const graph = {
    name: description.name,
    subtopologies: subtopologies.sort(byName),
    globalTables: [...description.globalTables].sort(byName),
  }
  return createHash('sha256').update(JSON.stringify(graph)).digest('hex')
}
