import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Log } from '#streams'
import { connectorSecrets } from './api-secrets.ts'
import { businessTable, type DemoResult, demoJson, speedTable } from './demo/demo-result.ts'
import type { DriveNews, DriveOrder } from './demo/drive-worker.ts'
import { ProgressBar } from './demo/progress-bar.ts'
import { readPurchases } from './demo/purchases-file.ts'
import { type Platform, startPlatform } from './platform.ts'
import { INTERRUPTED, ProcessEnd } from './process-end.ts'
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
/** Customers of the demo sign in once: its time jumps by days. */
const ACCESS_MINUTES = SESSION_DAYS * 24 * 60
/** How long the read model of a run that was cut off may take to catch up. */
const CATCH_UP_MS = 120_000

/** One process on two cores: more partitions would only mean more and smaller transactions. */
const PARTITIONS = 2

/** Stands for a directory that is made for this run and goes with it. */
const OWN_DIRECTORY = 'a new one, for this run only'

const DEFAULTS = {
  CLOCK: 'manual',
  CLOCK_START: '1997-01-01',
  DATA_DIR: OWN_DIRECTORY,
  PORT: 0,
  PARTITIONS,
  SESSION_DAYS,
  ACCESS_MINUTES,
} as const

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
async function main(): Promise<void> {
  const { settings, help, own, hints } = readSettings({
    env: process.env,
    args: process.argv.slice(2),
    ownFlags: { '--purchases': true, '--limit': true, '--keep': false, '--json': false },
    defaults: DEFAULTS,
  })
  if (help) {
    console.log(settingsHelp('npm run demo -- [options] [flags]', OPTIONS, DEFAULTS))
    return
  }
  const options = demoOptions(own)
  // Read here only so that a file that cannot be used is refused before anything starts.
  readPurchases(options.purchases, options.limit)
  for (const hint of hints) console.warn(hint)
  if (settings.DATA_DIR !== OWN_DIRECTORY) return run(settings, options)
  const ownDirectory = mkdtempSync(join(tmpdir(), 'fourfold-demo-'))
  // Also where the run is interrupted, or fails.
  process.once('exit', () => rmSync(ownDirectory, { recursive: true, force: true }))
  return run({ ...settings, DATA_DIR: ownDirectory }, options)
}

async function run(settings: Settings, options: DemoOptions): Promise<void> {
  const startedMs = performance.now()
  let platform: Platform | undefined
  const end = new ProcessEnd(async () => platform?.close())
  let code = INTERRUPTED
  end.onSignals(() => code, '\nStopping.')
  const failed = (error: unknown) => {
    // Once it is on its way to its end, what fails fails for that reason.
    if (!end.begun) console.error(wordsOf(error))
    void end.withCode(1)
  }
  try {
    platform = await startPlatform(settings, failed)
    const result = await play(platform, options, startedMs)
    report(result, options)
    code = result.reconciliation.every((line) => line.equal) ? 0 : 1
    if (options.keep) sayStillRunning(platform)
    else void end.withCode(code)
  } catch (error) {
    failed(error)
  }
}

async function play(platform: Platform, options: DemoOptions, startedMs: number): Promise<DemoResult> {
  // What a run that was cut off had under way is done, and can be looked up, before the day goes on.
  await platform.settle()
  await platform.sinks.postgres.catchUp(CATCH_UP_MS)
  const writtenBefore = await recordsWritten(platform.storage.log)
  const { refused, decisionMs } = await shop(platform, options)
  const sources = await readSources(platform)
  const elapsedSeconds = (performance.now() - startedMs) / 1_000
  return {
    totals: await platform.totals(),
    ...{ refused, decisionMs },
    eventsPerSecond: ((await recordsWritten(platform.storage.log)) - writtenBefore) / elapsedSeconds,
    elapsedSeconds,
    reconciliation: reconcile(sources),
  }
}

/** Lets the driver loose on the platform, in a thread of its own, and shows how far it is. */
function shop({ settings, server, providers, operatorToken }: Platform, { purchases, limit }: DemoOptions) {
  const order: DriveOrder = {
    ...{ purchasesPath: purchases, limit, operatorToken },
    journalPath: join(settings.DATA_DIR, 'demo.jsonl'),
    baseUrl: server.localUrl,
    gatewayUrl: providers.urls.gateway,
    codeSecret: connectorSecrets(settings).tokenSecret,
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

function report(result: DemoResult, options: DemoOptions): void {
  const differences = result.reconciliation.filter((line) => !line.equal)
  console.log(`\n${businessTable(result)}\n\n${speedTable(result)}`)
  console.log('\nReconciliation: topics = stores = PostgreSQL = ClickHouse = ledger\n')
  console.log(reconciliationTable(result.reconciliation))
  console.log(differences.length === 0 ? '\nReconciled to the cent.' : `\n${differences.length} lines DIFFER.`)
  if (options.json) console.log(demoJson(result))
}

/** The server stays up by itself; Ctrl-C ends it. */
function sayStillRunning({ server, operatorToken }: Platform): void {
  console.error(`\nStill running: ${server.publicUrl}/ops#token=${operatorToken}. Ctrl-C stops it.`)
}

async function recordsWritten(log: Log): Promise<number> {
  const topics = await log.topics()
  const partitions = topics.flatMap(({ name, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
  )
  return (await log.endOffsets(partitions)).reduce((sum, { offset }) => sum + offset, 0)
}

function demoOptions(own: ReadonlyMap<string, string>): DemoOptions {
  const limit = own.get('--limit')
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) {
    throw new StartError('SETTINGS_INVALID', `--limit is ${JSON.stringify(limit)}: it must be a whole number from 1.`)
  }
  return {
    purchases: own.get('--purchases') ?? fileURLToPath(new URL('../data/cdnow-sample.txt', import.meta.url)),
    limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit),
    keep: own.has('--keep'),
    json: own.has('--json'),
  }
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
