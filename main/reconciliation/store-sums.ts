import type { AccountState, CreditState, PlanState, PurchaseState, SettlementState } from '#schemas'
import type { StreamsApp } from '#streams'
import { balanceOf } from '#topologies/installments/balance.ts'
import { accountClass, Sums } from './sums.ts'
import { addBalance } from './topic-sums.ts'

const AUTHORISED_ONCE: readonly string[] = [
  'AUTHORISED',
  'PARTLY_CAPTURED',
  'CAPTURED',
  'COMPLETED',
  'VOIDED',
  'EXPIRED',
]

/** What the local state of the topologies says. */
export type StoreSums = {
  readonly sums: Sums
  /** Outstanding principal of each plan. */
  readonly plans: ReadonlyMap<string, number>
  /** Balance of each account, with its currency. */
  readonly accounts: ReadonlyMap<string, number>
}

/** Reads the stores of the running topologies by interactive query, and adds up. */
export async function storeSums(apps: ReadonlyMap<string, StreamsApp>): Promise<StoreSums> {
  const sums = new Sums()
  const plans = new Map<string, number>()
  const accounts = new Map<string, number>()
  for (const purchase of await all<PurchaseState>(apps, 'purchases', 'purchases')) addPurchase(sums, purchase)
  for (const plan of await all<PlanState>(apps, 'installments', 'plans')) {
    const balance = balanceOf(plan)
    addBalance(sums, plan.order.currency, balance)
    plans.set(plan.planId, balance.outstandingMinor)
  }
  for (const { profile, exposure } of await all<CreditState>(apps, 'credit', 'credit')) {
    if (profile?.currency == null) continue
    sums.add('exposure', profile.currency, exposure.holdMinor + exposure.outstandingMinor + exposure.feesMinor)
  }
  for (const { currency, payableMinor, heldMinor, payouts } of await all<SettlementState>(
    apps,
    'settlement',
    'merchant-accounts',
  )) {
    if (currency === null) continue
    const underWay = payouts.reduce((sum, payout) => sum + payout.amountMinor, 0)
    sums.add('payable', currency, payableMinor + underWay)
    sums.add('held', currency, heldMinor)
  }
  for (const account of await all<AccountState>(apps, 'ledger', 'account-balances')) addAccount(sums, accounts, account)
  return { sums, plans, accounts }
}

/** The same as lists, as it goes from one thread or process to another. */
export type ListedStoreSums = {
  readonly sums: ReturnType<Sums['entries']>
  readonly plans: readonly (readonly [planId: string, outstandingMinor: number])[]
  readonly accounts: readonly (readonly [account: string, balanceMinor: number])[]
}

/** Sums as lists. */
export function listedSums({ sums, plans, accounts }: StoreSums): ListedStoreSums {
  return { sums: sums.entries(), plans: [...plans], accounts: [...accounts] }
}

/** What stores in several places come to together; each plan and each account is in one of them. */
export function addedSums(all: readonly ListedStoreSums[]): StoreSums {
  const sums = new Sums()
  for (const one of all)
    for (const [measure, currency, amountMinor] of one.sums) sums.add(measure, currency, amountMinor)
  return {
    sums,
    plans: new Map(all.flatMap(({ plans }) => plans)),
    accounts: new Map(all.flatMap(({ accounts }) => accounts)),
  }
}

function addPurchase(sums: Sums, { order, status, capturedMinor, releasedMinor, refundedMinor }: PurchaseState): void {
  if (order === null) return
  if (AUTHORISED_ONCE.includes(status)) sums.add('authorised', order.currency, order.amountMinor)
  sums.add('captured', order.currency, capturedMinor)
  sums.add('released', order.currency, releasedMinor)
  sums.add('refunded', order.currency, refundedMinor)
}

/** The ledger's own view: what the debits and credits of each class of accounts come to. */
function addAccount(sums: Sums, accounts: Map<string, number>, state: AccountState): void {
  const { account, currency, debitsMinor, creditsMinor } = state
  const name = accountClass(account)
  accounts.set(`${account} ${currency}`, debitsMinor - creditsMinor)
  sums.add(`ledger.${name}`, currency, debitsMinor - creditsMinor)
  sums.add(`debits.${name}`, currency, debitsMinor)
  sums.add('ledger', currency, debitsMinor - creditsMinor)
}

async function all<V>(apps: ReadonlyMap<string, StreamsApp>, name: string, store: string): Promise<readonly V[]> {
  const entries = await apps.get(name)?.query<V>(store).scan()
  return (entries ?? []).map(([, value]) => value)
}
