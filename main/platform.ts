import type { BusinessClock } from '#connectors/clock/business-clock.ts'
import type { Schemas } from '#schemas'
import { type PlatformTotals, platformTotals } from '#sinks/postgres/read/totals.ts'
import { type ApiSecrets, apiSecrets } from './api-secrets.ts'
import { Closers } from './closers.ts'
import { joinPeers } from './cluster/join-peers.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { Peers } from './cluster/peers.ts'
import { openDatabases, readSide } from './databases.ts'
import { openFoundation } from './foundation.ts'
import { gatewaysOf } from './gateways.ts'
import { createHttpApp } from './http-app.ts'
import { allInHurry, hurryOf } from './hurry.ts'
import { openClock } from './open-clock.ts'
import { announced, type Providers } from './providers.ts'
import { runConnectors } from './run-connectors.ts'
import { type RunningSinks, runSinks } from './run-sinks.ts'
import { runTopologies } from './run-topologies.ts'
import type { RunningServer } from './serve-http.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'
import { shareOfThreads } from './threads/shares.ts'
import { startThreads } from './threads/start-threads.ts'

/** The whole platform in this process: the sum of its parts. */
export type Platform = Pick<ApiSecrets, 'operatorToken' | 'isNewOperatorToken'> & {
  readonly settings: Settings
  readonly storage: Storage
  readonly schemas: Schemas
  /** The topologies that run on this thread, by name, and all there are. */
  readonly running: Pick<LocalPart, 'apps' | 'topologies'>
  /** The other threads, which run the rest. */
  readonly peers: Peers
  readonly sinks: RunningSinks
  readonly clock: BusinessClock
  readonly providers: Providers
  readonly server: RunningServer
  /** Waits until nothing is on its way; false after `timeoutMs`. */
  settle(timeoutMs?: number): Promise<boolean>
  /** Sums over everything, from the read model. */
  totals(): Promise<PlatformTotals>
  close(): Promise<void>
}

/**
 * Puts the platform together, in the order its parts need each other: log and state, schemas, topologies, the outside,
 * sinks, clock, and last the port, so that whoever can reach it can use it. Where a part cannot be opened, what is open
 * already is closed again.
 */
export async function startPlatform(settings: Settings, onFailure: (error: unknown) => void): Promise<Platform> {
  const closers = new Closers()
  try {
    return await openAll(settings, closers, onFailure)
  } catch (error) {
    await closers.closeAll(reportClosing)
    throw error
  }
}

async function openAll(settings: Settings, closers: Closers, onFailure: (error: unknown) => void): Promise<Platform> {
  const foundation = await openFoundation(settings, 'all', closers, onFailure)
  const { storage, schemas, topologies, server, cluster } = foundation
  const secrets = apiSecrets(settings)
  const shares = shareOfThreads(foundation)
  const [apps, beside] = await Promise.all([
    runTopologies({ ...foundation, settings: shares.settings }, shares.here, closers, onFailure),
    startThreads(foundation, shares, closers, onFailure),
  ])
  const { all, wake, providers } = await runConnectors(foundation, secrets, closers)
  const databases = await openDatabases(settings, true, closers)
  const sinks = await runSinks(foundation, databases, closers)
  const { clock, settle } = await openClock(foundation, allInHurry([hurryOf(apps), ...beside]), closers)
  const local = {
    ...{ instanceId: storage.instanceId, part: 'all', topologies, apps, connectors: all },
    sinks: () => sinks.status(),
    wake,
  }
  await joinPeers(cluster, local, announced(providers), closers)
  const app = await createHttpApp(
    {
      ...{ foundation, local, clock, ...secrets },
      reads: readSide(databases, sinks.postgres),
      gateways: gatewaysOf(settings, () => providers.urls),
      outbox: () => (providers.isSandboxOnly ? providers.outbox : null),
    },
    closers,
  )
  server.use(app)
  const { operatorToken, isNewOperatorToken } = secrets
  return {
    ...{ settings, storage, schemas, sinks, clock, providers, server, settle },
    running: { apps, topologies },
    peers: cluster.peers,
    ...{ operatorToken, isNewOperatorToken },
    totals: () => platformTotals(sinks.database),
    close: () => closers.closeAll(reportClosing),
  }
}

function reportClosing(message: string, error: unknown): void {
  console.error(message, error)
}
