import { BusinessClock } from '#connectors/clock/business-clock.ts'
import { dateToMs, msToDate } from '#domain/calendar.ts'
import type { Schemas } from '#schemas'
import { type PlatformTotals, platformTotals } from '#sinks/postgres/read/totals.ts'
import { LogGaps } from '#streams'
import { Closers } from './closers.ts'
import { makeDataDirectory } from './data-directory.ts'
import { keptSecret } from './kept-secret.ts'
import { openProviders, type Providers } from './providers.ts'
import { openRegistry } from './registry.ts'
import { comesToRest, type ReadingGroup } from './rest.ts'
import { type RunningConnectors, runConnectors } from './run-connectors.ts'
import { type RunningSinks, runSinks } from './run-sinks.ts'
import { type RunningTopologies, runTopologies } from './run-topologies.ts'
import { type RunningServer, serveHttp } from './serve-http.ts'
import type { Settings } from './settings.ts'
import { openStorage, type Storage } from './storage.ts'

/** The whole platform in this process. */
export type Platform = {
  readonly settings: Settings
  readonly storage: Storage
  readonly schemas: Schemas
  readonly running: RunningTopologies
  readonly sinks: RunningSinks
  readonly clock: BusinessClock
  readonly providers: Providers
  readonly server: RunningServer
  readonly operatorToken: string
  /** True where the operator's token was made just now. */
  readonly isNewOperatorToken: boolean
  /** Waits until nothing is on its way; false after `timeoutMs`. */
  settle(timeoutMs?: number): Promise<boolean>
  /** Sums over everything, from the read model. */
  totals(): Promise<PlatformTotals>
  close(): Promise<void>
}

const SETTLE_MS = 60_000
/** Topologies that only write down what was decided: business time need not wait for them. */
const FOLLOWERS: readonly string[] = ['fourfold.notifications', 'fourfold.ledger', 'fourfold.audit']

/**
 * Puts the platform together, in the order its parts need each other: log and state, schemas, topologies, the outside,
 * sinks, clock, and last the port, so that whoever can reach it can use it. Where a part cannot be opened, what is open
 * already is closed again.
 */
export async function startPlatform(settings: Settings, onFailure: (error: unknown) => void): Promise<Platform> {
  const closers = new Closers()
  try {
    return await openParts(settings, closers, onFailure)
  } catch (error) {
    await closers.closeAll(reportClosing)
    throw error
  }
}

async function openParts(settings: Settings, closers: Closers, onFailure: (error: unknown) => void): Promise<Platform> {
  await makeDataDirectory(settings.DATA_DIR)
  const storage = await openStorage(settings, closers, onFailure)
  const operator = keptSecret(settings.DATA_DIR, 'operator-token')
  const operatorToken = settings.ADMIN_TOKEN ?? operator.secret
  const { log } = storage
  const { schemas, routes: registryRoutes } = await openRegistry(settings, log)
  const server = await serveHttp(settings, closers)
  const webhookSecret =
    settings.GATEWAY_WEBHOOK_SECRET ?? keptSecret(settings.DATA_DIR, 'gateway-webhook-secret').secret
  const providers = await openProviders(
    settings,
    {
      gatewaySecret: keptSecret(settings.DATA_DIR, 'sandbox-gateway-secret').secret,
      webhookSecret,
      webhookUrl: `${server.localUrl}/v1/webhooks/payment-gateway`,
    },
    closers,
  )
  const running = await runTopologies(settings, storage, schemas, closers, onFailure)
  const connectors = await runConnectors(log, schemas, providers.urls, closers)
  const sinks = await runSinks(settings, storage, schemas, closers)
  const groups = groupsOf(running, connectors)
  const gaps = new LogGaps(log)
  const settle = (timeoutMs = SETTLE_MS) => comesToRest(log, [...groups.money, ...groups.notices], timeoutMs, gaps)
  const settleMoney = () => comesToRest(log, groups.money, SETTLE_MS, gaps)
  const clock = await openClock(settings, storage, schemas, closers, settleMoney)
  await server.use({
    ...{ settings, storage, schemas, running, connectors, sinks, clock, providers, operatorToken, registryRoutes },
    webhookSecret,
    tokenSecret: keptSecret(settings.DATA_DIR, 'token-secret').secret,
  })
  return {
    ...{ settings, storage, schemas, running, sinks, clock, providers, server, operatorToken, settle },
    isNewOperatorToken: operator.isNew && settings.ADMIN_TOKEN === null,
    totals: () => platformTotals(sinks.database),
    close: () => closers.closeAll(reportClosing),
  }
}

async function openClock(
  settings: Settings,
  { log, instanceId }: Storage,
  schemas: Schemas,
  closers: Closers,
  settle: () => Promise<boolean>,
): Promise<BusinessClock> {
  const clock = await BusinessClock.open({
    log,
    topic: schemas.topics.clock,
    mode: settings.CLOCK,
    startMs: settings.CLOCK === 'live' ? Date.now() : dateToMs(settings.CLOCK_START ?? msToDate(Date.now())),
    wallMs: Date.now,
    settle,
    instanceId: log.capabilities.crossProcess ? instanceId : undefined,
  })
  closers.add('the clock', () => clock.close())
  return clock
}

type Groups = { readonly money: readonly ReadingGroup[]; readonly notices: readonly ReadingGroup[] }

function groupsOf({ topologies }: RunningTopologies, { moneyGroups, noticeGroups }: RunningConnectors): Groups {
  const groups = [...topologies.values()].map((topology) => ({
    group: `fourfold.${topology.name}`,
    topics: topology.inputTopics(),
  }))
  const isNotices = ({ group }: ReadingGroup) => FOLLOWERS.includes(group)
  return {
    money: [...groups.filter((group) => !isNotices(group)), ...moneyGroups],
    notices: [...groups.filter(isNotices), ...noticeGroups],
  }
}

function reportClosing(message: string, error: unknown): void {
  console.error(message, error)
}
