import { join } from 'node:path'
import type { AppliedPositions } from '#api/ports.ts'
import type { MerchantAnalytics } from '#api/reads.ts'
import type { Analytics } from '#sinks/clickhouse/analytics.ts'
import { openChdbAnalytics } from '#sinks/clickhouse/chdb-analytics.ts'
import { merchantDays } from '#sinks/clickhouse/read/merchant-days.ts'
import { openServerAnalytics } from '#sinks/clickhouse/server-analytics.ts'
import type { Database } from '#sinks/postgres/database.ts'
import { migrate } from '#sinks/postgres/migrate.ts'
import { openPgliteDatabase } from '#sinks/postgres/pglite-database.ts'
import { openPoolDatabase } from '#sinks/postgres/pool-database.ts'
import { databasePositions } from '#sinks/postgres/read/applied.ts'
import { isStreamsError } from '#streams'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'

/** The databases of this process; embedded ones are open to nobody else. */
export type Databases = {
  readonly database: Database
  /** Or why there is none. */
  readonly analytics: { readonly store: Analytics } | { readonly missing: string }
}

/** What the API reads of the databases. */
export type ReadSide = {
  readonly database: Database
  /** How far the read model has come. */
  readonly applied: AppliedPositions
  readonly merchantAnalytics: MerchantAnalytics
}

/**
 * Opens the databases of the settings; where no URL is set the embedded ones, unless `isAlone` is false: then sinks and
 * readers are processes of their own, and there is no analytics without a server.
 */
export async function openDatabases(settings: Settings, isAlone: boolean, closers: Closers): Promise<Databases> {
  const database =
    settings.DATABASE_URL === null
      ? await openPgliteDatabase(join(settings.DATA_DIR, 'postgres'))
      : await openPoolDatabase(settings.DATABASE_URL)
  closers.add('the database', () => database.close())
  return { database, analytics: await openAnalytics(settings, isAlone, closers) }
}

/** The read side of a process without sinks. The tables are made by whoever is first. */
export async function openReadSide(databases: Databases): Promise<ReadSide> {
  await migrate(databases.database)
  return readSide(databases, databasePositions(databases.database))
}

/** The read side, with somebody who says how far the read model has come. */
export function readSide({ database, analytics }: Databases, applied: AppliedPositions): ReadSide {
  const store = 'store' in analytics ? analytics.store : null
  return {
    database,
    applied,
    merchantAnalytics: {
      days: (merchantId, from, to) =>
        store === null ? Promise.resolve(null) : merchantDays(store, merchantId, from, to),
    },
  }
}

/** A machine without chdb still runs the platform; the status says what is missing and how to get it. */
async function openAnalytics(settings: Settings, isAlone: boolean, closers: Closers): Promise<Databases['analytics']> {
  const { CLICKHOUSE_URL, DATA_DIR } = settings
  if (CLICKHOUSE_URL === null && !isAlone) return { missing: 'There are no analytics: CLICKHOUSE_URL is not set.' }
  try {
    const store =
      CLICKHOUSE_URL === null
        ? await openChdbAnalytics(join(DATA_DIR, 'clickhouse'))
        : await openServerAnalytics(CLICKHOUSE_URL)
    closers.add('the analytics store', () => store.close())
    return { store }
  } catch (error) {
    if (!isStreamsError(error, 'ANALYTICS_MISSING')) throw error
    return { missing: error.message }
  }
}
