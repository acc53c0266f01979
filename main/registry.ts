import type { Hono } from 'hono'
import { openSchemas, type Schemas } from '#schemas'
import { RegistryClient } from '#schemas/registry/client.ts'
import { Registry } from '#schemas/registry/registry.ts'
import { registryRoutes } from '#schemas/registry/routes.ts'
import type { Log } from '#streams'
import type { Settings } from './settings.ts'

/** The schemas with the ids of their registry; `routes` where the registry is this process's own. */
export type OpenedRegistry = { readonly schemas: Schemas; readonly routes: Hono | null }

/** Opens the registry, ours or the one of SCHEMA_REGISTRY_URL, through the same client, and registers all records. */
export async function openRegistry(settings: Settings, log: Log): Promise<OpenedRegistry> {
  const options = { partitions: settings.PARTITIONS }
  if (settings.SCHEMA_REGISTRY_URL !== null) {
    const client = new RegistryClient({ url: settings.SCHEMA_REGISTRY_URL })
    return { schemas: await openSchemas(client, options), routes: null }
  }
  const routes = registryRoutes(await Registry.open(log))
  const client = new RegistryClient({ url: 'http://registry.local', fetch: (request) => routes.fetch(request) })
  return { schemas: await openSchemas(client, options), routes }
}
