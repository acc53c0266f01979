import type { Database } from '../database.ts'
import { readRows, selectList } from './select.ts'

/** A late fee of a plan. */
export type LateFeeRow = {
  readonly feeId: string
  readonly instalmentNo: number
  readonly amountMinor: number
  /** Of it, what was taken back. */
  readonly reversedMinor: number
  readonly currency: string
  readonly scheme: string
  readonly rule: string
  readonly chargedOn: string
}

const FEE = selectList([
  'feeId',
  'instalmentNo',
  'amountMinor',
  'reversedMinor',
  'currency',
  'scheme',
  'rule',
  'chargedOn',
])

/** The late fees of a plan, oldest first. */
export function lateFeesOfPlan(database: Database, planId: string): Promise<readonly LateFeeRow[]> {
  return readRows(database, `SELECT ${FEE} FROM late_fees WHERE plan_id = $1 ORDER BY charged_on, fee_id`, [planId])
}
