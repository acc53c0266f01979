import { Hono } from 'hono'
import type { HttpParts } from './http-parts.ts'
import { VERSION } from './version.ts'

type Part = { readonly name: string; readonly status: 'ok' | 'degraded' | 'missing'; readonly detail: string | null }

/**
 * `GET /healthz`: 200 while the platform can decide purchases, 503 where a topology has stopped. A sink or a provider
 * that is away makes it `degraded`, and is named.
 */
export function healthRoutes(parts: HttpParts): Hono {
  const app = new Hono()
  app.get('/healthz', async (c) => {
    const found = [...topologyParts(parts), ...connectorParts(parts), ...(await sinkParts(parts))]
    const stopped = [...parts.running.apps.values()].some((app) => app.state === 'FAILED')
    const status = stopped ? 'failed' : found.every((part) => part.status === 'ok') ? 'ok' : 'degraded'
    c.header('cache-control', 'no-store')
    return c.json({ status, version: VERSION, pages: pagesOf(parts.publicUrl), parts: found }, stopped ? 503 : 200)
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

function topologyParts({ running }: HttpParts): Part[] {
  return [...running.apps.values()].map((app) => ({
    name: `topology ${app.name}`,
    status: app.state === 'RUNNING' ? 'ok' : 'degraded',
    detail: app.failure instanceof Error ? app.failure.message : app.state === 'RUNNING' ? null : app.state,
  }))
}

function connectorParts({ connectors }: HttpParts): Part[] {
  return connectors.all.map((connector) => {
    const { name, circuit, trouble } = connector.status()
    const detail = trouble ?? (circuit === 'closed' ? null : `circuit ${circuit}`)
    return { name: `connector ${name}`, status: detail === null ? 'ok' : 'degraded', detail }
  })
}

/** A sink that cannot even say how it is doing must not keep the rest from being told. */
async function sinkParts({ sinks }: HttpParts): Promise<Part[]> {
  try {
    return (await sinks.status()).map(({ name, state, problem }) => ({
      name: `sink ${name}`,
      status: state === 'running' ? 'ok' : state === 'missing' ? 'missing' : 'degraded',
      detail: problem,
    }))
  } catch (error) {
    return [{ name: 'sinks', status: 'degraded', detail: error instanceof Error ? error.message : String(error) }]
  }
}
