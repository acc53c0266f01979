import type { Schemas } from '#schemas'
import { isStreamsError, StreamsApp, type Topology } from '#streams'
import type { Closers } from './closers.ts'
import { openQueryDoor } from './query-door.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'
import type { Storage } from './storage.ts'
import { allTopologies } from './topologies.ts'

/** The running topologies, by name. */
export type RunningTopologies = {
  readonly apps: ReadonlyMap<string, StreamsApp>
  readonly topologies: ReadonlyMap<string, Topology>
}

/**
 * Rests between rounds of processing, in milliseconds. Nobody waits for a posting, a notice or an audit entry, so these
 * topologies take more at a time; `credit`, which decides, never rests.
 */
const REST_MS: Readonly<Record<string, number>> = {
  ...{ ledger: 50, notifications: 50, audit: 50 },
  ...{ purchases: 2, installments: 2, payments: 2, settlement: 2 },
}

/**
 * Topologies whose stores hold money: another instance, where there is one, follows each of their tasks, so that a
 * purchase is decided again at once when a machine is lost. The others read their changelogs then.
 */
const HOLDS_MONEY: ReadonlySet<string> = new Set([
  ...['credit', 'purchases', 'installments', 'payments'],
  ...['settlement', 'ledger'],
])

/** Makes the topics that are missing and starts every topology. */
export async function runTopologies(
  settings: Settings,
  { log, backend, instanceId }: Storage,
  schemas: Schemas,
  closers: Closers,
  onFailure: (error: unknown) => void,
): Promise<RunningTopologies> {
  await log.createTopics(Object.values(schemas.topics))
  const topologies = new Map(allTopologies(schemas).map((topology) => [topology.name, topology]))
  const apps = new Map<string, StreamsApp>()
  const door = await openQueryDoor(settings, closers)
  const cacheBytesMax = Math.floor(settings.STATE_CACHE_BYTES / topologies.size / settings.PARTITIONS)
  for (const topology of topologies.values()) {
    const app = new StreamsApp({
      topology,
      log,
      backend,
      instanceId,
      applicationId: `fourfold.${topology.name}`,
      ...(door ?? {}),
      cacheBytesMax,
      standbyReplicas: HOLDS_MONEY.has(topology.name) ? 1 : 0,
      commit: { restMs: REST_MS[topology.name] ?? 0 },
      hooks: {
        onFailure: ({ app: name, error }) => onFailure(stoppedBy(name, error, settings.DATA_DIR)),
      },
    })
    apps.set(topology.name, app)
  }
  closers.add('the topologies', async () => {
    await Promise.all([...apps.values()].map((app) => app.close({ keepsPlace: settings.ON_STOP === 'keep-place' })))
  })
  await Promise.all([...apps.values()].map((app) => app.start()))
  return { apps, topologies }
}

function stoppedBy(name: string, cause: unknown, dataDir: string): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  // A command that the message names must not work on another data directory.
  const told = why.replace(/npm run streams -- reset \S+/, (command) => `${command} --data-dir ${dataDir}`)
  const message = `The topology ${name} has stopped: ${told}`
  return isStreamsError(cause) ? new StartError(cause.code, message, { cause }) : new Error(message, { cause })
}
