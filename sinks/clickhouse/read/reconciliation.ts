import type { Analytics } from '../analytics.ts'
import { EVENTS, READABLE } from '../tables.ts'

/** One sum that other stores must have too, to the cent; the same measures as PostgreSQL's `reconciliationSums`. */
export type ReconciliationSum = {
  readonly measure: string
  readonly currency: string
  readonly count: number
  readonly sumMinor: number
}

/** Measures that are the sum of an event's amount: name, record type, and sign or further condition. */
const BY_EVENT: readonly (readonly [measure: string, type: string, where?: string])[] = [
  ['decisions.approved', 'PurchaseApproved'],
  ['decisions.declined', 'PurchaseDeclined'],
  ['purchases.requested', 'PurchaseRequested'],
  ['purchases.authorised', 'PurchaseAuthorised'],
  ['captures', 'PurchaseCaptured'],
  ['releases', 'PurchaseReleased'],
  ['refunds', 'PurchaseRefunded'],
  ['payments.succeeded', 'PaymentSucceeded'],
  ['payments.returned', 'PaymentReturned'],
  ['payments.chargedBack', 'PaymentChargedBack'],
  ['settlement.lines', 'SettlementLineAdded'],
  ['payouts.paid', 'PayoutPaid'],
]

/** Measures that are the sum of settlement lines of some kinds: name, sign, kinds. */
const LINE_KINDS: readonly (readonly [measure: string, sign: '' | '-', kinds: readonly string[]])[] = [
  ['settlement.fees', '-', ['FEE', 'FEE_REFUND']],
  ['settlement.commissions', '-', ['COMMISSION']],
  ['settlement.tax', '-', ['TAX']],
  ['settlement.held', '-', ['HOLDBACK', 'RELEASE']],
  ['settlement.corrections', '', ['CHARGE', 'CREDIT', 'CORRECTION']],
]

/** Measures of what the newest event of a plan says: its balance. */
const PLAN_BALANCES = ['hold', 'outstanding', 'fees', 'interest', 'deposit']
/** Measures of what the newest event about a consumer's credit says. */
const CREDIT = ['hold', 'outstanding', 'fees']

/** The part of an account's name that is the same for all owners. */
const ACCOUNT_CLASS = "arrayStringConcat(arraySlice(splitByChar(':', account), 1, 2), ':')"
const POSTING_LIST = "JSONExtract(payload, 'postings', 'Array(Tuple(account String, amountMinor Int64))')"
const POSTINGS = `
  SELECT currency, posting.1 AS account, posting.2 AS amount
    FROM (SELECT currency, arrayJoin(${POSTING_LIST}) AS posting
            FROM ${EVENTS} WHERE topic = 'ledger.entries' AND ${READABLE})`

/** Every sum, from the events alone, sorted by measure. */
export async function reconciliationSums(analytics: Analytics): Promise<readonly ReconciliationSum[]> {
  const parts = [
    ...BY_EVENT.map(([measure, type]) =>
      sumOf(measure, 'assumeNotNull(amount_minor)', `${EVENTS} WHERE type = '${type}'`),
    ),
    ...LINE_KINDS.map(([measure, sign, kinds]) => sumOf(measure, `${sign}assumeNotNull(amount_minor)`, linesOf(kinds))),
    sumOf(
      'payments.undone',
      'assumeNotNull(amount_minor)',
      `${EVENTS} WHERE type = 'PlanReworked' AND JSONExtractString(payload, 'cause') = 'PAYMENT_UNDONE'`,
    ),
    sumOf('settlement.payouts', "JSONExtractInt(payload, 'payoutMinor')", `${EVENTS} WHERE type = 'SettlementClosed'`),
    ...PLAN_BALANCES.map((part) => sumOf(`plans.${part}`, 'amount', newestOfPlan(part))),
    ...CREDIT.map((part) => sumOf(`credit.${part}`, 'amount', newestOfCredit(part))),
    sumOf('ledger.postings', 'amount', `(${POSTINGS})`),
    `SELECT 'postings.' || ${ACCOUNT_CLASS} AS measure, currency, count() AS count, sum(amount) AS "sumMinor"
       FROM (${POSTINGS}) GROUP BY measure, currency`,
    `SELECT 'ledger.' || ${ACCOUNT_CLASS} AS measure, currency, count() AS count, sum(amount) AS "sumMinor"
       FROM (${newestBalances()}) GROUP BY measure, currency`,
  ]
  const rows = await analytics.query(`SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY measure, currency`)
  return rows as unknown as readonly ReconciliationSum[]
}

function sumOf(measure: string, amount: string, from: string): string {
  return `SELECT '${measure}' AS measure, currency, count() AS count, sum(${amount}) AS "sumMinor"
            FROM ${from} GROUP BY currency`
}

function linesOf(kinds: readonly string[]): string {
  const known = kinds.map((kind) => `'${kind}'`).join(', ')
  return `${EVENTS} WHERE type = 'SettlementLineAdded' AND JSONExtractString(payload, 'kind') IN (${known})`
}

function newestOfPlan(part: string): string {
  return `(SELECT any(currency) AS currency,
                  argMax(JSONExtractInt(payload, 'balance', '${part}Minor'), log_offset) AS amount
             FROM ${EVENTS} WHERE topic = 'plan.events' AND ${READABLE} GROUP BY plan_id)`
}

function newestOfCredit(part: string): string {
  return `(SELECT any(currency) AS currency,
                  argMaxIf(JSONExtractInt(payload, '${part}Minor'), log_offset, type = 'ExposureChanged') AS amount
             FROM ${EVENTS} WHERE type IN ('LimitChanged', 'ExposureChanged') GROUP BY consumer_id)`
}

function newestBalances(): string {
  return `SELECT currency, JSONExtractString(payload, 'account') AS account,
                 argMax(JSONExtractInt(payload, 'balanceMinor'), log_offset) AS amount
            FROM ${EVENTS} WHERE topic = 'ledger.balances' AND ${READABLE} GROUP BY account, currency`
}
