import type { z } from '@hono/zod-openapi'
import type { Principal } from './auth.ts'
import type { ApiParts } from './parts.ts'
import { Problem } from './problems.ts'
import type { StoredPlan } from './reads.ts'
import type { PurchaseView } from './views.ts'

type Reading = Pick<ApiParts, 'recent' | 'reads'>

/** A purchase that the caller may see, as of what the caller has just done. @throws Problem PURCHASE_UNKNOWN */
export async function purchaseOf(
  { recent, reads }: Reading,
  principal: Principal,
  purchaseId: string,
): Promise<z.infer<typeof PurchaseView>> {
  await recent.settle(principal.id)
  const found = await reads.purchase(purchaseId)
  if (found !== null && maySee(principal, found)) return found
  throw new Problem(404, 'PURCHASE_UNKNOWN', `There is no ${purchaseId}.`)
}

/** A plan that the caller may see, as of what the caller has just done. @throws Problem PLAN_UNKNOWN */
export async function planOf({ recent, reads }: Reading, principal: Principal, planId: string): Promise<StoredPlan> {
  await recent.settle(principal.id)
  const found = await reads.plan(planId)
  if (found !== null && maySee(principal, found)) return found
  throw new Problem(404, 'PLAN_UNKNOWN', `There is no ${planId}.`)
}

/** Its merchant, its consumer and the operator; to all others it is as unknown as one there is not. */
function maySee({ kind, id }: Principal, owned: { readonly merchantId: string; readonly consumerId: string }): boolean {
  if (kind === 'operator') return true
  return (kind === 'merchant' ? owned.merchantId : owned.consumerId) === id
}
