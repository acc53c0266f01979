import type { Closers } from '../closers.ts'
import { peerAnswers } from './answer-peers.ts'
import type { Cluster } from './cluster.ts'
import type { LocalPart } from './local-part.ts'
import { PEER_DOOR } from './peers.ts'
import type { Instance } from './presence.ts'

/** From now on the other processes know what runs here, and are answered. */
export async function joinPeers(
  { door, presence }: Cluster,
  local: LocalPart,
  sandboxes: Instance['sandboxes'],
  closers: Closers,
): Promise<void> {
  const leave = door?.queryServer.serve(PEER_DOOR, peerAnswers(local))
  closers.add('the answers to other processes', async () => leave?.())
  await presence?.update({
    topologies: [...local.apps.keys()],
    hasConnectors: local.connectors.length > 0,
    sandboxes,
  })
}
