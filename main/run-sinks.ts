import { join } from 'node:path'
import type { MerchantAnalytics } from '#api/reads.ts'
import type { Schemas } from '#schemas'
import type { Analytics } from '#sinks/clickhouse/analytics.ts'
import { openChdbAnalytics } from '#sinks/clickhouse/chdb-analytics.ts'
import { merchantDays } from '#sinks/clickhouse/read/merchant-days.ts'
import { openServerAnalytics } from '#sinks/clickhouse/server-analytics.ts'
import { clickhouseSink } from '#sinks/clickhouse/sink.ts'
import type { SinkRunner, SinkStatus } from '#sinks/feed/sink-runner.ts'
import type { Database } from '#sinks/postgres/database.ts'
import { openPgliteDatabase } from '#sinks/postgres/pglite-database.ts'
import { openPoolDatabase } from '#sinks/postgres/pool-database.ts'
import { postgresSink } from '#sinks/postgres/sink.ts'
import { isStreamsError } from '#streams'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'

/** How a sink is doing; `missing` where its store cannot be had on this machine. */
export type SinkState = {
  readonly name: string
  readonly state: SinkStatus['state'] | 'missing'
  readonly lag: number
  readonly rows: number
  readonly problem: string | null
}

/** The sinks at work, and what they write to. */
export type RunningSinks = {
  readonly database: Database
  readonly postgres: SinkRunner
  /** Null where no analytics store can be had. */
  readonly clickhouse: { readonly analytics: Analytics; readonly runner: SinkRunner } | null
  readonly merchantAnalytics: MerchantAnalytics
  status(): Promise<readonly SinkState[]>
}

/** Starts the sinks: PostgreSQL and ClickHouse, the embedded ones where no URL is set. */
export async function runSinks(
  settings: Settings,
  { log, instanceId }: Storage,
  schemas: Schemas,
  closers: Closers,
): Promise<RunningSinks> {
  // An embedded database is of this process alone, which then copies everything.
  const shared = (url: string | null) => (url !== null && log.capabilities.crossProcess ? instanceId : undefined)
  const database =
    settings.DATABASE_URL === null
      ? await openPgliteDatabase(join(settings.DATA_DIR, 'postgres'))
      : await openPoolDatabase(settings.DATABASE_URL)
  closers.add('the database', () => database.close())
  const postgres = postgresSink({ log, schemas, database, instanceId: shared(settings.DATABASE_URL) })
  await postgres.start()
  closers.add('the PostgreSQL sink', () => postgres.stop())
  const opened = await openAnalytics(settings, closers)
  if ('missing' in opened) {
    const missing = { name: 'clickhouse', state: 'missing', lag: 0, rows: 0, problem: opened.missing } as const
    return {
      ...{ database, postgres, clickhouse: null },
      merchantAnalytics: { days: () => Promise.resolve(null) },
      status: async () => [await postgres.status(), missing],
    }
  }
  const { analytics } = opened
  const runner = clickhouseSink({ log, schemas, analytics, instanceId: shared(settings.CLICKHOUSE_URL) })
  await runner.start()
  closers.add('the ClickHouse sink', () => runner.stop())
  return {
    ...{ database, postgres, clickhouse: { analytics, runner } },
    merchantAnalytics: { days: (merchantId, from, to) => merchantDays(analytics, merchantId, from, to) },
    status: () => Promise.all([postgres.status(), runner.status()]),
  }
}

/** A machine without chdb still runs the platform; the status says what is missing and how to get it. */
async function openAnalytics(
  settings: Settings,
  closers: Closers,
): Promise<{ readonly analytics: Analytics } | { readonly missing: string }> {
  try {
    const analytics =
      settings.CLICKHOUSE_URL === null
        ? await openChdbAnalytics(join(settings.DATA_DIR, 'clickhouse'))
        : await openServerAnalytics(settings.CLICKHOUSE_URL)
    closers.add('the analytics store', () => analytics.close())
    return { analytics }
  } catch (error) {
    if (!isStreamsError(error, 'ANALYTICS_MISSING')) throw error
    return { missing: error.message }
  }
}
