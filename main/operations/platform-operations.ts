import type { ConnectorStatus, Operations, PlatformStatus, SinkStatus, TopologyStatus } from '#api/operations.ts'
import type { StreamsApp } from '#streams'
import type { HttpParts } from '../http-parts.ts'
import { VERSION } from '../version.ts'
import { drawTopology } from './draw-topology.ts'

/** The operations page's view of the running parts. */
export function platformOperations(parts: HttpParts): Operations {
  const { apps, topologies } = parts.running
  const appOf = (name: string): StreamsApp => {
    const app = apps.get(name)
    if (app === undefined) throw new Error(`The topology ${name} does not run here.`)
    return app
  }
  return {
    topologies: [...topologies.keys()],
    status: () => statusOf(parts),
    drawing: async (name) => {
      const topology = topologies.get(name)
      return topology === undefined ? null : drawTopology(topology)
    },
    deadLetters: async (name, limit) =>
      (await appOf(name).deadLetters({ limit })).map(({ at, cause }) => ({ ...at, ...cause })),
    parkedKeys: async (name) =>
      (await appOf(name).parkedKeys()).map(({ key, records, cause }) => ({
        ...{ key, records },
        code: cause?.code ?? 'UNKNOWN',
        message: cause?.message ?? '',
      })),
    replayKey: (name, key) => appOf(name).replayKey(key),
    discardKey: (name, key) => appOf(name).discardKey(key),
  }
}

async function statusOf({ running, connectors, sinks, clock }: HttpParts): Promise<PlatformStatus> {
  const { timeMs, date } = clock.now()
  return {
    version: VERSION,
    businessDate: date,
    businessTime: new Date(timeMs).toISOString(),
    uptimeSeconds: Math.round(process.uptime()),
    memoryBytes: process.memoryUsage.rss(),
    topologies: await Promise.all([...running.apps.values()].map(topologyStatus)),
    connectors: connectors.all.map((connector): ConnectorStatus => connector.status()),
    sinks: (await sinks.status()).map(
      ({ name, state, lag, rows, problem }): SinkStatus => ({ name, state, lag, rows, detail: problem }),
    ),
  }
}

async function topologyStatus(app: StreamsApp): Promise<TopologyStatus> {
  const { state, totals, tasks, standbys } = await app.status()
  const commits = tasks.map((task) => task.lastCommitMs).filter((ms) => ms !== null)
  return {
    app: app.name,
    state,
    recordsProcessed: totals.processed,
    recordsPerSecond: totals.perSecond10s,
    lag: totals.lag,
    stateBytes: totals.stateBytes,
    deadLetters: totals.deadLetters,
    parkedKeys: totals.parkedKeys,
    commitMs: commits.length === 0 ? null : Math.max(...commits),
    tasks: tasks.map(({ id, state, lag, processed, restore }) => ({ id, state, lag, processed, restore })),
    standbys: standbys.map(({ id, lag, isWarmUp, progress: { ageMs, ...progress } }) => {
      return { id, lag, isWarmUp, ageMs, progress }
    }),
  }
}
