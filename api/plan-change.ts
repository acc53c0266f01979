import type { z } from '@hono/zod-openapi'
import type { Instalment, PlanBalance } from '#schemas'
import type { PlanChangeView } from './plan-views.ts'

type Changed = {
  readonly type: string
  readonly planId: string
  readonly balance: PlanBalance
  /** None where the change leaves them as they are. */
  readonly instalments?: readonly Instalment[]
}

/** An event of a plan as the answer of the command that caused it. */
export function changeOf({ type, planId, balance, instalments = [] }: Changed): z.infer<typeof PlanChangeView> {
  const { outstandingMinor, feesMinor } = balance
  return { planId, change: type, outstandingMinor, feesMinor, instalments: instalments.map((row) => ({ ...row })) }
}
