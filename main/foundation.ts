import type { Hono } from 'hono'
import type { Schemas } from '#schemas'
import type { Topology } from '#streams'
import type { Closers } from './closers.ts'
import { type Cluster, openCluster } from './cluster/cluster.ts'
import { makeDataDirectory } from './data-directory.ts'
import { openRegistry } from './registry.ts'
import { type RunningServer, serveHttp } from './serve-http.ts'
import type { Settings } from './settings.ts'
import { openStorage, type Storage } from './storage.ts'
import { allTopologies } from './topologies.ts'

/** What every process of the platform stands on, whatever it runs. */
export type Foundation = {
  readonly settings: Settings
  readonly storage: Storage
  readonly schemas: Schemas
  /** The registry's routes where this process has its own. */
  readonly registryRoutes: Hono | null
  /** All topologies there are, also those that run elsewhere. */
  readonly topologies: ReadonlyMap<string, Topology>
  readonly server: RunningServer
  readonly cluster: Cluster
}

/**
 * Opens log and state, schemas, topics, the port and the way to the other processes.
 * @param part what this process runs, as it says of itself
 */
export async function openFoundation(
  settings: Settings,
  part: string,
  closers: Closers,
  onFailure: (error: unknown) => void,
): Promise<Foundation> {
  await makeDataDirectory(settings.DATA_DIR)
  const storage = await openStorage(settings, closers, onFailure)
  const { schemas, routes: registryRoutes } = await openRegistry(settings, storage.log)
  await storage.log.createTopics(Object.values(schemas.topics))
  const topologies = new Map(allTopologies(schemas).map((topology) => [topology.name, topology]))
  const server = await serveHttp(settings, closers)
  const cluster = await openCluster(settings, storage, part, closers)
  return { settings, storage, schemas, registryRoutes, topologies, server, cluster }
}
