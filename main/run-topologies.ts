import { isStreamsError, StreamsApp } from '#streams'
import type { Closers } from './closers.ts'
import type { Foundation } from './foundation.ts'
import { paceOf } from './paces.ts'
import { groupOf } from './reading-groups.ts'
import { StartError, wordsOf } from './start-error.ts'

/**
 * Topologies whose stores hold money: another instance, where there is one, follows each of their tasks, so that a
 * purchase is decided again at once when a machine is lost. The others read their changelogs then.
 */
const HOLDS_MONEY: ReadonlySet<string> = new Set([
  ...['credit', 'purchases', 'installments', 'payments'],
  ...['settlement', 'ledger'],
])

/** What topologies need of the foundation. */
export type TopologyGround = Pick<Foundation, 'settings' | 'storage' | 'topologies'> & {
  readonly cluster: Pick<Foundation['cluster'], 'door'>
}

/** Starts these topologies, or all where none is named. */
export async function runTopologies(
  { settings, storage, topologies, cluster }: TopologyGround,
  names: readonly string[],
  closers: Closers,
  onFailure: (error: unknown) => void,
): Promise<ReadonlyMap<string, StreamsApp>> {
  const { log, backend, instanceId } = storage
  const wanted = [...topologies.values()].filter(({ name }) => names.length === 0 || names.includes(name))
  const cacheBytesMax = Math.floor(settings.STATE_CACHE_BYTES / wanted.length / settings.PARTITIONS)
  const { door } = cluster
  const apps = new Map<string, StreamsApp>()
  for (const topology of wanted) {
    const app = new StreamsApp({
      topology,
      log,
      backend,
      instanceId,
      applicationId: groupOf(topology.name),
      cacheBytesMax,
      standbyReplicas: HOLDS_MONEY.has(topology.name) ? 1 : 0,
      pace: paceOf(topology),
      hooks: {
        onRecovery: ({ app: name, cause }) => console.warn(goesOn(name, cause)),
        onFailure: ({ app: name, error }) => onFailure(stoppedBy(name, error, settings.DATA_DIR)),
      },
      ...(door ?? {}),
    })
    apps.set(topology.name, app)
  }
  closers.add('the topologies', async () => {
    await Promise.all([...apps.values()].map((app) => app.close({ keepsPlace: settings.ON_STOP === 'keep-place' })))
  })
  await Promise.all([...apps.values()].map((app) => app.start()))
  return apps
}

/** Nothing is lost by it, and nobody would know otherwise why answers took long. */
function goesOn(name: string, cause: unknown): string {
  return `The topology ${name} goes on from its committed positions: ${wordsOf(cause)}`
}

function stoppedBy(name: string, cause: unknown, dataDir: string): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  // A command that the message names must not work on another data directory.
  const told = why.replace(/npm run streams -- reset \S+/, (command) => `${command} --data-dir ${dataDir}`)
  const message = `The topology ${name} has stopped: ${told}`
  return isStreamsError(cause) ? new StartError(cause.code, message, { cause }) : new Error(message, { cause })
}
