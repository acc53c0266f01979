import { StreamsError } from '../errors.ts'
import { appMetaKey } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import type { TopologyDescription } from '../topology/describe.ts'
import type { Topology } from '../topology/topology.ts'

type Kept = { readonly fingerprint: string; readonly description: TopologyDescription }

const NAME = 'topology'

/**
 * Refuses to run a graph on the state of another one. The first start keeps the graph beside the state; later ones are
 * compared with it.
 * @throws StreamsError TOPOLOGY_CHANGED saying what differs and which command to run.
 */
export async function guardFingerprint(backend: StoreBackend, topology: Topology): Promise<void> {
  const key = appMetaKey(topology.name, NAME)
  const now: Kept = { fingerprint: topology.fingerprint(), description: topology.description() }
  const [bytes] = await backend.getMany([key])
  if (bytes === undefined) {
    await backend.write({ entries: [[key, Buffer.from(JSON.stringify(now), 'utf8')]] })
    return
  }
  const kept = JSON.parse(bytes.toString('utf8')) as Kept
  if (kept.fingerprint === now.fingerprint) return
  throw new StreamsError(
    'TOPOLOGY_CHANGED',
    `The topology ${topology.name} is not the one its state was made with: ` +
      `${differences(kept.description, now.description).join('; ')}. Start the former version again, or build the ` +
      `state anew from the input topics: npm run streams -- reset ${topology.name}`,
  )
}

/** What differs, in words: names that came and went, and those that are described in another way. */
export function differences(before: TopologyDescription, after: TopologyDescription): string[] {
  const old = partsOf(before)
  const young = partsOf(after)
  const found: string[] = []
  for (const [name, text] of old) {
    const now = young.get(name)
    if (now === undefined) found.push(`${name} is gone`)
    else if (now !== text) found.push(`${name} was ${text} and is ${now}`)
  }
  for (const name of young.keys()) if (!old.has(name)) found.push(`${name} is new`)
  return found.length > 0 ? found : ['its parts are put together in another way']
}

/** Each part of the graph by a name that people know, with what counts of it as text. */
function partsOf(description: TopologyDescription): Map<string, string> {
  const parts = new Map<string, string>()
  for (const { nodes, stores, ...subtopology } of description.subtopologies) {
    for (const node of nodes) parts.set(`node ${node.name}`, text(node))
    for (const store of stores) parts.set(`store ${store}`, 'there')
    parts.set(`sub-topology ${subtopology.name}`, text(subtopology))
  }
  for (const table of description.globalTables) parts.set(`global table ${table.name}`, text(table))
  return parts
}

function text(part: unknown): string {
  return JSON.stringify(part)
}
