/** Makes the events of a plan: whom they are about, what caused them and the balance after them. */
import type { Rule } from '#domain/in-turn.ts'
import { childMeta, type Envelope, type PlanEvent, type PlanState } from '#schemas'
import { balanceOf } from './balance.ts'
import { evolvePlan, type PlanFact } from './plan-state.ts'

/** What events follow from. */
export type Cause = { readonly meta: Envelope }

/** A rule of the plan: see domain/in-turn.ts. */
export type PlanRule = Rule<PlanState, PlanFact>

type EventOf<T extends PlanEvent['type']> = Extract<PlanEvent, { type: T }>
type Head = 'type' | 'meta' | 'consumerId' | 'merchantId' | 'purchaseId' | 'planId' | 'currency' | 'balance'

/** What an event of this type says beyond what every plan event says. */
export type EventFields<T extends PlanEvent['type']> = Omit<EventOf<T>, Head>

/**
 * An event of the plan, with the balance after it. `parts` tell it apart from others of its type that the same cause
 * has for the same plan.
 */
export function planEvent<T extends PlanEvent['type']>(
  plan: PlanState,
  cause: Cause,
  type: T,
  fields: EventFields<T>,
  ...parts: readonly (string | number)[]
): EventOf<T> {
  const { consumerId, merchantId, purchaseId, currency } = plan.order
  const head = { consumerId, merchantId, purchaseId, planId: plan.planId, currency }
  const meta = childMeta('installments', cause, type, plan.planId, ...parts)
  const event = { type, meta, ...head, ...fields, balance: balanceOf(plan) } as unknown as EventOf<T>
  return { ...event, balance: balanceOf(evolvePlan(plan, event)) }
}
