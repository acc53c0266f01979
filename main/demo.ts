import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Log } from '#streams'
import { businessTable, type DemoResult, demoJson, speedTable } from './demo/demo-result.ts'
import type { DriveNews, DriveOrder } from './demo/drive-worker.ts'
import { ProgressBar } from './demo/progress-bar.ts'
import { readPurchases } from './demo/purchases-file.ts'
import { type Platform, startPlatform } from './platform.ts'
import { readSources } from './reconciliation/read-sources.ts'
import { reconcile } from './reconciliation/reconcile.ts'
import { reconciliationTable } from './reconciliation/reconciliation-table.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'

const OPTIONS = [
  ['--purchases FILE', 'Purchases in the format of data/cdnow-sample.txt, which is the default.'],
  ['--limit N', 'Only the first N purchases.'],
  ['--keep', 'Leave the server running afterwards.'],
  ['--json', 'End with one line of JSON.'],
] as const

/** Long enough for a customer of the sample to stay signed in from the first purchase to the last. */
const SESSION_DAYS = 730
/** How long the read model of a run that was cut off may take to catch up. */
const CATCH_UP_MS = 120_000

/** One process on two cores: more partitions would only mean more and smaller transactions. */
const PARTITIONS = 2

type DemoOptions = {
  readonly purchases: string
  readonly limit: number
  readonly keep: boolean
  readonly json: boolean
}

/**
 * `npm run demo`: drives real purchases through the platform's HTTP API, day by day, and reconciles at the end. With
 * --data-dir a run that was cut off goes on where it was; without it the run starts from nothing and leaves nothing.
 */
async function main(): Promise<number> {
  const args = process.argv.slice(2)
  const otherFlags = { '--purchases': true, '--limit': true, '--keep': false, '--json': false }
  const ownDirectory = mkdtempSync(join(tmpdir(), 'fourfold-demo-'))
  const defaults = {
    CLOCK: 'manual',
    CLOCK_START: '1997-01-01',
    DATA_DIR: ownDirectory,
    PORT: 0,
    PARTITIONS,
    SESSION_DAYS,
  } as const
  try {
    const { settings, help } = readSettings({ env: process.env, args, otherFlags, defaults })
    if (help) {
      console.log(settingsHelp('npm run demo -- [options] [flags]', OPTIONS))
      return 0
    }
    return await run(settings, demoOptions(args))
  } finally {
    rmSync(ownDirectory, { recursive: true, force: true })
  }
}

async function run(settings: Settings, options: DemoOptions): Promise<number> {
  // Read here only so that a file that cannot be used is refused before anything starts.
  readPurchases(options.purchases, options.limit)
  const startedMs = performance.now()
  const platform = await startPlatform(settings, (error) => {
    console.error(wordsOf(error))
    process.exit(1)
  })
  try {
    // What a run that was cut off had under way is done, and can be looked up, before the day goes on.
    await platform.settle()
    await platform.sinks.postgres.catchUp(CATCH_UP_MS)
    const writtenBefore = await recordsWritten(platform.storage.log)
    const { refused, decisionMs } = await shop(platform, options)
    const sources = await readSources(platform)
    const elapsedSeconds = (performance.now() - startedMs) / 1_000
    const result: DemoResult = {
      totals: await platform.totals(),
      ...{ refused, decisionMs },
      eventsPerSecond: ((await recordsWritten(platform.storage.log)) - writtenBefore) / elapsedSeconds,
      elapsedSeconds,
      reconciliation: reconcile(sources),
    }
    return await report(platform, result, options)
  } finally {
    await platform.close()
  }
}

/** Lets the driver loose on the platform, in a thread of its own, and shows how far it is. */
function shop({ settings, server, providers, operatorToken }: Platform, { purchases, limit }: DemoOptions) {
  const order: DriveOrder = {
    ...{ purchasesPath: purchases, limit, operatorToken },
    journalPath: join(settings.DATA_DIR, 'demo.jsonl'),
    baseUrl: server.localUrl,
    gatewayUrl: providers.urls.gateway,
  }
  const worker = new Worker(new URL('./demo/drive-worker.ts', import.meta.url), { workerData: order })
  const bar = new ProgressBar(process.stderr)
  return new Promise<Extract<DriveNews, { kind: 'end' }>>((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', (news: DriveNews) => {
      if (news.kind === 'progress') return bar.show(news.date, news.done, news.total)
      bar.end()
      resolve(news)
    })
  })
}

async function report(platform: Platform, result: DemoResult, options: DemoOptions): Promise<number> {
  const differences = result.reconciliation.filter((line) => !line.equal)
  console.log(`\n${businessTable(result)}\n\n${speedTable(result)}`)
  console.log('\nReconciliation: topics = stores = PostgreSQL = ClickHouse = ledger\n')
  console.log(reconciliationTable(result.reconciliation))
  console.log(differences.length === 0 ? '\nReconciled to the cent.' : `\n${differences.length} lines DIFFER.`)
  if (options.json) console.log(demoJson(result))
  if (options.keep) await untilInterrupted(platform)
  return differences.length === 0 ? 0 : 1
}

function untilInterrupted({ server, operatorToken }: Platform): Promise<void> {
  console.log(`\nStill running: ${server.publicUrl}/ops#token=${operatorToken}. Ctrl-C stops it.`)
  return new Promise((resolve) => process.once('SIGINT', () => resolve()))
}

async function recordsWritten(log: Log): Promise<number> {
  const topics = await log.topics()
  const partitions = topics.flatMap(({ name, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
  )
  return (await log.endOffsets(partitions)).reduce((sum, { offset }) => sum + offset, 0)
}

function demoOptions(args: readonly string[]): DemoOptions {
  const textOf = (flag: string) => {
    const inline = args.find((arg) => arg.startsWith(`${flag}=`))
    const index = args.indexOf(flag)
    return inline === undefined ? (index < 0 ? undefined : args[index + 1]) : inline.slice(flag.length + 1)
  }
  const limit = textOf('--limit')
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) {
    throw new StartError('SETTINGS_INVALID', `--limit is ${JSON.stringify(limit)}: it must be a whole number from 1.`)
  }
  return {
    purchases: textOf('--purchases') ?? new URL('../data/cdnow-sample.txt', import.meta.url).pathname,
    limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit),
    keep: args.includes('--keep'),
    json: args.includes('--json'),
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(wordsOf(error))
    process.exit(1)
  },
)
