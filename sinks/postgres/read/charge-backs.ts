import type { Database } from '../database.ts'
import { readRows } from './select.ts'

/** A payment as the gateway's charge brought it in. */
export type ChargedPayment = {
  readonly paymentId: string
  readonly planId: string
  readonly purchaseId: string
  readonly consumerId: string
  readonly amountMinor: number
  readonly currency: string
}

/** A charge-back that is known. */
export type KnownChargeBack = {
  readonly chargeBackId: string
  readonly planId: string
  readonly consumerId: string
}

/** The payments that a charge of a gateway brought in; what a charge-back gave back is not among them. */
export function paymentsOfCharge(
  database: Database,
  gateway: string,
  gatewayRef: string,
): Promise<readonly ChargedPayment[]> {
  const sql = `
    SELECT payments.payment_id AS "paymentId", payments.plan_id AS "planId", plans.purchase_id AS "purchaseId",
           payments.consumer_id AS "consumerId", payments.amount_minor AS "amountMinor", payments.currency
      FROM payments JOIN plans USING (plan_id)
     WHERE payments.gateway_ref = $1 AND payments.gateway = $2 AND payments.attempts > 0 ORDER BY payments.payment_id`
  return readRows(database, sql, [gatewayRef, gateway])
}

/** The charge-backs under the gateway's id: one a payment of its charge. */
export function chargeBacksUnder(database: Database, id: string): Promise<readonly KnownChargeBack[]> {
  const sql = `
    SELECT charge_back_id AS "chargeBackId", plan_id AS "planId", consumer_id AS "consumerId"
      FROM charge_backs WHERE split_part(charge_back_id, ':', 1) = $1 ORDER BY charge_back_id`
  return readRows(database, sql, [id])
}
