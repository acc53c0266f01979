import type { StateQueries } from '#api/ports.ts'
import { decodeWhenReady, type Serde, StreamsError, type Topology } from '#streams'
import type { LocalPart } from './local-part.ts'
import type { Peers } from './peers.ts'

/**
 * Interactive queries: of the applications that run in this process, which find the owner of a key themselves, and else
 * of a process that runs the topology.
 */
export function stateQueries({ apps, topologies }: Pick<LocalPart, 'apps' | 'topologies'>, peers: Peers): StateQueries {
  return {
    get: async <V>(name: string, store: string, key: string, at: Parameters<StateQueries['get']>[3]) => {
      const app = apps.get(name)
      if (app !== undefined) return await app.query<V>(store).get(key, at)
      const asked = { app: name, store, key, partitionKey: at.partitionKey, position: at.position ?? null }
      const found = await peers.askAny<unknown>(name, (timeoutMs) => ({ kind: 'state', ...asked, timeoutMs }))
      if (typeof found !== 'string') return undefined
      return (await decodeWhenReady(valueSerde(topologies, name, store), Buffer.from(found, 'base64'))) as V
    },
  }
}

/** How the values of a store travel. @throws StreamsError STREAMS_UNKNOWN_STORE, TOPOLOGY_NOT_RUNNING */
export function valueSerde(topologies: ReadonlyMap<string, Topology>, app: string, store: string): Serde<unknown> {
  const topology = topologies.get(app)
  if (topology === undefined) throw new StreamsError('TOPOLOGY_NOT_RUNNING', `There is no topology ${app}.`)
  const handle = topology.subtopologyOfStore(store).stores.find(({ name }) => name === store)
  if (handle !== undefined) return handle.value
  throw new StreamsError('STREAMS_UNKNOWN_STORE', `The store ${store} of ${app} is not one to be asked.`)
}
