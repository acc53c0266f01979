import type { ConnectorStatus, InstanceView, PlatformStatus, SinkStatus, TopologyStatus } from '#api/operations.ts'
import type { StreamsApp } from '#streams'
import type { LocalPart } from '../cluster/local-part.ts'

/** How one process is doing. */
export type InstanceStatus = Pick<PlatformStatus, 'topologies' | 'connectors' | 'sinks'> & {
  readonly instance: InstanceView
}

/** How this process is doing. */
export async function instanceStatus({
  instanceId,
  part,
  apps,
  connectors,
  sinks,
}: LocalPart): Promise<InstanceStatus> {
  return {
    instance: {
      ...{ id: instanceId, part },
      uptimeSeconds: Math.round(process.uptime()),
      memoryBytes: process.memoryUsage.rss(),
    },
    topologies: await Promise.all([...apps.values()].map(topologyStatus)),
    connectors: connectors.map((connector): ConnectorStatus => connector.status()),
    sinks: (await sinks()).map(
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
    tasks: tasks.map(({ id, state: of, lag, processed, restore }) => ({ id, state: of, lag, processed, restore })),
    standbys: standbys.map(({ id, lag, isWarmUp, progress: { ageMs, ...progress } }) => {
      return { id, lag, isWarmUp, ageMs, progress }
    }),
  }
}
