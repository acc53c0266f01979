import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { KafkaBroker } from '#streams/testing/kafka-broker'
import type { LoadPlan, LoadReport, PacedReport } from './decisions-worker.ts'
import { type MeasuredPlatform, openInOneProcess, openInParts, PATH_TOPOLOGIES } from './measured-platform.ts'
import { cpuSecondsOf } from './process-cpu.ts'
import type { BenchResult } from './run.ts'

/**
 * From the API to the decision: purchases of many consumers at steady rates, then as many as it takes. The load comes
 * from a thread of its own over HTTP. `--rates 200,1000` are the rates a second; `--path` measures what lies between a
 * request and its answer by itself; `--kafka` puts the log on a Kafka broker, the one that KAFKA_BROKERS names or else
 * one of its own.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rates: { type: 'string', default: '200,1000' },
    path: { type: 'boolean', default: false },
    kafka: { type: 'boolean', default: false },
  },
})

const WHOLE = 'the whole platform in one process'
const ALONE = `what the answer needs by itself: the API and the topologies ${PATH_TOPOLOGIES.join(', ')}`

const MEANING =
  'Decision: from the request in the API until the decision is in the log and heard (Server-Timing).\n  Requests ' +
  'start when they are due, whether or not earlier ones are answered; quantiles are of those that were\n  decided. ' +
  'Failed: refused, or no answer within 15 s.'

async function main(): Promise<void> {
  const rates = options.rates.split(',').map(Number)
  if (rates.some((rate) => !(rate > 0))) throw new Error(`--rates ${options.rates}: give numbers above 0.`)
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-bench-'))
  const broker = await ownBroker(directory)
  try {
    const brokers = options.kafka ? (process.env['KAFKA_BROKERS'] ?? broker?.addresses.plain ?? null) : null
    const isInParts = options.path && brokers !== null
    const platform = isInParts
      ? await openInParts(directory, brokers)
      : await openInOneProcess(directory, brokers, options.path)
    const figures = await measured(platform, broker, rates)
    const log = options.kafka ? 'Kafka' : 'embedded log'
    const name = `API to decision, ${options.path ? 'decision path by itself' : 'whole platform'}, ${log}`
    const result: BenchResult = { name, how: how(isInParts, broker !== null), figures }
    console.log(JSON.stringify(result))
  } finally {
    await broker?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  process.exit(0)
}

/** What ran, and what is told of it. */
function how(isInParts: boolean, isBrokerOurs: boolean): string {
  const where = isInParts ? '; API and topologies are a process each, everything else was stopped after the setup' : ''
  const stopped = options.path && !isInParts ? '; on one thread, the other topologies and the sinks were stopped' : ''
  const broker = isBrokerOurs ? '\n  The broker runs on the same machine.' : ''
  const what = `Confirmed checkouts over HTTP from a thread of its own; ${options.path ? ALONE : WHOLE}`
  return `${what}${where}${stopped}.${broker}\n  ${MEANING}`
}

async function ownBroker(directory: string): Promise<KafkaBroker | null> {
  if (!options.kafka || process.env['KAFKA_BROKERS'] !== undefined) return null
  return KafkaBroker.start({ dataDir: join(directory, 'kafka'), heapMb: 512 })
}

async function measured(
  platform: MeasuredPlatform,
  broker: KafkaBroker | null,
  rates: readonly number[],
): Promise<BenchResult['figures']> {
  const { baseUrl, operatorToken, codeSecret } = platform
  const { quick } = options
  const plan: LoadPlan = {
    ...{ baseUrl, operatorToken, codeSecret, ownCheckouts: options.path },
    consumers: quick ? 40 : 200,
    warmUpPurchases: quick ? 300 : 2_000,
    rates: rates.map((perSecond) => ({ perSecond, purchases: perSecond * (quick ? 3 : 15) })),
    burstPurchases: quick ? 600 : 6_000,
  }
  const cpu = () => ({ platform: platform.cpuSeconds(), broker: cpuSecondsOf(broker?.pid ?? null) })
  let before = cpu()
  const report = await load(plan, {
    'set up': async () => (options.path ? platform.leaveThePath() : undefined),
    warm: async () => {
      platform.begin()
      before = cpu()
    },
  })
  const used = cpu()
  const ofLoad = platform.isInOurProcess ? report.cpuSeconds : 0
  const each = (seconds: number) => (seconds * 1_000) / report.decided
  const seen = platform.figures()
  await platform.close()
  return {
    ...Object.assign({}, ...report.paced.map(pacedFigures)),
    ...seen,
    'decisions per second, at most': report.decisionsPerSecond,
    'failed meanwhile': report.burstFailed,
    'processor time of a purchase, platform, ms': each(used.platform - before.platform - ofLoad),
    ...(broker === null ? {} : { 'processor time of a purchase, broker, ms': each(used.broker - before.broker) }),
  }
}

function pacedFigures({ perSecond, failed, decided, decisionMs, requestMs }: PacedReport) {
  return {
    [`API → decision at ${perSecond}/s, p50 ms`]: decisionMs.p50,
    [`API → decision at ${perSecond}/s, p99 ms`]: decisionMs.p99,
    [`whole request at ${perSecond}/s, p50 ms`]: requestMs.p50,
    [`whole request at ${perSecond}/s, p99 ms`]: requestMs.p99,
    [`failed at ${perSecond}/s, of ${decided + failed}`]: failed,
  }
}

/** Puts the load on. At each step of it our part is done before it goes on. */
function load(plan: LoadPlan, steps: Readonly<Record<'set up' | 'warm', () => Promise<void>>>): Promise<LoadReport> {
  const worker = new Worker(new URL('./decisions-worker.ts', import.meta.url), { workerData: plan })
  return new Promise((resolve, reject) => {
    worker.on('message', (message: LoadReport | keyof typeof steps) => {
      if (typeof message !== 'string') return resolve(message)
      steps[message]().then(() => worker.postMessage('go on'), reject)
    })
    worker.once('error', reject)
  })
}

await main()
