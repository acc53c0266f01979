import type { Database } from '../database.ts'
import { readOne, readRows } from './select.ts'

/** Sums over everything, for the operations page and the end of a run. Amounts of all currencies are added up. */
export type PlatformTotals = {
  readonly purchases: number
  readonly approved: number
  /** Refusals by their first reason. */
  readonly declinedByReason: Readonly<Record<string, number>>
  /** Of all authorised purchases. */
  readonly volumeMinor: number
  readonly openPlans: number
  readonly instalmentsPaid: number
  readonly instalmentsPaidLate: number
  readonly paymentsFailed: number
  /** Late fees charged. */
  readonly feesMinor: number
  /** Interest charged. */
  readonly interestMinor: number
  readonly refunds: number
  readonly refundedMinor: number
  readonly payouts: number
  readonly paidOutMinor: number
}

type Sums = Omit<PlatformTotals, 'declinedByReason'>

const SUMS = `
  SELECT * FROM
    (SELECT count(*) AS purchases,
            COALESCE(sum(amount_minor) FILTER (WHERE authorised_at IS NOT NULL), 0)::bigint AS "volumeMinor"
       FROM purchases) p,
    (SELECT count(*) FILTER (WHERE approved) AS approved FROM decisions) d,
    (SELECT count(*) FILTER (WHERE status IN ('AUTHORISED', 'ACTIVE')) AS "openPlans" FROM plans) pl,
    (SELECT count(*) FILTER (WHERE status = 'PAID') AS "instalmentsPaid",
            count(*) FILTER (WHERE status = 'PAID' AND paid_late) AS "instalmentsPaidLate",
            COALESCE(sum(fees_minor), 0)::bigint AS "feesMinor",
            COALESCE(sum(interest_charged_minor), 0)::bigint AS "interestMinor"
       FROM instalments) i,
    (SELECT count(*) FILTER (WHERE status = 'FAILED') AS "paymentsFailed" FROM payments) pay,
    (SELECT count(*) AS refunds, COALESCE(sum(amount_minor), 0)::bigint AS "refundedMinor" FROM refunds) r,
    (SELECT count(*) FILTER (WHERE status = 'PAID') AS payouts,
            COALESCE(sum(amount_minor) FILTER (WHERE status = 'PAID'), 0)::bigint AS "paidOutMinor"
       FROM payouts) po`

const REASONS = `
  SELECT reasons->0->>'code' AS code, count(*) AS refusals
    FROM decisions WHERE NOT approved GROUP BY 1 ORDER BY 2 DESC, 1`

/** Adds everything up. */
export async function platformTotals(database: Database): Promise<PlatformTotals> {
  const sums = await readOne<Sums>(database, SUMS, [])
  const reasons = await readRows<{ code: string | null; refusals: number }>(database, REASONS, [])
  if (sums === null) throw new Error('A sum over no rows is one row.')
  return { ...sums, declinedByReason: Object.fromEntries(reasons.map((row) => [row.code ?? 'NONE', row.refusals])) }
}
