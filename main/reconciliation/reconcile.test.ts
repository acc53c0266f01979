import { describe, expect, test } from 'vitest'
import { type ReconciliationLine, type ReconciliationSources, reconcile, type SourceName } from './reconcile.ts'
import { reconciliationTable } from './reconciliation-table.ts'
import { Sums } from './sums.ts'

/** Sums under their measures, all in one currency. */
function sums(currency: string, amounts: Readonly<Record<string, number>>): Sums {
  const all = new Sums()
  for (const [measure, amount] of Object.entries(amounts)) all.add(measure, currency, amount)
  return all
}

const BALANCE = { currency: 'USD', balance: { holdMinor: 0, outstandingMinor: 75, feesMinor: 0, depositMinor: 0 } }

/** A purchase of 1.00 of which 0.25 is paid, as each source sees it. */
function sources(): ReconciliationSources {
  const queried = () => ({
    sums: sums('USD', {
      ...{ 'decisions.approved': 100, 'purchases.authorised': 100, captures: 100, 'plans.outstanding': 75 },
      ...{ 'credit.outstanding': 75, 'payments.succeeded': 25, 'settlement.fees': 4 },
    }),
    plans: new Map([['pln_1', 75]]),
    accounts: new Map([['assets:cash USD', 25]]),
  })
  const account = { balanceMinor: 25 } as never
  return {
    topics: {
      sums: sums('USD', {
        ...{ approved: 100, authorised: 100, captured: 100, outstanding: 75, exposure: 75, collected: 25 },
        ...{ merchantFees: 4, 'entries.CAPTURE': 100 },
      }),
      plans: new Map([['pln_1', BALANCE as never]]),
      accounts: new Map([['assets:cash USD', account]]),
    },
    stores: {
      sums: sums('USD', {
        ...{ authorised: 100, captured: 100, outstanding: 75, exposure: 75, payable: 96 },
        'ledger.assets:consumer-receivable': 75,
        ...{ 'debits.assets:cash': 25, 'ledger.assets:cash': 25 },
        ...{ 'ledger.liabilities:merchant-payable': -96, 'ledger.income:merchant-fees': -4 },
      }),
      plans: new Map([['pln_1', 75]]),
      accounts: new Map([['assets:cash USD', 25]]),
    },
    postgres: queried(),
    clickhouse: queried(),
  }
}

const differing = (lines: readonly ReconciliationLine[]) => lines.filter(({ equal }) => !equal).map(({ name }) => name)

describe('the reconciliation', () => {
  test('finds no difference where every source has the same, and shows each number', () => {
    const lines = reconcile(sources())
    expect(differing(lines)).toEqual([])
    const table = reconciliationTable(lines)
    expect(table).toMatch(/✓ {2}captured, USD +1\.00 +1\.00 +1\.00 +1\.00 +1\.00/)
    expect(table).not.toContain('✗')
  })

  test.each<[SourceName, (found: ReconciliationSources) => void, string[]]>([
    ['topics', ({ topics }) => topics.sums.add('approved', 'USD', 1), ['approved']],
    ['stores', ({ stores }) => stores.sums.add('authorised', 'USD', 1), ['authorised']],
    ['postgres', ({ postgres }) => postgres.sums.add('decisions.approved', 'USD', -1), ['approved']],
    ['clickhouse', ({ clickhouse }) => clickhouse?.sums.add('decisions.approved', 'USD', 1), ['approved']],
    ['ledger', ({ stores }) => stores.sums.add('debits.assets:cash', 'USD', 1), ['collected']],
  ])('names the line where %s differ by one cent', (source, spoil, names) => {
    const found = sources()
    spoil(found)
    const lines = reconcile(found)
    expect(differing(lines)).toEqual(names)
    const [first] = lines.filter(({ equal }) => !equal)
    expect(first?.values[source]).not.toBeNull()
    expect(reconciliationTable(lines)).toContain('✗')
  })

  test('finds a plan and an account that only one source has, or has otherwise', () => {
    const found = sources()
    ;(found.postgres.plans as Map<string, number>).set('pln_2', 1)
    ;(found.stores.accounts as Map<string, number>).set('assets:cash USD', 24)
    const lines = reconcile(found)
    expect(differing(lines)).toEqual(['plans that differ', 'accounts that differ'])
    expect(lines.at(-2)?.values).toMatchObject({ topics: 0, stores: 0, postgres: 1, clickhouse: 0 })
  })

  test('finds money in a currency that only one source knows', () => {
    const found = sources()
    found.postgres.sums.add('captures', 'EUR', 5)
    const [line] = reconcile(found).filter(({ equal, currency }) => !equal && currency === 'EUR')
    expect(line).toMatchObject({ name: 'captured', values: { topics: 0, postgres: 5 } })
  })

  test('goes without ClickHouse where there is none, and leaves its column empty', () => {
    const lines = reconcile({ ...sources(), clickhouse: null })
    expect(differing(lines)).toEqual([])
    expect(lines.every(({ values }) => values.clickhouse === null)).toBe(true)
  })
})
