import { createApi } from '#api/app.ts'
import { MemoryCounter } from '#api/limits/memory-counter.ts'
import { openApiParts } from '#api/open-api-parts.ts'
import type { StateQueries } from '#api/ports.ts'
import { withSlowAcks } from '#api/testing/slow-acks.ts'
import { BusinessClock } from '#connectors/clock/business-clock.ts'
import { dateToMs } from '#domain/calendar.ts'
import { Peers } from '#main/cluster/peers.ts'
import { stateQueries } from '#main/cluster/state-queries.ts'
import { comesToRest } from '#main/rest.ts'
import { testSchemas } from '#schemas/testing.ts'
import { openPgliteDatabase } from '#sinks/postgres/pglite-database.ts'
import { readModel } from '#sinks/postgres/read/read-model.ts'
import { postgresSink } from '#sinks/postgres/sink.ts'
import { type LogFaults, MemoryBackend, memoryLog, StreamsApp } from '#streams'
import { consumersTopology } from '#topologies/consumers/topology.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import { installmentsTopology } from '#topologies/installments/topology.ts'
import { merchantsTopology } from '#topologies/merchants/topology.ts'
import { paymentsTopology } from '#topologies/payments/topology.ts'
import { purchasesTopology } from '#topologies/purchases/topology.ts'
import { ScriptedProviders } from './scripted-providers.ts'

/** The operator's token. */
export const OPERATOR = 'operator-token-of-the-tests'

/** The API over the real topologies, all in memory and without a port. */
export type ApiUnderTest = Awaited<ReturnType<typeof openApiUnderTest>>

/** How the API under test differs from the usual one. */
export type ApiUnderTestOptions = {
  /** Comes between the API and the state. */
  readonly queries?: (queries: StateQueries) => StateQueries
  readonly outcomeTimeoutMs?: number
  /** How long a topology hears nothing of a commit that others can read already. Milliseconds. */
  readonly ackMs?: number
  readonly requestsPerMinuteMax?: number
}

/** What codes and tokens are made with here. */
export const SECRET = 'secret of the tests'
/** How long an access token lasts here: some tests let days go by. */
const ACCESS_MINUTES = 29 * 24 * 60
const REST_MS = 10_000

/** Opens everything; `close` ends it. `node()` opens another API node over the same platform. */
export async function openApiUnderTest(options: ApiUnderTestOptions = {}) {
  const schemas = testSchemas({ partitions: 2 })
  const faults: LogFaults = {}
  const log = memoryLog({ faults })
  await log.createTopics(Object.values(schemas.topics))
  const topologies = [
    consumersTopology(schemas),
    merchantsTopology(schemas),
    creditTopology(schemas),
    purchasesTopology(schemas),
    installmentsTopology(schemas),
    paymentsTopology(schemas),
  ]
  const backend = new MemoryBackend()
  const logOfApps = withSlowAcks(log, { ms: options.ackMs ?? 0 })
  const apps = topologies.map((topology) => new StreamsApp({ topology, log: logOfApps, backend, instanceId: 'test' }))
  const database = await openPgliteDatabase(null)
  const sink = postgresSink({ log, schemas, database })
  await Promise.all([...apps.map((app) => app.start()), sink.start()])
  const groups = topologies.map((topology) => ({ group: topology.name, topics: topology.inputTopics() }))
  const settle = () => comesToRest(log, groups, REST_MS)
  const clock = await BusinessClock.open({
    ...{ log, settle, topic: schemas.topics.clock, wallMs: Date.now },
    mode: 'manual',
    startMs: dateToMs('2026-03-01'),
  })
  const providers = new ScriptedProviders(log, schemas)
  const running = { apps: new Map(apps.map((app) => [app.name, app])), topologies: new Map() }
  const queries = stateQueries(running, new Peers())
  const nodes: { close(): Promise<void> }[] = []
  const node = async ({ outcomeTimeoutMs = options.outcomeTimeoutMs ?? 10_000 } = {}) => {
    const counter = new MemoryCounter()
    const parts = await openApiParts({
      ...{
        log,
        schemas,
        time: clock,
        operatorToken: OPERATOR,
        secret: SECRET,
        sessionDays: 30,
        accessMinutes: ACCESS_MINUTES,
      },
      queries: options.queries?.(queries) ?? queries,
      reads: readModel(database),
      applied: sink.applied,
      analytics: { days: () => Promise.resolve(null) },
      operations: noOperations(apps),
      addressOf: (c) => c.req.header('x-test-socket') ?? '127.0.0.1',
      outcomeTimeoutMs,
    })
    nodes.push(parts)
    const limits = { counter, requestsPerMinuteMax: options.requestsPerMinuteMax ?? 1_000_000 }
    return createApi({ parts, sandboxClock: clock, limits })
  }
  const close = async () => {
    await Promise.all(nodes.map((one) => one.close()))
    await providers.close()
    await clock.close()
    await Promise.all([sink.stop(), ...apps.map((app) => app.close())])
    await database.close()
    await log.close()
  }
  return { ...{ schemas, log, faults, clock, providers, settle, close, node }, app: await node() }
}

/** The status of the platform is main's to tell; here only the names and the quarantine are real. */
function noOperations(apps: readonly StreamsApp[]) {
  const appOf = (name: string) => apps.find((app) => app.name === name) as StreamsApp
  return {
    topologies: apps.map((app) => app.name),
    status: () => Promise.reject(new Error('not in this test')),
    books: () => ({ checkedAt: null, failure: null, unbalancedEntries: 0, invariants: [] }),
    drawing: () => Promise.resolve(null),
    deadLetters: async () => [],
    parkedKeys: async () => [],
    replayKey: (name: string, key: string) => appOf(name).replayKey(key),
    discardKey: (name: string, key: string) => appOf(name).discardKey(key),
  }
}
