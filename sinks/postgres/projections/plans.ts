import type { Envelope, PlanBalance } from '#schemas'
import { type Columns, type Projection, patch, put, timestamp } from '../projection.ts'

/** What every event of a plan says: the money of the plan after it. */
type PlanMoved = { readonly meta: Envelope; readonly planId: string; readonly balance: PlanBalance }

export const plans: Projection = {
  table: 'plans',
  key: ['plan_id'],
  rules: {
    PlanProposed: (event) =>
      put({
        ...moved(event),
        purchase_id: event.purchaseId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        product: event.product,
        monthly: event.monthly,
        cost: event.cost,
        amount_minor: event.amountMinor,
        currency: event.currency,
        payment_method_id: event.paymentMethodId,
        status: 'PROPOSED',
        proposed_at: timestamp(event.meta.occurredAt),
      }),
    PlanAuthorised: (event) => patch({ ...moved(event), status: 'AUTHORISED' }),
    PlanCancelled: (event) => patch({ ...moved(event), status: 'CANCELLED', cancelled_cause: event.cause }),
    PlanScheduled: (event) => patch({ ...moved(event), status: 'ACTIVE' }),
    PlanCompleted: (event) => patch({ ...moved(event), status: 'COMPLETED' }),
    InstalmentDue: (event) => patch(moved(event)),
    InterestCharged: (event) => patch(moved(event)),
    InstalmentPaid: (event) => patch(moved(event)),
    InstalmentOverdue: (event) => patch(moved(event)),
    LateFeeCharged: (event) => patch(moved(event)),
    LateFeeReversed: (event) => patch(moved(event)),
    RefundAllocated: (event) => patch(moved(event)),
    PlanReleased: (event) => patch(moved(event)),
    ReturnDue: (event) => patch(moved(event)),
    PlanReaged: (event) => patch(moved(event)),
    PlanReworked: (event) => patch({ ...moved(event), ...reopened(event) }),
    PlanChargedOff: (event) => patch({ ...moved(event), status: 'CHARGED_OFF' }),
    PlanChargeOffUndone: (event) => patch({ ...moved(event), status: 'ACTIVE' }),
    PlanWrittenOff: (event) => patch({ ...moved(event), status: 'WRITTEN_OFF' }),
    PlanPaused: (event) => patch({ ...moved(event), paused_until: event.until }),
  },
}

/** A plan that owes again is open again, done or not. */
function reopened({ balance }: PlanMoved): Columns {
  return balance.outstandingMinor + balance.feesMinor + balance.interestMinor > 0 ? { status: 'ACTIVE' } : {}
}

function moved({ meta, planId, balance }: PlanMoved): Columns {
  return {
    plan_id: planId,
    captured_minor: balance.capturedMinor,
    released_minor: balance.releasedMinor,
    refunded_minor: balance.refundedMinor,
    deposit_minor: balance.depositMinor,
    hold_minor: balance.holdMinor,
    outstanding_minor: balance.outstandingMinor,
    fees_minor: balance.feesMinor,
    interest_minor: balance.interestMinor,
    paid_minor: balance.paidMinor,
    updated_at: timestamp(meta.occurredAt),
  }
}
