/**
 * How a limit moves with the way somebody pays (DOMAIN §3): the policy counts signs, and after so many of a kind the
 * limit becomes another percentage of what the score gives. Asking for more moves nothing.
 */
import type { CreditStanding, CreditState, PaymentChargedBack, PaymentFailed, PlanEvent } from '#schemas'
import type { Behaviour, BehaviourRule, CreditPolicy } from './credit-policy.ts'
import { isBlocked } from './exposure.ts'

/** News of payments that tell how somebody pays. */
export type PaymentNews = PaymentFailed | PaymentChargedBack

/** A standing, and the rule that moved it; null where none did. */
export type StandingMove = { readonly standing: CreditStanding; readonly rule: BehaviourRule | null }

const DAY_MS = 86_400_000
/** The standing of who has not paid anything yet. */
const NEW: CreditStanding = { percent: 100, counts: {}, loweredAt: null }

/** What an event says of how somebody pays; null where it says nothing. */
export function behaviourOf(event: PlanEvent | PaymentNews): Behaviour | null {
  switch (event.type) {
    case 'InstalmentPaid': {
      const paid = event.instalments.find(({ no }) => no === event.instalmentNo)
      // What is collected at the checkout is no sign of how somebody pays later.
      if (paid === undefined || paid.status !== 'PAID' || event.principalMinor === 0) return null
      if (event.late) return 'PAID_LATE'
      return event.meta.businessDate < paid.dueDate ? 'PAID_EARLY' : 'PAID_ON_TIME'
    }
    case 'InstalmentOverdue':
      return event.overdueMinor === 0 ? null : 'OVERDUE'
    case 'PlanCompleted':
      return event.balance.capturedMinor > event.balance.refundedMinor ? 'PAID_OFF' : null
    case 'RefundAllocated':
      return 'RETURNED'
    case 'PaymentFailed':
      return event.atCheckout ? null : 'PAYMENT_FAILED'
    case 'PaymentChargedBack':
      return 'CHARGED_BACK'
    default:
      return null
  }
}

/** The standing after an event. A rule is met, and begins to count anew, whether or not the limit can move further. */
export function standingAfter(policy: CreditPolicy, state: CreditState, event: PlanEvent | PaymentNews): StandingMove {
  const before = state.standing ?? NEW
  const behaviour = behaviourOf(event)
  const rules = policy.behaviour?.rules.filter(({ on }) => on === behaviour) ?? []
  return rules.reduce<StandingMove>((move, rule) => afterRule(policy, state, event, move, rule), {
    standing: before,
    rule: null,
  })
}

function afterRule(
  { behaviour }: CreditPolicy,
  { purchases }: CreditState,
  { meta }: PlanEvent | PaymentNews,
  { standing, rule: met }: StandingMove,
  rule: BehaviourRule,
): StandingMove {
  const count = (standing.counts[rule.name] ?? 0) + 1
  const counts = { ...standing.counts, [rule.name]: count % rule.times }
  if (behaviour === null || count < rule.times) return { standing: { ...standing, counts }, rule: met }
  const { percentMin, percentMax, quietDays } = behaviour
  const quietUntil = standing.loweredAt === null ? 0 : standing.loweredAt + quietDays * DAY_MS
  const isRise = rule.percent > 0
  if (isRise && (meta.occurredAt < quietUntil || isBlocked(purchases))) {
    return { standing: { ...standing, counts }, rule: met }
  }
  const percent = Math.min(percentMax, Math.max(percentMin, standing.percent + rule.percent))
  const loweredAt = isRise ? standing.loweredAt : meta.occurredAt
  return { standing: { percent, counts, loweredAt }, rule }
}
