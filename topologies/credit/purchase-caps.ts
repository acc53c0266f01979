/** The rules that allow a purchase up to an amount: where one fails, a lower amount would pass it. */
import type { CreditState, RequestPurchase } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import { burdenMinor } from './exposure.ts'
import { isTooOld } from './freshness.ts'
import { policyAmountMinor } from './limits.ts'
import { amountForMonth } from './monthly-burden.ts'
import type { ReasonCode } from './reasons.ts'
import type { Scored } from './scorecard.ts'

/**
 * What one purchase may be at most by a rule, minor units. `onCredit`: only what is not paid at the checkout counts, so
 * that a larger first payment helps; what a large purchase tells of fraud is the same however it is paid.
 */
export type PurchaseCap = {
  readonly id: string
  readonly code: ReasonCode
  readonly capMinor: number
  readonly onCredit?: boolean
}

/** What a cap is worked out from. */
export type CapCase = {
  readonly policy: CreditPolicy
  /** Null without a report that can be scored. */
  readonly scored: Scored | null
  readonly state: CreditState
  readonly request: RequestPurchase
  /** False where the merchant was suspended or closed while the purchase waited. */
  readonly shopSells: boolean
  /** What is left of the limit, minor units. */
  readonly availableMinor: number
}

/** Every cap that holds for a purchase, the limit first. */
export function purchaseCaps(facts: CapCase): readonly PurchaseCap[] {
  const { policy, state, request, availableMinor } = facts
  const minor = (major: number) => policyAmountMinor(policy, major, request.currency)
  const { firstPurchase, newMerchant, newDevice } = policy.caps
  const isFirst = state.history === null && state.purchases.length === 0
  const caps: (PurchaseCap | null)[] = [
    { id: 'within-limit', code: 'LIMIT_EXCEEDED', capMinor: availableMinor, onCredit: true },
    affordable(facts),
    onOldReport(facts, minor),
    cap(isFirst ? firstPurchase : null, 'first-purchase', 'FIRST_PURCHASE_LIMIT', minor),
    cap(!isFirst && isNewMerchant(state, request) ? newMerchant : null, 'new-merchant', 'NEW_MERCHANT_LIMIT', minor),
    cap(isNewDevice(state, request) ? newDevice : null, 'new-device', 'NEW_DEVICE_LIMIT', minor),
    usual(facts, minor),
  ]
  return caps.filter((one) => one !== null)
}

function cap(major: number | null, id: string, code: ReasonCode, minor: (major: number) => number): PurchaseCap | null {
  return major === null ? null : { id, code, capMinor: minor(major) }
}

/**
 * What may be owed in all is a share of the monthly income; what is owed already is taken off. Of a purchase that is
 * paid back monthly its real instalment counts, with its interest, and not the whole of it.
 */
function affordable({ policy, state, request }: CapCase): PurchaseCap | null {
  const income = state.report?.monthlyIncomeMinor ?? null
  if (policy.affordability === null || income === null) return null
  const share = Math.floor((income * policy.affordability.incomePercentMax) / 100)
  const room = Math.max(0, share - burdenMinor(state.purchases))
  const capMinor = request.monthly === null ? room : amountForMonth(request, room)
  return { id: 'affordable', code: 'INCOME_TOO_LOW', capMinor, onCredit: true }
}

/** On a report that is older than the policy wants, because a fresh one did not come in time. */
function onOldReport({ policy, state, request }: CapCase, minor: (major: number) => number): PurchaseCap | null {
  const { whenLate, lateCap } = policy.bureau
  const isOld = state.report !== null && isTooOld(policy, state.report, request.meta.occurredAt)
  return cap(isOld && whenLate === 'LOWER_CAP' ? lateCap : null, 'report-old', 'CREDIT_REPORT_OLD', minor)
}

/** Not many times what was ever paid off, once there is something to go by. */
function usual({ policy, state: { history } }: CapCase, minor: (major: number) => number): PurchaseCap | null {
  const { unusual } = policy.caps
  if (unusual === null || history === null || history.completed < unusual.purchasesMin) return null
  const capMinor = Math.max(minor(unusual.above), history.largestCompletedMinor * unusual.times)
  return { id: 'usual-amount', code: 'AMOUNT_UNUSUAL', capMinor }
}

function isNewMerchant({ history }: CreditState, { merchantId }: RequestPurchase): boolean {
  return history !== null && !history.merchantIds.includes(merchantId)
}

/** True of a device that is not among those we know; where we know none, none is new. */
function isNewDevice({ history }: CreditState, { deviceId }: RequestPurchase): boolean {
  if (deviceId === null || history === null || history.deviceIds.length === 0) return false
  return !history.deviceIds.includes(deviceId)
}
