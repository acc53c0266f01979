import { instance, type Viz } from '@viz-js/viz'
import type { TopologyDrawing } from '#api/operations.ts'
import type { Topology, TopologyDescription } from '#streams'

let graphviz: Promise<Viz> | undefined

/** Draws a topology with Graphviz: topics as cylinders, stores as boxes with a lid, one frame a sub-topology. */
export async function drawTopology(topology: Topology): Promise<TopologyDrawing> {
  graphviz ??= instance()
  const dot = dotOf(topology.description())
  const svg = (await graphviz).renderString(dot, { format: 'svg_inline' })
  return { svg, mermaid: topology.describe('mermaid'), text: topology.describe('text') }
}

type Edge = string

function dotOf({ name, subtopologies, globalTables }: TopologyDescription): string {
  const shapes = new Map<string, string>()
  const edges: Edge[] = []
  for (const table of globalTables) {
    shapes.set(table.store, box(table.store, 'folder', 'store'))
    edges.push(edge(topic(shapes, table.topic), table.store))
  }
  const frames = subtopologies.map((sub, index) => {
    const nodes = sub.nodes.map((node) => {
      const id = `${sub.name}/${node.name}`
      for (const input of node.inputs) edges.push(edge(`${sub.name}/${input.split('.')[0]}`, id))
      if (node.topic !== null && node.kind === 'sink') edges.push(edge(id, topic(shapes, node.topic)))
      if (node.topic !== null && node.kind !== 'sink') edges.push(edge(topic(shapes, node.topic), id))
      for (const store of [...node.stores, ...node.globalTables]) {
        shapes.set(store, box(store, 'folder', 'store'))
        edges.push(edge(id, store, 'style=dashed, dir=both, arrowsize=0.5'))
      }
      return box(id, 'box', 'node', `${node.name}\\n${node.kind}`)
    })
    const frame = `label=${quoted(sub.name)}; style="rounded"; class="frame";`
    return `subgraph cluster_${index} { ${frame}\n${nodes.join('\n')}\n}`
  })
  const look = 'rankdir=LR; bgcolor="transparent"; fontname="sans-serif"; node [fontname="sans-serif", fontsize=11];'
  return `digraph ${quoted(name)} {\n${look}\n${[...frames, ...shapes.values(), ...edges].join('\n')}\n}`
}

function topic(shapes: Map<string, string>, name: string): string {
  const id = `topic ${name}`
  shapes.set(id, box(id, 'cylinder', 'topic', name))
  return id
}

function box(id: string, shape: string, kind: string, label: string = id): string {
  const style = shape === 'box' ? 'rounded' : 'solid'
  return `${quoted(id)} [shape=${shape}, class="${kind}", style="${style}", label="${label}"]`
}

function edge(from: string, to: string, more = ''): Edge {
  return `${quoted(from)} -> ${quoted(to)}${more === '' ? '' : ` [${more}]`}`
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}
