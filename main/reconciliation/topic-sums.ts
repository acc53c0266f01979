import type {
  AccountBalanceChanged,
  ExposureChanged,
  PlanBalance,
  PlanEvent,
  Schemas,
  SettlementLineKind,
} from '#schemas'
import type { Log } from '#streams'
import { readTopic } from './read-topic.ts'
import { accountClass, Sums } from './sums.ts'

type Balanced = { readonly currency: string; readonly balance: PlanBalance }

/** What the topics themselves say: every event from the first one on, folded here and by nobody else's code. */
export type TopicSums = {
  readonly sums: Sums
  /** The last balance of each plan. */
  readonly plans: ReadonlyMap<string, Balanced>
  /** The last balance of each account. */
  readonly accounts: ReadonlyMap<string, AccountBalanceChanged>
}

/** What a settlement line is part of, with its sign; sales and returns are captures and refunds. */
const LINE_MEASURES: Readonly<Partial<Record<SettlementLineKind, readonly [measure: string, sign: 1 | -1]>>> = {
  FEE: ['merchantFees', -1],
  FEE_REFUND: ['merchantFees', -1],
  COMMISSION: ['commissions', -1],
  TAX: ['feeTax', -1],
  HOLDBACK: ['held', -1],
  RELEASE: ['held', -1],
  CHARGE: ['corrections', 1],
  CREDIT: ['corrections', 1],
  CORRECTION: ['corrections', 1],
}

/** Reads all topics that move money, once, and adds up. */
export async function topicSums(log: Log, { topics }: Schemas): Promise<TopicSums> {
  const sums = new Sums()
  const plans = new Map<string, Balanced>()
  const accounts = new Map<string, AccountBalanceChanged>()
  await readTopic(log, topics.purchaseEvents, (event) => {
    if (event.type === 'PurchaseAuthorised') sums.add('authorised', event.currency, event.amountMinor)
    if (event.type === 'PurchaseCaptured') sums.add('captured', event.currency, event.amountMinor)
    if (event.type === 'PurchaseReleased') sums.add('released', event.currency, event.amountMinor)
    if (event.type === 'PurchaseRefunded') sums.add('refunded', event.currency, event.amountMinor)
  })
  await readTopic(log, topics.planEvents, (event) => {
    plans.set(event.planId, { currency: event.currency, balance: event.balance })
    if (event.type === 'LateFeeCharged') sums.add('lateFees', event.currency, event.amountMinor)
    if (event.type === 'LateFeeReversed') sums.add('lateFees', event.currency, -event.amountMinor)
    addInterest(sums, event)
    addGivenUp(sums, event)
  })
  await readTopic(log, topics.paymentEvents, (event) => {
    if (event.type === 'PaymentSucceeded') sums.add('collected', event.currency, event.amountMinor)
    if (event.type === 'PaymentChargedBack') sums.add('chargedBack', event.currency, event.amountMinor)
    if (event.type === 'PaymentReturned') sums.add('returned', event.currency, event.amountMinor)
  })
  await readTopic(log, topics.settlementEvents, (event) => {
    if (event.type === 'SettlementLineAdded') {
      const [measure, sign] = LINE_MEASURES[event.kind] ?? []
      if (measure !== undefined) sums.add(measure, event.currency, (sign ?? 1) * event.amountMinor)
    }
    if (event.type === 'PayoutPaid') sums.add('paidOut', event.currency, event.amountMinor)
  })
  await addCredit(log, topics, sums)
  await readTopic(log, topics.ledgerEntries, (entry) => {
    for (const { amountMinor } of entry.postings) {
      sums.add('postings', entry.currency, amountMinor)
      sums.add(`entries.${entry.kind}`, entry.currency, Math.max(0, amountMinor))
    }
  })
  await readTopic(log, topics.ledgerBalances, (balance) => {
    accounts.set(`${balance.account} ${balance.currency}`, balance)
  })
  for (const { currency, balance } of plans.values()) addBalance(sums, currency, balance)
  for (const { account, currency, balanceMinor } of accounts.values()) {
    sums.add(`ledger.${accountClass(account)}`, currency, balanceMinor)
  }
  return { sums, plans, accounts }
}

/** Interest that was charged, less what was reversed: income. */
function addInterest(sums: Sums, event: PlanEvent): void {
  const add = (amountMinor: number) => sums.add('interest', event.currency, amountMinor)
  if (event.type === 'InterestCharged') add(event.amountMinor)
  if (event.type === 'RefundAllocated') add(-event.interestReversedMinor)
  if (event.type === 'PlanReworked') add(event.interestChargedMinor)
}

/** Debts that were given up, what came in on them, and charge-backs that plans owe again. */
function addGivenUp(sums: Sums, event: PlanEvent): void {
  const add = (measure: string, amountMinor: number) => sums.add(measure, event.currency, amountMinor)
  if (event.type === 'PlanChargedOff' || event.type === 'PlanWrittenOff') {
    add('badDebt', event.principalMinor + event.interestMinor + event.feeMinor)
  }
  if (event.type === 'PlanChargeOffUndone') {
    add('badDebt', -event.chargedOffMinor)
    add('recovered', -event.recoveredMinor)
  }
  if (event.type === 'InstalmentPaid' || event.type === 'RefundAllocated') add('recovered', event.recoveryMinor)
  if (event.type === 'PlanReworked') {
    add('badDebt', event.chargedOffMinor + event.lossMinor)
    if (event.cause === 'CHARGED_BACK') add('owedAgain', event.amountMinor)
    if (event.cause === 'PAYMENT_UNDONE') add('undone', event.amountMinor)
  }
}

async function addCredit(log: Log, topics: Schemas['topics'], sums: Sums): Promise<void> {
  const exposures = new Map<string, ExposureChanged>()
  await readTopic(log, topics.creditEvents, (event) => {
    if (event.type === 'PurchaseApproved') sums.add('approved', event.currency, event.amountMinor)
    if (event.type === 'PurchaseDeclined') sums.add('declined', event.currency, event.amountMinor)
    if (event.type === 'ExposureChanged') exposures.set(event.consumerId, event)
  })
  for (const { currency, holdMinor, outstandingMinor, feesMinor } of exposures.values()) {
    sums.add('exposure', currency, holdMinor + outstandingMinor + feesMinor)
  }
}

/** The sums a plan's balance goes into. */
export function addBalance(sums: Sums, currency: string, balance: PlanBalance): void {
  sums.add('outstanding', currency, balance.outstandingMinor)
  sums.add('unpaidFees', currency, balance.feesMinor)
  sums.add('unpaidInterest', currency, balance.interestMinor)
  sums.add('holds', currency, balance.holdMinor)
  sums.add('deposits', currency, balance.depositMinor)
}
