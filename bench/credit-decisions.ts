import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCreditApplications } from '#connectors/bureau/credit-applications.ts'
import { deriveId } from '#domain/ids.ts'
import { Latencies } from '#main/demo/latencies.ts'
import type { CreditState, RequestPurchase } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { type Log, openEmbeddedLog, openRocksDbBackend, type StoreBackend, StreamsApp, type Topic } from '#streams'
import { credit } from '#topologies/credit/credit.ts'
import { HOUR, kyc, registered, report, request, T0 } from '#topologies/credit/credit-samples.ts'
import { isCreditEvent } from '#topologies/credit/facts.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import type { BenchResult } from './run.ts'

/**
 * The credit topology alone, on the embedded log, in one process with one partition: so many consumers in the store,
 * each with a limit by one of the real credit applications, then purchases that are in the log before the clock starts.
 */
const QUICK = process.argv.includes('--quick')
const CONSUMERS = QUICK ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000]
const DECISIONS = QUICK ? 20_000 : 200_000
const TIMED = QUICK ? 5_000 : 50_000
const APPEND_RECORDS = 5_000
/** Of a consumer's purchases the first few are approved, the others are beyond any limit. */
const APPROVED = 3
const SMALL_MINOR = 1_000
const LARGE_MINOR = 900_000
/** Far enough apart that a store remembers a few decisions a consumer, as it would in real life. */
const HOURS_APART = 25

const schemas = testSchemas({ partitions: 1 })
const applications = readCreditApplications()

type Figures = Readonly<Record<string, number>>

async function main(): Promise<void> {
  const figures: Record<string, number> = {}
  for (const consumers of CONSUMERS) Object.assign(figures, await measure(consumers))
  const how =
    `${DECISIONS} requests for purchases that are in the log already, one partition, RocksDB, exactly once, one ` +
    'process; one in a few is approved.\n  ' +
    'A decision: from the bytes of a request and a state to the bytes of the events and the new state.'
  const result: BenchResult = { name: 'decisions of the credit topology, by consumers in the store', how, figures }
  console.log(JSON.stringify(result))
}

async function measure(consumers: number): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-bench-'))
  try {
    const log = await openEmbeddedLog({ directory: join(directory, 'log') })
    const backend = await openRocksDbBackend({ directory: join(directory, 'state') })
    await log.createTopics(Object.values(schemas.topics))
    await fillStore(log, backend, consumers)
    const { seconds, cpuMicros, states } = await decideAll(log, backend, consumers)
    const { p50, p99 } = timeDecisions(states)
    await backend.close()
    await log.close()
    const name = `${consumers.toLocaleString('en-US')} consumers`
    return {
      [`${name}: decisions per second`]: Math.round(DECISIONS / seconds),
      [`${name}: CPU, µs a decision`]: cpuMicros / DECISIONS,
      [`${name}: a decision, p50 µs`]: p50,
      [`${name}: a decision, p99 µs`]: p99,
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Registers, identifies and reports on everybody, through the topology itself. */
async function fillStore(log: Log, backend: StoreBackend, consumers: number): Promise<void> {
  const { topics } = schemas
  const people = Array.from({ length: consumers }, (_, index) => consumerId(index))
  await append(log, topics.consumerEvents, people.length * 2, (at) => {
    const person = { consumerId: people[at >> 1] ?? '' }
    return at % 2 === 0 ? registered(person) : { ...kyc('APPROVED'), ...person }
  })
  const app = new AppRun(log, backend)
  // A report that nobody asked for yet is passed over, so everybody's news comes first.
  await app.until(consumers * 2)
  await append(log, topics.bureauResults, people.length, (at) => {
    const person = people[at] ?? ''
    const attributes = applications[at % applications.length]?.attributes ?? null
    return report(null, { consumerId: person, requestId: deriveId('req', 'bureau', person, 1), attributes })
  })
  await app.until(consumers * 3)
  await app.close()
}

/** Decides what waits in the log, and gives the states of some consumers as they are then. */
async function decideAll(log: Log, backend: StoreBackend, consumers: number) {
  await append(log, schemas.topics.purchaseCommands, DECISIONS, (at) => requestOf(at, consumers))
  const app = new AppRun(log, backend)
  const startedMs = performance.now()
  const startedCpu = process.cpuUsage()
  await app.until(DECISIONS)
  const seconds = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(startedCpu)
  const sample = Array.from({ length: 1_000 }, (_, index) => consumerId((index * 7_919) % consumers))
  const states = await Promise.all(sample.map((id) => app.state(id)))
  await app.close()
  return { seconds, cpuMicros: user + system, states: states.filter((state) => state !== undefined) }
}

/** One decision after the other, each with what the topology does around it but the log and the store. */
function timeDecisions(states: readonly CreditState[]): { readonly p50: number; readonly p99: number } {
  const { topics } = schemas
  const stateSerde = schemas.state<CreditState>('CreditState')
  const stored = states.map((state) => stateSerde.serialize(state))
  const latencies = new Latencies()
  for (let at = 0; at < TIMED * 2; at += 1) {
    const state = stored[at % stored.length]
    const known = states[at % states.length]
    if (state === undefined || known === undefined) continue
    const asked = { ...requestOf(at, 1), consumerId: known.consumerId, purchaseId: `pur_timed_${at}` }
    const bytes = topics.purchaseCommands.value.serialize(asked)
    const startedMs = performance.now()
    decideOnce(stateSerde.deserialize(state), topics.purchaseCommands.value.deserialize(bytes) as RequestPurchase)
    // The first half warms up.
    if (at >= TIMED) latencies.add((performance.now() - startedMs) * 1_000)
  }
  return { p50: latencies.quantile(0.5) ?? 0, p99: latencies.quantile(0.99) ?? 0 }

  function decideOnce(state: CreditState, command: RequestPurchase): void {
    const facts = credit.decide(state, command, command.consumerId)
    stateSerde.serialize(facts.reduce((before, fact) => credit.evolve(before, fact), state))
    for (const fact of facts) if (isCreditEvent(fact)) topics.creditEvents.value.serialize(fact)
  }
}

function consumerId(index: number): string {
  return `con_${String(index).padStart(32, '0')}`
}

/** The requests go round the consumers; a stride keeps neighbours in the log apart in the store. */
function requestOf(at: number, consumers: number): RequestPurchase {
  const round = Math.floor(at / consumers)
  const id = consumerId((at * 7_919) % consumers)
  const { meta, ...rest } = request(at, round < APPROVED ? SMALL_MINOR : LARGE_MINOR, { consumerId: id })
  return { ...rest, meta: { ...meta, occurredAt: T0 + round * HOURS_APART * HOUR } }
}

async function append<V>(log: Log, topic: Topic<V>, count: number, make: (at: number) => V): Promise<void> {
  for (let from = 0; from < count; from += APPEND_RECORDS) {
    const records = Array.from({ length: Math.min(APPEND_RECORDS, count - from) }, (_, index) => {
      const value = make(from + index)
      const key = Buffer.from(topic.keyOf?.(value) ?? '')
      return { topic: topic.name, partition: 0, timestampMs: T0, key, value: topic.value.serialize(value) }
    })
    await log.append(records)
  }
}

/** The application, and how many records it has processed. */
class AppRun {
  readonly #app: StreamsApp
  readonly #started: Promise<void>
  #processed = 0
  #waiting: { readonly count: number; readonly done: () => void } | null = null

  constructor(log: Log, backend: StoreBackend) {
    this.#app = new StreamsApp({
      ...{ topology: creditTopology(schemas), log, backend, instanceId: 'bench', cacheBytesMax: 64 * 1_024 * 1_024 },
      hooks: {
        onCommit: ({ processed }) => {
          this.#processed += processed
          if (this.#waiting !== null && this.#processed >= this.#waiting.count) this.#waiting.done()
        },
      },
    })
    this.#started = this.#app.start()
  }

  async until(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting = { count, done: resolve }
    await this.#started
    if (this.#processed < count) await promise
  }

  state(id: string): Promise<CreditState | undefined> {
    return this.#app.query<CreditState>('credit').get(id, { partitionKey: id })
  }

  close(): Promise<void> {
    return this.#app.close()
  }
}

await main()
