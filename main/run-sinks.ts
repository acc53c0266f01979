import type { Analytics } from '#sinks/clickhouse/analytics.ts'
import { clickhouseSink } from '#sinks/clickhouse/sink.ts'
import type { SinkRunner, SinkStatus } from '#sinks/feed/sink-runner.ts'
import type { Database } from '#sinks/postgres/database.ts'
import { postgresSink } from '#sinks/postgres/sink.ts'
import type { Closers } from './closers.ts'
import type { Databases } from './databases.ts'
import type { Foundation } from './foundation.ts'

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
  status(): Promise<readonly SinkState[]>
}

/** Starts the sinks: into PostgreSQL and, where there is one, into ClickHouse. */
export async function runSinks(
  { settings, storage, schemas }: Foundation,
  { database, analytics }: Databases,
  closers: Closers,
): Promise<RunningSinks> {
  const { log, instanceId } = storage
  // An embedded database is of this process alone, which then copies everything.
  const sharer = (url: string | null) => (url !== null && log.capabilities.crossProcess ? instanceId : undefined)
  const postgres = postgresSink({ log, schemas, database, instanceId: sharer(settings.DATABASE_URL) })
  await postgres.start()
  closers.add('the PostgreSQL sink', () => postgres.stop())
  if ('missing' in analytics) {
    const missing = { name: 'clickhouse', state: 'missing', lag: 0, rows: 0, problem: analytics.missing } as const
    return { database, postgres, clickhouse: null, status: async () => [await postgres.status(), missing] }
  }
  const { store } = analytics
  const runner = clickhouseSink({ log, schemas, analytics: store, instanceId: sharer(settings.CLICKHOUSE_URL) })
  await runner.start()
  closers.add('the ClickHouse sink', () => runner.stop())
  return {
    ...{ database, postgres, clickhouse: { analytics: store, runner } },
    status: () => Promise.all([postgres.status(), runner.status()]),
  }
}
