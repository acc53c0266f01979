import { Hono } from 'hono'
import { Problem } from '#api/problems.ts'
import { mailWebhookRoutes } from '#api/routes/mail-webhook.ts'
import type { BusinessClock } from '#connectors/clock/business-clock.ts'
import { MailWebhook } from '#connectors/email/webhook.ts'
import type { GatewayName } from '#domain/gateway-names.ts'
import { apiSecrets, connectorSecrets } from './api-secrets.ts'
import { chargeBackCommands } from './charge-back-commands.ts'
import { Closers } from './closers.ts'
import { joinPeers } from './cluster/join-peers.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { Peers } from './cluster/peers.ts'
import { openDatabases, openReadSide } from './databases.ts'
import { type Foundation, openFoundation } from './foundation.ts'
import { gatewayWebhooks } from './gateway-webhook.ts'
import { gatewaysOf } from './gateways.ts'
import { healthRoutes } from './health.ts'
import { createHttpApp } from './http-app.ts'
import { allInHurry, hurryOf } from './hurry.ts'
import { mailReports } from './mail-reports.ts'
import { openClock } from './open-clock.ts'
import { assertPartSettings, type PartName } from './part-settings.ts'
import { announced } from './providers.ts'
import { runConnectors } from './run-connectors.ts'
import { runSinks } from './run-sinks.ts'
import { runTopologies } from './run-topologies.ts'
import type { RunningServer } from './serve-http.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

/** A part of the platform that runs in this process. */
export type RunningPart = {
  readonly server: RunningServer
  readonly instanceId: string
  close(): Promise<void>
}

/** What to start. */
export type PartOrder = {
  readonly part: PartName
  /** The topologies, where not all of them. */
  readonly topologies: readonly string[]
  readonly settings: Settings
  readonly onFailure: (error: unknown) => void
}

/**
 * Starts one part of the platform; the others run in other processes on the same Kafka, in any order.
 * @throws SettingsError where a setting is missing that the part needs; StartError TOPOLOGY_UNKNOWN, and others
 */
export async function startPart(order: PartOrder): Promise<RunningPart> {
  const { part, settings, onFailure } = order
  assertPartSettings(part, settings)
  const closers = new Closers()
  const close = () => closers.closeAll((message, error) => console.error(message, error))
  try {
    const foundation = await openFoundation(settings, part, closers, onFailure)
    await openers[part](foundation, order, closers)
    return { server: foundation.server, instanceId: foundation.storage.instanceId, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Opener = (foundation: Foundation, order: PartOrder, closers: Closers) => Promise<void>

const openers: Readonly<Record<PartName, Opener>> = {
  api: openApi,
  topologies: openTopologies,
  connectors: openConnectors,
  sinks: openSinks,
}

async function openApi(foundation: Foundation, { settings }: PartOrder, closers: Closers): Promise<void> {
  const { cluster, server } = foundation
  const reads = await openReadSide(await openDatabases(settings, false, closers))
  const { clock } = await openClock(foundation, allInHurry([]), closers)
  const local = localPart(foundation, 'api')
  await joinPeers(cluster, local, null, closers)
  const gateways = gatewaysOf(settings, () => sandboxesOf(cluster.peers))
  const outbox = () => sandboxesOf(cluster.peers)['outbox'] ?? null
  const parts = { foundation, local, reads, clock, gateways, outbox, ...apiSecrets(settings) }
  server.use(await createHttpApp(parts, closers))
}

async function openTopologies(
  foundation: Foundation,
  { settings, topologies: names, onFailure }: PartOrder,
  closers: Closers,
): Promise<void> {
  for (const name of names) assertTopology(foundation, name)
  const apps = await runTopologies(foundation, names, closers, onFailure)
  // Business time goes on while no node of the API is there: due dates do not wait for one.
  if (settings.CLOCK === 'live') await openClock(foundation, hurryOf(apps), closers)
  await serve(foundation, { ...localPart(foundation, 'topologies'), apps }, closers)
}

async function openConnectors(foundation: Foundation, { settings }: PartOrder, closers: Closers): Promise<void> {
  const secrets = connectorSecrets(settings)
  const { all, wake, providers } = await runConnectors(foundation, secrets, closers)
  const local = { ...localPart(foundation, 'connectors'), connectors: all, wake }
  const { clock } = await openClock(foundation, allInHurry([]), closers)
  const onChargeBack = await chargeBacksOf(foundation, settings, clock, closers)
  const { storage, schemas, cluster } = foundation
  const onTrouble = mailReports({ log: storage.log, schemas, time: clock })
  const webhook = new Hono()
    .route('/', gatewayWebhooks({ secrets: secrets.webhookSecrets, local, peers: cluster.peers, onChargeBack }))
    .route('/', mailWebhookRoutes(new MailWebhook({ secret: secrets.mailSecret, onTrouble })))
  await serve(foundation, local, closers, { webhook, sandboxes: announced(providers) })
}

/** A charge-back names a charge; whose it is stands in the database of the sinks. */
async function chargeBacksOf(foundation: Foundation, settings: Settings, clock: BusinessClock, closers: Closers) {
  if (settings.DATABASE_URL === null) {
    return () => () =>
      Promise.reject(
        new Problem(
          503,
          'CHARGE_BACKS_NEED_DATABASE',
          'Whose a charge is cannot be told here. Give the connectors DATABASE_URL, or send webhooks to the API.',
        ),
      )
  }
  const { database } = await openReadSide(await openDatabases(settings, false, closers))
  const { storage, schemas } = foundation
  const parts = { log: storage.log, schemas, time: clock, database }
  return (gateway: GatewayName) => chargeBackCommands(parts, gateway)
}

async function openSinks(foundation: Foundation, { settings }: PartOrder, closers: Closers): Promise<void> {
  const sinks = await runSinks(foundation, await openDatabases(settings, false, closers), closers)
  await serve(foundation, { ...localPart(foundation, 'sinks'), sinks: () => sinks.status() }, closers)
}

/** A part that runs nothing yet. */
function localPart({ storage, topologies }: Foundation, part: PartName): LocalPart {
  return {
    ...{ instanceId: storage.instanceId, part, topologies, apps: new Map(), connectors: [] },
    sinks: () => Promise.resolve([]),
    wake: () => undefined,
  }
}

/** A part that people do not look at says how it is; the sandbox gateway reaches its connectors. */
async function serve(
  { server, cluster }: Foundation,
  local: LocalPart,
  closers: Closers,
  more: { readonly webhook?: Hono; readonly sandboxes?: Parameters<typeof joinPeers>[2] } = {},
): Promise<void> {
  await joinPeers(cluster, local, more.sandboxes ?? null, closers)
  const app = new Hono()
  app.route('/', healthRoutes(local))
  if (more.webhook !== undefined) app.route('/', more.webhook)
  server.use(app)
}

/** The sandbox is asked for anew each time: its process may start after this one, and again. */
function sandboxesOf(peers: Peers): Readonly<Record<string, string>> {
  const urls = peers.all().find(({ sandboxes }) => sandboxes !== null)?.sandboxes
  if (urls !== undefined && urls !== null) return urls
  throw new Problem(
    503,
    'SANDBOX_NOT_RUNNING',
    'No process that runs the sandbox of the payment gateway was heard of lately. Start npm run part -- connectors.',
  )
}

function assertTopology({ topologies }: Foundation, name: string): void {
  if (topologies.has(name)) return
  const known = [...topologies.keys()].join(', ')
  throw new StartError('TOPOLOGY_UNKNOWN', `There is no topology ${JSON.stringify(name)}. Known: ${known}.`)
}
