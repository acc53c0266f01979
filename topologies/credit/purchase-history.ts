import type { CreditState, PlanCompleted, PurchaseApproved, PurchaseHistory } from '#schemas'

const MERCHANTS_MAX = 100
const DEVICES_MAX = 20
const NONE: PurchaseHistory = { approvals: 0, completed: 0, largestCompletedMinor: 0, merchantIds: [], deviceIds: [] }

/** The history after an approval. */
export function historyAfterApproval({ history }: CreditState, approved: PurchaseApproved): PurchaseHistory {
  const before = history ?? NONE
  return {
    ...before,
    approvals: before.approvals + 1,
    merchantIds: withNewest(before.merchantIds, approved.merchantId, MERCHANTS_MAX),
    deviceIds: withNewest(before.deviceIds, approved.deviceId, DEVICES_MAX),
  }
}

/** The history after a plan was paid off: what was kept of the purchase counts, not what went back to the shop. */
export function historyAfterCompletion({ history }: CreditState, { balance }: PlanCompleted): PurchaseHistory {
  const before = history ?? NONE
  const keptMinor = balance.capturedMinor - balance.refundedMinor
  if (keptMinor <= 0) return before
  const largestCompletedMinor = Math.max(before.largestCompletedMinor, keptMinor)
  return { ...before, completed: before.completed + 1, largestCompletedMinor }
}

function withNewest(known: readonly string[], id: string | null, count: number): readonly string[] {
  return id === null ? known : [...known.filter((one) => one !== id), id].slice(-count)
}
