import type { StoreSums } from './store-sums.ts'
import type { Sums } from './sums.ts'
import type { TopicSums } from './topic-sums.ts'

/** Where a number was read. */
export type SourceName = 'topics' | 'stores' | 'postgres' | 'clickhouse' | 'ledger'

/** One number, as each source has it. Amounts in minor units; null where a source does not keep it. */
export type ReconciliationLine = {
  readonly name: string
  /** Null for a count of things. */
  readonly currency: string | null
  readonly values: Readonly<Record<SourceName, number | null>>
  /** True where all that keep it have the same. */
  readonly equal: boolean
}

/** What was read from every source. `clickhouse` is null where no analytics store runs. */
export type ReconciliationSources = {
  readonly topics: TopicSums
  readonly stores: StoreSums
  readonly postgres: QuerySums
  readonly clickhouse: QuerySums | null
}

/** What a query store says: sums under the measures of its own reconciliation queries, and each plan and account. */
export type QuerySums = {
  readonly sums: Sums
  readonly plans: ReadonlyMap<string, number>
  readonly accounts: ReadonlyMap<string, number>
}

/** Which measure of each source a line compares. A list is added up; a minus takes the other sign. */
type LineRule = { readonly name: string } & Partial<Record<SourceName, readonly string[]>>

/** What settlement lines take off or add besides sales and returns, as the query stores have it. */
const LINES: readonly string[] = [
  '-settlement.fees',
  '-settlement.commissions',
  '-settlement.tax',
  '-settlement.held',
  'settlement.corrections',
]

const RULES: readonly LineRule[] = [
  same('approved', ['decisions.approved']),
  same('declined', ['decisions.declined']),
  same('authorised', ['purchases.authorised'], { stores: ['authorised'] }),
  same('captured', ['captures'], { stores: ['captured'], ledger: ['entries.CAPTURE'] }),
  same('released', ['releases'], { stores: ['released'] }),
  same('refunded', ['refunds'], { stores: ['refunded'] }),
  same('holds', ['plans.hold'], { stores: ['holds'] }),
  same('outstanding', ['plans.outstanding'], {
    stores: ['outstanding'],
    ledger: ['ledger.assets:consumer-receivable'],
  }),
  same('deposits', ['plans.deposit'], { stores: ['deposits'], ledger: ['-ledger.liabilities:consumer-deposits'] }),
  same('unpaidFees', ['plans.fees'], { stores: ['unpaidFees'], ledger: ['ledger.assets:fee-receivable'] }),
  same('unpaidInterest', ['plans.interest'], {
    stores: ['unpaidInterest'],
    ledger: ['ledger.assets:interest-receivable'],
  }),
  same('exposure', ['credit.hold', 'credit.outstanding', 'credit.fees'], { stores: ['exposure'] }),
  {
    name: 'exposure = holds + receivable + fees',
    topics: ['exposure'],
    stores: ['holds', 'outstanding', 'unpaidFees'],
    postgres: ['plans.hold', 'plans.outstanding', 'plans.fees'],
  },
  same('collected', ['payments.succeeded'], { ledger: ['debits.assets:cash'] }),
  same('returned', ['payments.returned']),
  same('chargedBack', ['payments.chargedBack'], { ledger: ['debits.assets:charge-backs'] }),
  {
    name: 'charge-backs no plan owes again yet',
    topics: ['chargedBack', '-owedAgain'],
    postgres: ['ledger.assets:charge-backs'],
    clickhouse: ['ledger.assets:charge-backs'],
    ledger: ['ledger.assets:charge-backs'],
  },
  same('badDebt', ['ledger.expenses:bad-debt'], { ledger: ['ledger.expenses:bad-debt'] }),
  same('recovered', ['-ledger.income:recoveries'], { ledger: ['-ledger.income:recoveries'] }),
  same('held', ['settlement.held'], { stores: ['held'], ledger: ['-ledger.liabilities:merchant-reserve'] }),
  same('lateFees', [], { ledger: ['-ledger.income:late-fees'] }),
  same('interest', ['-ledger.income:interest'], { ledger: ['-ledger.income:interest'] }),
  same('merchantFees', ['settlement.fees'], { ledger: ['-ledger.income:merchant-fees'] }),
  same('commissions', ['settlement.commissions'], { ledger: ['-ledger.income:commissions'] }),
  same('feeTax', ['settlement.tax'], { ledger: ['-ledger.liabilities:tax'] }),
  same('corrections', ['settlement.corrections'], { ledger: ['ledger.income:merchant-adjustments'] }),
  same('paidOut', ['payouts.paid']),
  {
    name: 'payable = captured - refunded - fees - tax - held + corrections - paid',
    topics: ['captured', '-refunded', '-merchantFees', '-commissions', '-feeTax', '-held', 'corrections', '-paidOut'],
    stores: ['payable'],
    postgres: ['captures', '-refunds', ...LINES, '-payouts.paid'],
    clickhouse: ['captures', '-refunds', ...LINES, '-payouts.paid'],
    ledger: ['-ledger.liabilities:merchant-payable'],
  },
  {
    name: 'cash = collected - returned - charged back - undone - paid',
    topics: ['collected', '-returned', '-chargedBack', '-undone', '-paidOut'],
    postgres: [
      'payments.succeeded',
      '-payments.returned',
      '-payments.chargedBack',
      '-payments.undone',
      '-payouts.paid',
    ],
    clickhouse: [
      'payments.succeeded',
      '-payments.returned',
      '-payments.chargedBack',
      '-payments.undone',
      '-payouts.paid',
    ],
    ledger: ['ledger.assets:cash'],
  },
  {
    name: 'ledger sums to 0',
    topics: ['postings'],
    postgres: ['ledger.postings'],
    clickhouse: ['ledger.postings'],
    ledger: ['ledger'],
  },
]

/** Lays every number side by side: first the sums of each currency, then plan by plan and account by account. */
export function reconcile(sources: ReconciliationSources): readonly ReconciliationLine[] {
  const lines = currenciesOf(sources).flatMap((currency) => RULES.map((rule) => lineOf(rule, currency, sources)))
  const topicPlans = new Map([...sources.topics.plans].map(([id, { balance }]) => [id, balance.outstandingMinor]))
  const topicAccounts = new Map([...sources.topics.accounts].map(([id, { balanceMinor }]) => [id, balanceMinor]))
  return [
    ...lines,
    differing('plans that differ', topicPlans, sources, (source) => source.plans),
    differing('accounts that differ', topicAccounts, sources, (source) => source.accounts),
  ]
}

/** Of every source: money that only one of them knows is a difference too. */
function currenciesOf({ topics, stores, postgres, clickhouse }: ReconciliationSources): readonly string[] {
  const all = [topics, stores, postgres, ...(clickhouse === null ? [] : [clickhouse])]
  return [...new Set(all.flatMap(({ sums }) => sums.currencies()))].sort()
}

function same(
  name: string,
  queried: readonly string[],
  more: Partial<Record<SourceName, readonly string[]>> = {},
): LineRule {
  const query = queried.length === 0 ? {} : { postgres: queried, clickhouse: queried }
  return { name, topics: [name], ...query, ...more }
}

function lineOf(rule: LineRule, currency: string, sources: ReconciliationSources): ReconciliationLine {
  const value = (source: SourceName, sums: Sums | undefined) => {
    const measures = rule[source]
    return measures === undefined || sums === undefined ? null : total(sums, measures, currency)
  }
  return line(rule.name, currency, {
    topics: value('topics', sources.topics.sums),
    stores: value('stores', sources.stores.sums),
    postgres: value('postgres', sources.postgres.sums),
    clickhouse: value('clickhouse', sources.clickhouse?.sums),
    ledger: rule.ledger === undefined ? null : ledgerTotal(rule.ledger, currency, sources),
  })
}

/** What the journal says by kind of entry stands in its topic; what accounts come to, in the store. */
function ledgerTotal(measures: readonly string[], currency: string, { topics, stores }: ReconciliationSources): number {
  const [journal, accounts] = [true, false].map((wanted) =>
    measures.filter((measure) => measure.includes('entries.') === wanted),
  )
  return total(topics.sums, journal ?? [], currency) + total(stores.sums, accounts ?? [], currency)
}

function total(sums: Sums, measures: readonly string[], currency: string): number {
  return measures.reduce((sum, measure) => {
    const negative = measure.startsWith('-')
    const amount = sums.get(negative ? measure.slice(1) : measure, currency)
    return negative ? sum - amount : sum + amount
  }, 0)
}

/** How many things stand otherwise in a source than in the topics; 0 everywhere is what must be. */
function differing(
  name: string,
  truth: ReadonlyMap<string, number>,
  sources: ReconciliationSources,
  of: (source: {
    plans: ReadonlyMap<string, number>
    accounts: ReadonlyMap<string, number>
  }) => ReadonlyMap<string, number>,
): ReconciliationLine {
  const count = (found: ReadonlyMap<string, number>) => {
    const keys = new Set([...truth.keys(), ...found.keys()])
    return [...keys].filter((key) => truth.get(key) !== found.get(key)).length
  }
  return line(name, null, {
    topics: 0,
    stores: count(of(sources.stores)),
    postgres: count(of(sources.postgres)),
    clickhouse: sources.clickhouse === null ? null : count(of(sources.clickhouse)),
    ledger: null,
  })
}

function line(name: string, currency: string | null, values: ReconciliationLine['values']): ReconciliationLine {
  const known = Object.values(values).filter((value) => value !== null)
  return { name, currency, values, equal: known.every((value) => value === known[0]) }
}
