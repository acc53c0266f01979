import type { Closers } from '../closers.ts'
import { openQueryDoor, type QueryDoor } from '../query-door.ts'
import type { Settings } from '../settings.ts'
import type { Storage } from '../storage.ts'
import { Peers } from './peers.ts'
import { Presence } from './presence.ts'

/** How this process is one of several. */
export type Cluster = {
  readonly peers: Peers
  /** Where others ask, for state and for the rest; null where nobody may. */
  readonly door: QueryDoor | null
  /** Null where nobody may ask, or the log is of one process. */
  readonly presence: Presence | null
}

/** Opens the door to the other processes, and says on their log that this one is there. @throws as `openQueryDoor` */
export async function openCluster(
  settings: Settings,
  { log, instanceId }: Storage,
  part: string,
  closers: Closers,
): Promise<Cluster> {
  const door = await openQueryDoor(settings, closers)
  if (door === null || !log.capabilities.crossProcess) return { peers: new Peers(), door, presence: null }
  const address = door.advertisedAddress ?? door.queryServer.address
  const presence = await Presence.open(log, {
    ...{ id: instanceId, part, address, topologies: [], hasConnectors: false, sandboxes: null },
  })
  closers.add('the presence among the other processes', () => presence.close())
  return { peers: new Peers(door.queryServer, presence), door, presence }
}
