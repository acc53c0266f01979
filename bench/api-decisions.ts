import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { connectorSecrets } from '#main/api-secrets.ts'
import { startPlatform } from '#main/platform.ts'
import { readSettings } from '#main/settings.ts'
import { KafkaBroker } from '#streams/testing/kafka-broker'
import type { LoadPlan, LoadReport, PacedReport } from './decisions-worker.ts'
import type { BenchResult } from './run.ts'

/**
 * From the API to the decision, on the whole platform in one process: purchases of many consumers at steady rates, then
 * as many as it takes. The load comes from a thread of its own over HTTP. `--rates 200,1000` are the rates a second;
 * `--kafka` puts the log on a Kafka broker, the one that KAFKA_BROKERS names or else one of its own.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rates: { type: 'string', default: '200' },
    kafka: { type: 'boolean', default: false },
  },
})

const HOW =
  'Confirmed checkouts over HTTP from a thread of its own, the whole platform in one process.\n  Decision: from ' +
  'the request in the API until the decision is in the log and heard (Server-Timing).\n  Requests start when ' +
  'they are due, whether or not earlier ones are answered. Held up: how late the event loop of\n  the platform ' +
  'came to what was due.'

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-bench-'))
  const broker = await ownBroker(directory)
  try {
    const brokers = process.env['KAFKA_BROKERS'] ?? broker?.addresses.plain
    const env = options.kafka && brokers !== undefined ? { KAFKA_BROKERS: brokers } : {}
    const figures = await measured(directory, env)
    const log = options.kafka ? 'Kafka' : 'embedded log'
    const result: BenchResult = { name: `API to decision, whole platform, ${log}`, how: HOW, figures }
    console.log(JSON.stringify(result))
  } finally {
    await broker?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  process.exit(0)
}

async function ownBroker(directory: string): Promise<KafkaBroker | null> {
  if (!options.kafka || process.env['KAFKA_BROKERS'] !== undefined) return null
  return KafkaBroker.start({ dataDir: join(directory, 'kafka'), heapMb: 512 })
}

async function measured(directory: string, env: Readonly<Record<string, string>>): Promise<BenchResult['figures']> {
  const own = join(directory, 'data')
  const defaults = { DATA_DIR: own, PORT: 0, CLOCK: 'manual', REQUESTS_PER_MINUTE_MAX: 10_000_000 } as const
  const { settings } = readSettings({ env, defaults })
  const platform = await startPlatform(settings, (error) => {
    console.error(error)
    process.exit(1)
  })
  const rates = options.rates.split(',').map(Number)
  if (rates.some((rate) => !(rate > 0))) throw new Error(`--rates ${options.rates}: give numbers above 0.`)
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const report = await load(
    {
      baseUrl: platform.server.localUrl,
      gatewayUrl: platform.providers.urls.gateway,
      operatorToken: platform.operatorToken,
      codeSecret: connectorSecrets(settings).tokenSecret,
      consumers: options.quick ? 40 : 200,
      rates: rates.map((perSecond) => ({ perSecond, purchases: perSecond * (options.quick ? 3 : 30) })),
      burstPurchases: options.quick ? 600 : 6_000,
    },
    () => loop.enable(),
  )
  await platform.close()
  return {
    ...Object.assign({}, ...report.paced.map(pacedFigures)),
    'held up, p99 ms': loop.percentile(99) / 1e6,
    'held up, at most ms': loop.max / 1e6,
    'decisions per second, at most': report.decisionsPerSecond,
    'peak memory, MB': process.resourceUsage().maxRSS / 1_024,
  }
}

function pacedFigures({ perSecond, decisionMs, requestMs }: PacedReport): Readonly<Record<string, number>> {
  return {
    [`API → decision at ${perSecond}/s, p50 ms`]: decisionMs.p50,
    [`API → decision at ${perSecond}/s, p99 ms`]: decisionMs.p99,
    [`whole request at ${perSecond}/s, p50 ms`]: requestMs.p50,
    [`whole request at ${perSecond}/s, p99 ms`]: requestMs.p99,
  }
}

/** Puts the load on; `onReady` is called when everything is set up and what counts begins. */
function load(plan: LoadPlan, onReady: () => void): Promise<LoadReport> {
  const worker = new Worker(new URL('./decisions-worker.ts', import.meta.url), { workerData: plan })
  return new Promise((resolve, reject) => {
    worker.on('message', (message: LoadReport | 'ready') => (message === 'ready' ? onReady() : resolve(message)))
    worker.once('error', reject)
  })
}

await main()
