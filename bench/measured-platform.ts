/** What the load of `api-decisions.ts` is put on: the platform in one process, or its parts as production runs them. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { connectorSecrets } from '#main/api-secrets.ts'
import { type Platform, startPlatform } from '#main/platform.ts'
import { readSettings } from '#main/settings.ts'
import { startRealPostgres } from '#sinks/testing/real-postgres.ts'
import { endPrograms, Program } from '#test/program.ts'
import { cpuSecondsOf } from './process-cpu.ts'

/** A platform that can be measured. */
export type MeasuredPlatform = {
  readonly baseUrl: string
  readonly operatorToken: string
  /** One-time codes are made with it. */
  readonly codeSecret: string
  /** Stops all that does not lie between a request and its answer. */
  leaveThePath(): Promise<void>
  /** What counts begins now. */
  begin(): void
  /** What was seen of the event loop since `begin`, where it is ours to see. */
  figures(): Readonly<Record<string, number>>
  /** Seconds of processor time so far. */
  cpuSeconds(): number
  /** Whether that is the time of this process, and so that of the load too. */
  readonly isInOurProcess: boolean
  close(): Promise<void>
}

/**
 * What a confirmation asks or waits for: the session (`consumers`), the checkout (`merchants`), the card (`payments`),
 * the decision, and the plan and the purchase whose authorisation is its answer.
 */
export const PATH_TOPOLOGIES: readonly string[] = [
  ...['credit', 'consumers', 'merchants', 'payments'],
  ...['purchases', 'installments'],
]
const OTHER_TOPOLOGIES = ['settlement', 'webhooks', 'ledger', 'statements', 'notifications', 'audit']

const DEFAULTS = { PORT: 0, CLOCK: 'manual', REQUESTS_PER_MINUTE_MAX: 10_000_000 } as const
const UP_MS = 180_000

/**
 * The whole platform in this process, on the embedded log or on these brokers. To leave the path, all topologies have
 * to be on the main thread.
 */
export async function openInOneProcess(
  directory: string,
  brokers: string | null,
  leavesPath: boolean,
): Promise<MeasuredPlatform> {
  const env = { ...(brokers === null ? {} : { KAFKA_BROKERS: brokers }), ...(leavesPath ? { THREADS: '0' } : {}) }
  const { settings } = readSettings({ env, defaults: { ...DEFAULTS, DATA_DIR: join(directory, 'data') } })
  const platform = await startPlatform(settings, (error) => {
    console.error(error)
    process.exit(1)
  })
  const loop = monitorEventLoopDelay({ resolution: 1 })
  return {
    baseUrl: platform.server.localUrl,
    operatorToken: platform.operatorToken,
    codeSecret: connectorSecrets(settings).tokenSecret,
    leaveThePath: () => stopOthers(platform),
    begin: () => loop.enable(),
    figures: () => ({
      'held up, p99 ms': loop.percentile(99) / 1e6,
      'held up, at most ms': loop.max / 1e6,
      'peak memory, MB': process.resourceUsage().maxRSS / 1_024,
    }),
    cpuSeconds: () => cpuSecondsOf(process.pid),
    isInOurProcess: true,
    close: () => platform.close(),
  }
}

/** Connectors stay: nothing asks them for anything any more. */
async function stopOthers({ running, sinks }: Platform): Promise<void> {
  for (const name of OTHER_TOPOLOGIES) {
    const app = running.apps.get(name)
    if (app === undefined) throw new Error(`The topology ${name} does not run on this thread, so it cannot be stopped.`)
    await app.close()
  }
  await sinks.postgres.stop()
  await sinks.clickhouse?.runner.stop()
}

/** The parts in processes of their own, with a PostgreSQL server; `leaveThePath` ends those that are not on it. */
export async function openInParts(directory: string, brokers: string): Promise<MeasuredPlatform> {
  const postgres = await startRealPostgres()
  const secret = () => randomBytes(16).toString('hex')
  const [operatorToken, codeSecret] = [secret(), secret()]
  const env = {
    ...{ KAFKA_BROKERS: brokers, DATABASE_URL: postgres.url, ADMIN_TOKEN: operatorToken },
    ...{ QUERY_SECRET: secret(), TOKEN_SECRET: codeSecret, CLOCK: 'manual' },
    REQUESTS_PER_MINUTE_MAX: String(DEFAULTS.REQUESTS_PER_MINUTE_MAX),
  }
  const start = (name: string, ...args: readonly string[]) =>
    new Program('main/part.ts', [...args, '--data-dir', join(directory, name), '--port', '0'], env)
  const others = [
    start('others', 'topologies', ...OTHER_TOPOLOGIES),
    ...[start('connectors', 'connectors'), start('sinks', 'sinks')],
  ]
  const topologies = start('path', 'topologies', ...PATH_TOPOLOGIES)
  const api = start('api', 'api')
  const [baseUrl] = (await Promise.all([api, topologies, ...others].map(urlOf))) as [string]
  return {
    ...{ baseUrl, operatorToken, codeSecret },
    leaveThePath: async () => {
      for (const program of others) program.signal('SIGTERM')
      await Promise.all(others.map(({ ended }) => ended))
    },
    begin: () => undefined,
    figures: () => ({}),
    cpuSeconds: () => cpuSecondsOf(api.pid) + cpuSecondsOf(topologies.pid),
    isInOurProcess: false,
    close: async () => {
      await endPrograms()
      await postgres.stop()
    },
  }
}

/** Where a part says that it is, when it is up. */
async function urlOf(part: Program): Promise<string> {
  const [, url = ''] = await part.says(/Health +(http:\S+)\/healthz/, UP_MS)
  return url
}
