import type { Analytics } from '../analytics.ts'
import { DATABASE } from '../tables.ts'

/** What a merchant decided, sold and gave back on one business date. */
export type MerchantDayRow = {
  readonly day: string
  readonly currency: string
  readonly decisions: number
  readonly approved: number
  /** From 0 to 1. */
  readonly approvalRate: number
  /** Purchases that were authorised, and what they are worth. */
  readonly purchases: number
  readonly volumeMinor: number
  readonly meanOrderMinor: number
  readonly capturedMinor: number
  readonly refunds: number
  readonly refundedMinor: number
  /** Interest that its consumers were charged, less what was reversed. */
  readonly interestMinor: number
}

/** The days of a merchant from one date to another (both included), in order. Days without an event are left out. */
export async function merchantDays(
  analytics: Analytics,
  merchantId: string,
  from: string,
  to: string,
): Promise<readonly MerchantDayRow[]> {
  const rows = await analytics.query(
    `SELECT day, currency, decisions, approved, approval_rate AS "approvalRate", purchases,
            volume_minor AS "volumeMinor", mean_order_minor AS "meanOrderMinor", captured_minor AS "capturedMinor",
            refunds, refunded_minor AS "refundedMinor", interest_minor AS "interestMinor"
       FROM ${DATABASE}.merchant_days
      WHERE merchant_id = {merchantId:String} AND day BETWEEN {from:Date32} AND {to:Date32}
      ORDER BY day, currency`,
    { merchantId, from, to },
  )
  return rows as unknown as readonly MerchantDayRow[]
}
