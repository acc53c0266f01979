import type {
  CreditState,
  PlanCancelled,
  PlanCompleted,
  PurchaseApproved,
  PurchaseDeclined,
  PurchaseHistory,
} from '#schemas'

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

/** What a decision makes known that was not: to be forgotten again where nothing comes of the purchase. */
export function madeKnown({ history }: CreditState, decision: PurchaseApproved | PurchaseDeclined) {
  if (decision.type === 'PurchaseDeclined') return { newMerchantId: null, newDeviceId: null }
  const { merchantIds, deviceIds } = history ?? NONE
  const { merchantId, deviceId } = decision
  return {
    newMerchantId: merchantIds.includes(merchantId) ? null : merchantId,
    newDeviceId: deviceId === null || deviceIds.includes(deviceId) ? null : deviceId,
  }
}

/** The history after a plan came to nothing, as where its first payment failed: the purchase was none. */
export function historyAfterCancellation(
  { history, purchases, decided }: CreditState,
  { purchaseId }: PlanCancelled,
): PurchaseHistory | null {
  if (history === null || purchases.every((one) => one.purchaseId !== purchaseId)) return history
  const approvals = history.approvals - 1
  if (approvals <= 0) return null
  const { newMerchantId = null, newDeviceId = null } = decided.find((one) => one.purchaseId === purchaseId) ?? {}
  return {
    ...history,
    approvals,
    merchantIds: history.merchantIds.filter((id) => id !== newMerchantId),
    deviceIds: history.deviceIds.filter((id) => id !== newDeviceId),
  }
}

function withNewest(known: readonly string[], id: string | null, count: number): readonly string[] {
  return id === null ? known : [...known.filter((one) => one !== id), id].slice(-count)
}
