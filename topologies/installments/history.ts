/** What moved a plan, so that it can be worked out again as if one thing had not been. */
import type { PlanMovement, PlanState } from '#schemas'
import type { PlanFact } from './plan-state.ts'

const PLAIN = { instalmentNo: 0, choice: null, date: null, parts: 0 }

/** The plan's history with a fact; what moves no instalment is not part of it. */
export function withMovement(history: PlanState['history'], fact: PlanFact): PlanState['history'] {
  if (fact.type === 'PlanReworked') return history.filter(({ id }) => id !== fact.undoneId)
  const movement = movementOf(fact)
  return movement === null ? history : [...history, movement]
}

function movementOf(fact: PlanFact): PlanMovement | null {
  if (!('meta' in fact)) return null
  const on = fact.meta.businessDate
  switch (fact.type) {
    case 'PlanScheduled':
      return { ...PLAIN, kind: 'CAPTURE', id: fact.captureId, on, amountMinor: fact.amountMinor }
    case 'PlanReleased':
      return { ...PLAIN, kind: 'RELEASE', id: fact.releaseId, on, amountMinor: fact.amountMinor }
    case 'InstalmentPaid': {
      const { paymentId: id, amountMinor, instalmentNo, prepayment: choice } = fact
      return { ...PLAIN, kind: 'PAYMENT', id, on, amountMinor, instalmentNo, choice }
    }
    case 'RefundAllocated':
      return { ...PLAIN, kind: 'REFUND', id: fact.refundId, on, amountMinor: fact.amountMinor, choice: fact.policy }
    case 'LateFeeCharged': {
      const { feeId: id, amountMinor, instalmentNo } = fact
      return { ...PLAIN, kind: 'LATE_FEE', id, on, amountMinor, instalmentNo }
    }
    case 'LateFeeReversed': {
      const { meta, amountMinor, instalmentNo } = fact
      return { ...PLAIN, kind: 'FEE_REVERSAL', id: meta.id, on, amountMinor, instalmentNo }
    }
    case 'InstalmentMoved': {
      const { instalmentNo, dueDate: date, meta } = fact
      return { ...PLAIN, kind: 'DATE_MOVE', id: meta.id, on, amountMinor: 0, instalmentNo, date }
    }
    case 'PlanReaged': {
      const { hardshipId: id, amountMinor, firstDue: date, parts } = fact
      return { ...PLAIN, kind: 'RE_AGE', id, on, amountMinor, date, parts }
    }
    default:
      return null
  }
}
