import type { z } from '@hono/zod-openapi'
import { payoffMinor } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import type { Instalment, PlanBalance } from '#schemas'
import type { InstalmentView, PlanChangeView, PlanView } from './plan-views.ts'
import type { StoredPlan } from './reads.ts'

type Changed = {
  readonly type: string
  readonly planId: string
  readonly balance: PlanBalance
  /** None where the change leaves them as they are. */
  readonly instalments?: readonly Instalment[]
}

/** An event of a plan as the answer of the command that caused it. */
export function changeOf({ type, planId, balance, instalments = [] }: Changed): z.infer<typeof PlanChangeView> {
  const { outstandingMinor, feesMinor, interestMinor } = balance
  return { planId, change: type, outstandingMinor, feesMinor, interestMinor, instalments: instalments.map(viewOf) }
}

function viewOf({ interest, ...row }: Instalment): z.infer<typeof InstalmentView> {
  return {
    ...row,
    interestMinor: interest?.amountMinor ?? 0,
    interestChargedMinor: interest?.chargedMinor ?? 0,
    interestPaidMinor: interest?.paidMinor ?? 0,
    interestFrom: interest?.from ?? null,
    interestTo: interest?.to ?? null,
  }
}

/** A plan as it was read, with what pays it off on a day; nothing where nothing is owed any more. */
export function withPayoff(plan: StoredPlan, today: string): z.infer<typeof PlanView> {
  if (plan.status !== 'ACTIVE') return { ...plan, payoffMinor: 0 }
  const rows = plan.instalments.map(({ amountMinor, paidMinor, ...row }) => {
    const { interestFrom: from, interestTo: to } = row
    const amounts = { chargedMinor: row.interestChargedMinor, paidMinor: row.interestPaidMinor }
    const interest = from === null || to === null ? null : { amountMinor: row.interestMinor, ...amounts, from, to }
    return { amountMinor, paidMinor, interest: interest === null ? null : { ...interest, series: 0 } }
  })
  return { ...plan, payoffMinor: sumMinor([payoffMinor(rows, today), plan.feesMinor]) }
}
