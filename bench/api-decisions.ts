import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { startPlatform } from '#main/platform.ts'
import { readSettings } from '#main/settings.ts'
import type { LoadPlan, LoadReport } from './decisions-worker.ts'
import type { BenchResult } from './run.ts'

/**
 * From the API to the decision, on the whole platform in one process: purchases of many consumers at a steady 200 a
 * second, then as many as it takes. The load comes from a thread of its own over HTTP.
 */
const quick = process.argv.includes('--quick')

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-bench-'))
  const defaults = { DATA_DIR: directory, PORT: 0, CLOCK: 'manual', REQUESTS_PER_MINUTE_MAX: 10_000_000 } as const
  try {
    const { settings } = readSettings({ env: {}, defaults })
    const platform = await startPlatform(settings, (error) => {
      console.error(error)
      process.exit(1)
    })
    const report = await load({
      baseUrl: platform.server.localUrl,
      gatewayUrl: platform.providers.urls.gateway,
      operatorToken: platform.operatorToken,
      consumers: quick ? 40 : 200,
      pacedPerSecond: 200,
      pacedPurchases: quick ? 600 : 6_000,
      burstPurchases: quick ? 600 : 6_000,
    })
    await platform.close()
    const figures = {
      'API → decision at 200/s, p50 ms': report.decisionMs.p50,
      'API → decision at 200/s, p99 ms': report.decisionMs.p99,
      'whole request at 200/s, p50 ms': report.requestMs.p50,
      'whole request at 200/s, p99 ms': report.requestMs.p99,
      'decisions per second, at most': report.decisionsPerSecond,
      'peak memory, MB': process.resourceUsage().maxRSS / 1_024,
    }
    const how =
      'Confirmed checkouts over HTTP from a thread of its own, the whole platform in one process.\n  Decision: from ' +
      'the request in the API until the decision is in the log and heard (Server-Timing).\n  Requests start when ' +
      'they are due, whether or not earlier ones are answered.'
    const result: BenchResult = { name: 'API to decision, whole platform, embedded log', how, figures }
    console.log(JSON.stringify(result))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  process.exit(0)
}

function load(plan: LoadPlan): Promise<LoadReport> {
  const worker = new Worker(new URL('./decisions-worker.ts', import.meta.url), { workerData: plan })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

await main()
