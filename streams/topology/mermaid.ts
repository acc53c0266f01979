import type { NodeDescription, TopologyDescription } from './describe.ts'

/** The description as a Mermaid flowchart: topics as pipes, stores as cylinders, clocks with dashed edges. */
export function describeMermaid(description: TopologyDescription): string {
  const lines = ['flowchart LR']
  const topics = new Set<string>()
  for (const sub of description.subtopologies) {
    lines.push(`  subgraph ${id('sub', sub.name)}["${sub.name} x ${sub.partitions}"]`)
    for (const node of sub.nodes) {
      lines.push(
        `    ${id('node', node.name)}["${node.kind === node.name ? node.name : `${node.kind}: ${node.name}`}"]`,
      )
    }
    for (const store of sub.stores) lines.push(`    ${id('store', store)}[("${store}")]`)
    lines.push('  end')
    for (const node of sub.nodes) {
      if (node.topic !== null) topics.add(node.topic)
    }
  }
  for (const table of description.globalTables) {
    topics.add(table.topic)
    lines.push(`  ${id('store', table.store)}[("${table.store} (global)")]`)
  }
  for (const topic of topics) lines.push(`  ${id('topic', topic)}>"${topic}"]`)
  for (const sub of description.subtopologies) for (const node of sub.nodes) lines.push(...edgesOf(node))
  for (const table of description.globalTables) {
    lines.push(`  ${id('topic', table.topic)} --> ${id('store', table.store)}`)
  }
  return lines.join('\n')
}

function edgesOf(node: NodeDescription): string[] {
  const own = id('node', node.name)
  const lines: string[] = []
  if (node.topic !== null) {
    const topic = id('topic', node.topic)
    lines.push(node.kind === 'sink' ? `  ${own} --> ${topic}` : `  ${topic} --> ${own}`)
  }
  for (const input of node.inputs) {
    const [from, port] = input.split('.')
    lines.push(`  ${id('node', from ?? '')} -->${port === undefined ? '' : `|${port}|`} ${own}`)
  }
  for (const store of node.stores) lines.push(`  ${own} --- ${id('store', store)}`)
  for (const table of node.globalTables) lines.push(`  ${id('store', table)} -.-> ${own}`)
  if (node.clock !== null) lines.push(`  ${id('node', node.clock)} -. tick .-> ${own}`)
  return lines
}

/** An identifier that cannot meet one of another kind, nor a word of Mermaid's own. */
function id(kind: string, name: string): string {
  return `${kind}_${name.replace(/[^a-zA-Z0-9]/g, (char) => `_${char.charCodeAt(0).toString(16)}_`)}`
}
