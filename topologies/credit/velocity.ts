import type { CreditState, RequestPurchase } from '#schemas'
import type { CreditPolicy, VelocityRule } from './credit-policy.ts'
import { policyAmountMinor } from './limits.ts'

const HOUR_MS = 3_600_000
/** A decision is remembered at least so long: longer than its checkout can be confirmed. */
const REMEMBERED_HOURS = 48

/** How long a policy needs decisions to be remembered; milliseconds. */
export function rememberedMs({ velocity }: CreditPolicy): number {
  return Math.max(REMEMBERED_HOURS, ...velocity.map(({ hours }) => hours)) * HOUR_MS
}

/** The velocity rules that a purchase would break, with what was decided before in their windows. */
export function brokenVelocity(
  policy: CreditPolicy,
  state: CreditState,
  request: RequestPurchase,
): readonly VelocityRule[] {
  return policy.velocity.filter((rule) => {
    const since = request.meta.occurredAt - rule.hours * HOUR_MS
    const inWindow = state.decided.filter(
      ({ decidedAt, approved }) => decidedAt > since && (approved || rule.counts === 'ASKED'),
    )
    if (rule.purchasesMax !== null && inWindow.length + 1 > rule.purchasesMax) return true
    if (rule.amountMax === null) return false
    const before = inWindow.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    return before + request.amountMinor > policyAmountMinor(policy, rule.amountMax, request.currency)
  })
}
