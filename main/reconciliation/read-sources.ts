import { reconciliationSums as clickhouseSums } from '#sinks/clickhouse/read/reconciliation.ts'
import { reconciliationBalances as clickhouseBalances } from '#sinks/clickhouse/read/reconciliation-balances.ts'
import { reconciliationSums as postgresSums } from '#sinks/postgres/read/reconciliation.ts'
import { reconciliationBalances as postgresBalances } from '#sinks/postgres/read/reconciliation-balances.ts'
import type { Platform } from '../platform.ts'
import type { QuerySums, ReconciliationSources } from './reconcile.ts'
import { addedSums, type ListedStoreSums, listedSums, type StoreSums, storeSums } from './store-sums.ts'
import { Sums } from './sums.ts'
import { topicSums } from './topic-sums.ts'

type SumRow = { readonly measure: string; readonly currency: string; readonly sumMinor: number }
type BalanceRow = { readonly kind: 'plan' | 'account'; readonly key: string; readonly amountMinor: number }

const CATCH_UP_MS = 120_000
const STORE_SUMS_MS = 120_000

/**
 * Reads every source when nothing moves: the platform has come to rest and the sinks have caught up.
 * @throws Error where it does not come to rest, or a sink does not catch up.
 */
export async function readSources(platform: Platform): Promise<ReconciliationSources> {
  const { storage, schemas, sinks } = platform
  if (!(await platform.settle())) throw new Error('The platform does not come to rest; /ops shows what is behind.')
  const caughtUp = await Promise.all([
    sinks.postgres.catchUp(CATCH_UP_MS),
    sinks.clickhouse?.runner.catchUp(CATCH_UP_MS) ?? true,
  ])
  if (!caughtUp.every(Boolean)) throw new Error('A sink has not caught up; /ops shows which one, and why.')
  return {
    topics: await topicSums(storage.log, schemas),
    stores: await allStoreSums(platform),
    postgres: querySums(await postgresSums(sinks.database), await postgresBalances(sinks.database)),
    clickhouse:
      sinks.clickhouse === null
        ? null
        : querySums(
            await clickhouseSums(sinks.clickhouse.analytics),
            await clickhouseBalances(sinks.clickhouse.analytics),
          ),
  }
}

/** The stores of the main thread and those of the others. */
async function allStoreSums({ running, peers }: Platform): Promise<StoreSums> {
  const elsewhere = peers
    .neighbours()
    .map((thread) => peers.ask<ListedStoreSums>(thread, { kind: 'store-sums' }, STORE_SUMS_MS))
  return addedSums([listedSums(await storeSums(running.apps)), ...(await Promise.all(elsewhere))])
}

function querySums(rows: readonly SumRow[], balances: readonly BalanceRow[]): QuerySums {
  const sums = new Sums()
  for (const { measure, currency, sumMinor } of rows) sums.add(measure, currency, Number(sumMinor))
  const of = (kind: BalanceRow['kind']) =>
    new Map(balances.filter((row) => row.kind === kind).map((row) => [row.key, Number(row.amountMinor)]))
  return { sums, plans: of('plan'), accounts: of('account') }
}
