import { Hono } from 'hono'
import type { LocalPart } from './cluster/local-part.ts'
import type { Peers } from './cluster/peers.ts'
import type { InstanceStatus } from './operations/instance-status.ts'
import { VERSION } from './version.ts'

type Part = { readonly name: string; readonly status: 'ok' | 'degraded' | 'missing'; readonly detail: string | null }

/** What is said beside the health of the parts. */
export type HealthOptions = {
  /** The pages people look at, where they are served here. */
  readonly pages?: Readonly<Record<string, string>>
  /** The other processes, where this one needs all topologies to run somewhere. */
  readonly peers?: Peers
}

/**
 * `GET /healthz`: 200 while this process does its work, 503 where a topology of it has stopped. A sink or a provider
 * that is away, or a topology that runs nowhere, makes it `degraded`, and is named.
 */
export function healthRoutes(local: LocalPart, { pages, peers }: HealthOptions = {}): Hono {
  const app = new Hono()
  app.get('/healthz', async (c) => {
    const absent = peers === undefined ? [] : absentTopologies(local, peers)
    const beside = peers === undefined ? [] : await threadParts(peers)
    const found = [...topologyParts(local), ...beside, ...absent, ...connectorParts(local), ...(await sinkParts(local))]
    const stopped = [...local.apps.values()].some((one) => one.state === 'FAILED')
    const status = stopped ? 'failed' : found.every((part) => part.status === 'ok') ? 'ok' : 'degraded'
    c.header('cache-control', 'no-store')
    const said = { status, version: VERSION, part: local.part, instance: local.instanceId }
    return c.json({ ...said, ...(pages && { pages }), parts: found }, stopped ? 503 : 200)
  })
  return app
}

/** The pages people look at, by name. */
export function pagesOf(publicUrl: string): Readonly<Record<string, string>> {
  return {
    home: `${publicUrl}/`,
    shop: `${publicUrl}/shop`,
    consumer: `${publicUrl}/me`,
    operations: `${publicUrl}/ops`,
    api: `${publicUrl}/docs`,
    openapi: `${publicUrl}/openapi.json`,
  }
}

function topologyParts({ apps }: LocalPart): Part[] {
  return [...apps.values()].map((app) => ({
    name: `topology ${app.name}`,
    status: app.state === 'RUNNING' ? 'ok' : 'degraded',
    detail: app.failure instanceof Error ? app.failure.message : app.state === 'RUNNING' ? null : app.state,
  }))
}

/** The topologies on other threads of this process. */
async function threadParts(peers: Peers): Promise<Part[]> {
  const statuses = await peers.askAll<InstanceStatus>(peers.neighbours(), { kind: 'status' })
  return statuses.flatMap(({ topologies }) =>
    topologies.map(({ app, state }) => ({
      name: `topology ${app}`,
      status: state === 'RUNNING' ? ('ok' as const) : ('degraded' as const),
      detail: state === 'RUNNING' ? null : state,
    })),
  )
}

function absentTopologies({ apps, topologies }: LocalPart, peers: Peers): Part[] {
  const absent = [...topologies.keys()].filter((name) => !apps.has(name) && peers.running(name).length === 0)
  const detail = 'No process that runs it was heard of lately.'
  return absent.map((name) => ({ name: `topology ${name}`, status: 'missing', detail }))
}

function connectorParts({ connectors }: LocalPart): Part[] {
  return connectors.map((connector) => {
    const { name, circuit, trouble } = connector.status()
    const detail = trouble ?? (circuit === 'closed' ? null : `circuit ${circuit}`)
    return { name: `connector ${name}`, status: detail === null ? 'ok' : 'degraded', detail }
  })
}

/** A sink that cannot even say how it is doing must not keep the rest from being told. */
async function sinkParts({ sinks }: LocalPart): Promise<Part[]> {
  try {
    return (await sinks()).map(({ name, state, problem }) => ({
      name: `sink ${name}`,
      status: state === 'running' ? 'ok' : state === 'missing' ? 'missing' : 'degraded',
      detail: problem,
    }))
  } catch (error) {
    return [{ name: 'sinks', status: 'degraded', detail: error instanceof Error ? error.message : String(error) }]
  }
}
