/** The late fees of a consumer over all plans: what a law allows of them together. */
import { addMonths } from '#domain/calendar.ts'
import { feeWithin, roomUnder } from '#domain/fee-cap.ts'
import type { ConsumerFees, PlanState } from '#schemas'
import { consumerCapOf, type LateFeeSchemeName } from './late-fees.ts'
import type { PlanFact } from './plan-state.ts'

/** A consumer without a fee. */
export function noFees(consumerId: string): ConsumerFees {
  return { consumerId, fees: [] }
}

/** Whose fees a plan looks at when it charges or takes back one; null where no law counts them together. */
export function feesLookedAt({ order, rules, status }: PlanState): string | null {
  if (status === 'NEW') return null
  return consumerCapOf(rules.lateFeeScheme as LateFeeSchemeName, order.currency) === null ? null : order.consumerId
}

/** The fees after a fact of one of the plans. What no month of the law reaches any more is forgotten. */
export function evolveFees(consumer: ConsumerFees, fact: PlanFact): ConsumerFees {
  switch (fact.type) {
    case 'LateFeeCharged': {
      const { feeId, instalmentNo, currency, amountMinor, meta } = fact
      const on = meta.businessDate
      const since = addMonths(on, -REMEMBERED_MONTHS)
      const kept = consumer.fees.filter((fee) => fee.on > since)
      return { ...consumer, fees: [...kept, { feeId, instalmentNo, currency, on, amountMinor, reversedMinor: 0 }] }
    }
    case 'LateFeeReversed': {
      const fees = consumer.fees.map((fee) =>
        fee.feeId === fact.feeId ? { ...fee, reversedMinor: fee.reversedMinor + fact.amountMinor } : fee,
      )
      return { ...consumer, fees }
    }
    default:
      return consumer
  }
}

/** Longer than any law looks back. */
const REMEMBERED_MONTHS = 24

/**
 * The fee that may be charged of what the scheme wants, given all fees of the consumer: those the plan has charged in
 * this very decision are among its own only.
 */
export function withinLaw(plan: PlanState, wantedMinor: number, today: string, all: ConsumerFees): number {
  const { order, rules, fees } = plan
  const cap = consumerCapOf(rules.lateFeeScheme as LateFeeSchemeName, order.currency)
  if (cap === null) return wantedMinor
  const known = new Set(all.fees.map(({ feeId }) => feeId))
  const charged = [...all.fees, ...fees.filter(({ feeId }) => !known.has(feeId))]
  const inCurrency = charged.filter(({ currency }) => currency === order.currency)
  return feeWithin(wantedMinor, [roomUnder(cap, inCurrency, today)])
}
