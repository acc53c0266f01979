/**
 * What a consumer holds and owes. Each plan event carries the absolute balance of its plan, so that nothing is added
 * up here and nothing can drift: the newest event of a plan is the truth.
 */
import { sumMinor } from '#domain/money.ts'
import type { CreditState, ExposureTotals, PlanEvent, PurchaseExposure } from '#schemas'

/** `max(0, min(limit, own cap) − exposure)`, minor units (DOMAIN §3). */
export function availableMinor(limitMinor: number, ownCapMinor: number | null, exposureMinor: number): number {
  return Math.max(0, Math.min(limitMinor, ownCapMinor ?? limitMinor) - exposureMinor)
}

/** Holds + outstanding + unpaid fees over all purchases, minor units. */
export function exposureMinor(purchases: readonly PurchaseExposure[]): number {
  return sumMinor(purchases.map((one) => one.holdMinor + one.outstandingMinor + one.feesMinor))
}

/**
 * What of the purchases has to be paid from an income: all that is owed, or the largest instalment of what is paid back
 * monthly. Minor units.
 */
export function burdenMinor(purchases: readonly PurchaseExposure[]): number {
  return sumMinor(
    purchases.map((one) => {
      const owed = exposureMinor([one])
      return Math.min(owed, one.monthlyMinor ?? owed)
    }),
  )
}

/** The sums over the purchases as they stand, with what is left of the limit. */
export function totalsOf(state: CreditState): ExposureTotals {
  const { purchases, limitMinor, ownCapMinor } = state
  return {
    holdMinor: sumMinor(purchases.map((one) => one.holdMinor)),
    outstandingMinor: sumMinor(purchases.map((one) => one.outstandingMinor)),
    feesMinor: sumMinor(purchases.map((one) => one.feesMinor)),
    availableMinor: availableMinor(limitMinor, ownCapMinor, exposureMinor(purchases)),
    blocked: isBlocked(purchases),
  }
}

/** True while a payment is overdue: it stops new purchases until it is paid. */
export function isBlocked(purchases: readonly PurchaseExposure[]): boolean {
  return purchases.some((one) => one.overdue.length > 0)
}

/** The purchases with a new one that holds its whole amount, until its plan says more. */
export function withHold(
  purchases: readonly PurchaseExposure[],
  purchaseId: string,
  amountMinor: number,
  monthlyMinor: number | null = null,
): readonly PurchaseExposure[] {
  return [...purchases, { ...NOTHING, purchaseId, holdMinor: amountMinor, monthlyMinor }]
}

/**
 * The purchases after a plan event; one that holds and owes nothing any more is dropped. The same array where nothing
 * changed: most plan events move no exposure, and then there is nothing to store.
 */
export function withPlanEvent(purchases: readonly PurchaseExposure[], event: PlanEvent): readonly PurchaseExposure[] {
  const { purchaseId, balance } = event
  const index = purchases.findIndex((one) => one.purchaseId === purchaseId)
  const { holdMinor, outstandingMinor, feesMinor } = balance
  const before = purchases[index]
  const after = {
    purchaseId,
    holdMinor,
    outstandingMinor,
    feesMinor,
    overdue: overdueAfter(before?.overdue ?? [], event),
    monthlyMinor: before?.monthlyMinor ?? null,
  }
  if (isSame(before ?? { ...NOTHING, purchaseId }, after)) return purchases
  const entries = isSame(after, { ...NOTHING, purchaseId }) ? [] : [after]
  return before === undefined ? [...purchases, ...entries] : purchases.toSpliced(index, 1, ...entries)
}

const NOTHING = { holdMinor: 0, outstandingMinor: 0, feesMinor: 0, overdue: [], monthlyMinor: null }

function isSame(left: PurchaseExposure, right: PurchaseExposure): boolean {
  return (
    left.holdMinor === right.holdMinor &&
    left.outstandingMinor === right.outstandingMinor &&
    left.feesMinor === right.feesMinor &&
    left.overdue.length === right.overdue.length &&
    left.overdue.every((no, index) => no === right.overdue[index])
  )
}

/** The numbers of the overdue instalments of a plan after an event. */
function overdueAfter(overdue: readonly number[], event: PlanEvent): readonly number[] {
  switch (event.type) {
    case 'InstalmentOverdue':
      return overdue.includes(event.instalmentNo) ? overdue : [...overdue, event.instalmentNo]
    case 'PlanProposed':
    case 'PlanScheduled':
    case 'InstalmentPaid':
    case 'LateFeeCharged':
    case 'InterestCharged':
    case 'RefundAllocated':
    case 'InstalmentMoved':
    case 'PlanReaged':
    case 'PlanReworked':
    case 'LateFeeReversed':
    case 'PlanChargedOff':
    case 'PlanChargeOffUndone':
      return event.instalments.filter((one) => one.status === 'OVERDUE').map((one) => one.no)
    case 'PlanCompleted':
    case 'PlanCancelled':
      return []
    case 'PlanAuthorised':
    case 'PlanPaused':
    case 'FraudReported':
    case 'PlanWrittenOff':
    case 'PlanCommandRefused':
    case 'InstalmentDelinquent':
    case 'InstalmentDue':
    case 'PlanReleased':
    case 'ReturnDue':
      return overdue
  }
}
