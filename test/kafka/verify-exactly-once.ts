import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { changelogTopic } from '#streams'
import { createTopics, type ProxiedCluster, seededRandom } from '#streams/testing/kafka-broker'
import { addNetworkFaults, type ChaosCounts, type ChaosMode, makeChaos } from './chaos.ts'
import { APPLICATION, INPUT, OUTPUT, STORE } from './running-totals.ts'
import { Worker, type WorkerCounts, type WorkerSettings } from './worker.ts'

/** How large a run is, and what happens in it. */
export type VerifyOptions = {
  readonly seed: number
  readonly records: number
  readonly partitions: number
  readonly keys: number
  readonly instances: number
  /** For how long records come and things go wrong, in seconds. */
  readonly seconds: number
  readonly modes: ReadonlySet<ChaosMode>
  /** Gets a line for all that happens. */
  readonly trace: (line: string) => void
}

/** What the judge says, in records, keys and outputs. All but the first three must be 0. */
export type Verdict = {
  readonly records: number
  readonly outputs: number
  readonly keys: number
  readonly lost: number
  readonly duplicated: number
  readonly disordered: number
  readonly wrongTotals: number
  readonly stale: number
}

/** A run in figures. */
export type VerifyReport = Verdict &
  ChaosCounts &
  Omit<WorkerCounts, 'failures'> & {
    /** Requests that the proxy cut, dropped or delayed. */
    readonly faults: number
    readonly failures: Readonly<Record<string, number>>
    readonly seconds: number
  }

const SESSION_TIMEOUT_MS = 4_000
const TRANSACTION_TIMEOUT_MS = 8_000
/** How long all that is written may take to be processed once nothing goes wrong any more. */
const CATCH_UP_MS_MAX = 180_000

/** How long the instances have to say where they stand. */
const STATUS_MS = 3_000

const run = promisify(execFile)

/**
 * Runs instances of a stateful application while they are killed and frozen, their brokers are restarted and the
 * network fails, and lets an outside process judge what came out.
 * @param kafka without any topic
 * @throws Error where the application does not catch up, or a transaction is left open
 */
export async function verifyExactlyOnce(options: VerifyOptions, kafka: ProxiedCluster): Promise<VerifyReport> {
  const folder = await mkdtemp(join(tmpdir(), 'exactly-once-'))
  const counts: WorkerCounts = { rebuilds: 0, recoveries: 0, retries: 0, failures: new Map() }
  const admin = await connectAdmin(kafka)
  const workers: Worker[] = []
  try {
    await makeTopics(admin, options.partitions)
    for (let at = 1; at <= options.instances; at += 1) {
      workers.push(new Worker(workerSettings(at, options, kafka, folder), counts, options.trace))
    }
    for (const worker of workers) worker.start()
    const started = performance.now()
    const chaos = await disturb(options, { random: seededRandom(options.seed), workers, kafka })
    const faults = kafka.proxies.reduce((sum, proxy) => sum + proxy.faults, 0)
    await caughtUp(admin, workers)
    const seconds = Math.round((performance.now() - started) / 1_000)
    await Promise.all(workers.map((worker) => worker.stop()))
    const changelog = changelogTopic(APPLICATION, STORE)
    const order = { brokers: kafka.cluster.addresses, input: INPUT, output: OUTPUT, changelog }
    const verdict = (await judge('check', order)) as Verdict
    return { ...verdict, ...chaos, faults, ...counts, failures: Object.fromEntries(counts.failures), seconds }
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
    await admin.disconnect()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Which kind of transactions an instance uses, in turns, so that both protocols and their mixture are proven. */
const KINDS = ['kip-890', 'classic', 'mixed'] as const
/** A rest after which a transaction follows the last one sometimes at once, sometimes late: both kinds alternate. */
const REST_MS_MIXED = 15

function workerSettings(
  at: number,
  { partitions }: VerifyOptions,
  { proxies }: ProxiedCluster,
  folder: string,
): WorkerSettings {
  const instanceId = `worker-${at}`
  const transactions = KINDS[at % KINDS.length] ?? 'mixed'
  return {
    instanceId,
    brokers: proxies.map(({ address }) => address),
    dataDir: join(folder, instanceId),
    partitions,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    transactions,
    restMs: transactions === 'mixed' ? REST_MS_MIXED : 0,
  }
}

type System = {
  readonly random: ReturnType<typeof seededRandom>
  readonly workers: readonly Worker[]
  readonly kafka: ProxiedCluster
}

/** Lets records come and things go wrong for the time that was asked for; everything is whole again at the end. */
async function disturb(options: VerifyOptions, { random, workers, kafka }: System): Promise<ChaosCounts> {
  const { partitions, keys, records, seconds, seed, modes, trace } = options
  const brokers = kafka.cluster.addresses
  const writing = judge('write', { brokers, topic: INPUT, partitions, keys, records, seconds: seconds * 0.9, seed })
  const enough = new AbortController()
  if (modes.has('network')) kafka.proxies.forEach(addNetworkFaults)
  const chaos = makeChaos({ random, modes, workers, kafka, sessionTimeoutMs: SESSION_TIMEOUT_MS, trace }, enough.signal)
  try {
    await Promise.all([writing, sleep(seconds * 1_000)])
  } finally {
    enough.abort()
  }
  const counts = await chaos
  for (const proxy of kafka.proxies) proxy.clearFaults()
  trace('chaos is over')
  return counts
}

/** Runs the judge, a process that uses nothing of this project. */
async function judge(command: 'write' | 'check', order: unknown): Promise<unknown> {
  const script = join(import.meta.dirname, 'verifier.child.ts')
  const { stdout } = await run(process.execPath, ['--no-warnings', script, command, JSON.stringify(order)])
  return JSON.parse(stdout)
}

async function connectAdmin({ cluster }: ProxiedCluster): Promise<Admin> {
  const retry = { retries: 50, maxRetryTime: 1_000 }
  const kafka = new Kafka({ brokers: [...cluster.addresses], logLevel: logLevel.NOTHING, retry })
  const admin = kafka.admin()
  await admin.connect()
  return admin
}

async function makeTopics(admin: Admin, numPartitions: number): Promise<void> {
  const topics = [INPUT, OUTPUT].map((topic) => ({
    topic,
    numPartitions,
    configEntries: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: '-1' },
    ],
  }))
  await createTopics(admin, topics)
}

/** Until the application has committed as many input records as there are. */
async function caughtUp(admin: Admin, workers: readonly Worker[]): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS_MAX
  let last = 'the broker did not answer'
  while (performance.now() < deadline) {
    try {
      const [done, written] = [await committedRecords(admin), await writtenRecords(admin)]
      if (done === written) return
      last = `${done} of ${written} records were processed`
    } catch {
      // A broker that was restarted a moment ago may not lead its partitions yet.
    }
    await sleep(200)
  }
  for (const worker of workers) worker.askStatus()
  await sleep(STATUS_MS)
  const standing = workers.map(({ status }) => `\n  ${status}`).join('')
  throw new Error(`The application did not catch up in ${CATCH_UP_MS_MAX} ms after the last fault: ${last}.${standing}`)
}

async function writtenRecords(admin: Admin): Promise<number> {
  return (await admin.fetchTopicOffsets(INPUT)).reduce((sum, { high }) => sum + Number(high), 0)
}

async function committedRecords(admin: Admin): Promise<number> {
  const [topic] = await admin.fetchOffsets({ groupId: APPLICATION, topics: [INPUT] })
  return (topic?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
}
