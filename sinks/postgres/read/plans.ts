import type { CreditCost, MonthlyTerms } from '#schemas'
import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, readRows, selectList } from './select.ts'

/** One payment of a plan. */
export type InstalmentRow = {
  readonly no: number
  readonly dueDate: string
  readonly amountMinor: number
  readonly paidMinor: number
  readonly feesMinor: number
  readonly feesPaidMinor: number
  readonly interestMinor: number
  readonly interestChargedMinor: number
  readonly interestPaidMinor: number
  /** The period of its interest; null where it bears none. */
  readonly interestFrom: string | null
  readonly interestTo: string | null
  readonly status: string
  /** Range of days late; null where it is not late. */
  readonly delinquency: string | null
}

/** A plan with its schedule. */
export type PlanRow = {
  readonly planId: string
  readonly purchaseId: string
  readonly consumerId: string
  readonly merchantId: string
  readonly product: string
  readonly status: string
  readonly currency: string
  readonly amountMinor: number
  readonly holdMinor: number
  readonly outstandingMinor: number
  readonly feesMinor: number
  readonly paidMinor: number
  readonly depositMinor: number
  readonly pausedUntil: string | null
  readonly interestMinor: number
  readonly monthly: MonthlyTerms | null
  readonly cost: CreditCost | null
  readonly instalments: InstalmentRow[]
}

/** An attempt to collect: one row a payment, with its last attempt. */
export type PaymentRow = {
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  /** RETRYING, SUCCEEDED or FAILED. */
  readonly status: string
  readonly currency: string
  readonly amountMinor: number
  readonly attempt: number
  /** The gateway's name of it; null where it did not come in. */
  readonly gatewayRef: string | null
  /** The gateway that it went to last. */
  readonly gateway: string
  readonly declineCode: string | null
  readonly nextAttemptOn: string | null
  /** RETRY, PAY_BY_HAND, USE_ANOTHER_CARD or NONE; null where it came in. */
  readonly nextAction: string | null
  /** The payment over several plans that this is a part of. */
  readonly groupId: string | null
  /** Given back of it so far. */
  readonly returnedMinor: number
  readonly businessDate: string
  /** Where each attempt went, oldest first. */
  readonly attempts: PaymentAttemptRow[]
}

/** An attempt of a payment at one gateway. */
export type PaymentAttemptRow = {
  readonly attempt: number
  readonly gateway: string
  /** SUCCEEDED, FAILED, or REROUTED: the gateway certainly took nothing, and the next one was asked. */
  readonly outcome: string
  readonly declineCode: string | null
  /** VISA, MASTERCARD or ACH with its code, where the gateway told. */
  readonly network: string | null
  readonly networkCode: string | null
  readonly businessDate: string
}

const PLAN = selectList([
  'planId',
  'purchaseId',
  'consumerId',
  'merchantId',
  'product',
  'status',
  'currency',
  'amountMinor',
  'holdMinor',
  'outstandingMinor',
  'feesMinor',
  'paidMinor',
  'depositMinor',
  'pausedUntil',
  'interestMinor',
  'monthly',
  'cost',
])
const INSTALMENT = selectList([
  'no',
  'dueDate',
  'amountMinor',
  'paidMinor',
  'feesMinor',
  'feesPaidMinor',
  'interestMinor',
  'interestChargedMinor',
  'interestPaidMinor',
  'interestFrom',
  'interestTo',
  'status',
  'delinquency',
])
const PAYMENT = selectList(
  [
    'paymentId',
    'planId',
    'instalmentNo',
    'status',
    'currency',
    'amountMinor',
    'declineCode',
    'gatewayRef',
    'gateway',
    'nextAttemptOn',
    'nextAction',
    'groupId',
    'businessDate',
  ],
  'payments',
)

const ATTEMPT = selectList(
  ['attempt', 'gateway', 'outcome', 'declineCode', 'network', 'networkCode', 'businessDate'],
  'a',
)

type BarePlan = Omit<PlanRow, 'instalments'>

/** The plans of a consumer, newest first. */
export async function listPlans(database: Database, consumerId: string, page: PageRequest): Promise<Page<PlanRow>> {
  const keyset = {
    from: 'plans',
    where: 'consumer_id = $1',
    params: [consumerId],
    time: 'proposed_at',
    id: 'plan_id',
    select: PLAN,
  }
  const { items, nextCursor } = await readPage<BarePlan>(database, keyset, page)
  return { items: await withInstalments(database, items), nextCursor }
}

/** A plan with its schedule, or null. */
export async function planById(database: Database, planId: string): Promise<PlanRow | null> {
  const plan = await readOne<BarePlan>(database, `SELECT ${PLAN} FROM plans WHERE plan_id = $1`, [planId])
  if (plan === null) return null
  const [whole] = await withInstalments(database, [plan])
  return whole ?? null
}

/** The payments of a plan, by instalment. */
export async function paymentsOfPlan(database: Database, planId: string): Promise<readonly PaymentRow[]> {
  const returned = `(SELECT COALESCE(sum(r.amount_minor), 0)::bigint FROM payment_returns r
                      WHERE r.payment_id = payments.payment_id AND r.status = 'RETURNED')`
  const sql =
    `SELECT ${PAYMENT}, payments.attempts AS attempt, ${returned} AS "returnedMinor" FROM payments ` +
    'WHERE plan_id = $1 ORDER BY instalment_no, updated_at, payment_id'
  const rows = await readRows<Omit<PaymentRow, 'attempts'>>(database, sql, [planId])
  const attempts = await attemptsOf(database, planId)
  return rows.map((row) => ({ ...row, attempts: attempts.get(row.paymentId) ?? [] }))
}

async function attemptsOf(database: Database, planId: string): Promise<ReadonlyMap<string, PaymentAttemptRow[]>> {
  const sql =
    `SELECT a.payment_id AS "paymentId", ${ATTEMPT} FROM payment_attempts a JOIN payments USING (payment_id) ` +
    'WHERE payments.plan_id = $1 AND a.attempt > 0 ' +
    // Of one attempt the gateway that was asked last is the one that was not left.
    "ORDER BY a.attempt, a.outcome <> 'REROUTED', a.at, a.gateway"
  const rows = await readRows<PaymentAttemptRow & { readonly paymentId: string }>(database, sql, [planId])
  const byPayment = Map.groupBy(rows, ({ paymentId }) => paymentId)
  const bare = ({ paymentId: _, ...attempt }: (typeof rows)[number]) => attempt
  return new Map([...byPayment].map(([paymentId, all]) => [paymentId, all.map(bare)]))
}

async function withInstalments(database: Database, plans: readonly BarePlan[]): Promise<readonly PlanRow[]> {
  const sql = `SELECT plan_id AS "planId", ${INSTALMENT}
                 FROM instalments WHERE plan_id = ANY($1::text[]) ORDER BY plan_id, no`
  const rows = await readRows<InstalmentRow & { planId: string }>(database, sql, [plans.map((plan) => plan.planId)])
  const byPlan = Map.groupBy(rows, (row) => row.planId)
  return plans.map((plan) => ({
    ...plan,
    instalments: (byPlan.get(plan.planId) ?? []).map(({ planId: _, ...instalment }) => instalment),
  }))
}
