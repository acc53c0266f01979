import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from '@hono/zod-openapi'
import type { CheckoutState } from '#schemas'
import type { ApiParts } from './parts.ts'
import { Problem } from './problems.ts'
import { isoTime } from './routing.ts'
import type { CheckoutView } from './views.ts'

/** Two seconds in all. */
const LOOK_AGAIN_MS = 20
const LOOKS_MAX = 100

/** A checkout that was created. */
export type Checkout = CheckoutState & { readonly offer: NonNullable<CheckoutState['offer']> }

/** A checkout as it stands. @throws Problem CHECKOUT_UNKNOWN */
export async function checkoutOf(
  parts: Pick<ApiParts, 'directory' | 'queries'>,
  checkoutId: string,
): Promise<Checkout> {
  const merchantId = await parts.directory.ownerOf(checkoutId, 'CHECKOUT_UNKNOWN')
  // It has an owner, so it was created. Its state can be a moment behind where another node has created it.
  for (let looks = 1; ; looks += 1) {
    const state = await parts.queries.get<CheckoutState>('merchants', 'checkouts', checkoutId, {
      partitionKey: merchantId,
    })
    if (state?.offer != null) return { ...state, offer: state.offer }
    if (looks === LOOKS_MAX) throw unknownCheckout(checkoutId)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** One that is another's is answered like one that is not there. */
export function unknownCheckout(checkoutId: string): Problem {
  return new Problem(404, 'CHECKOUT_UNKNOWN', `There is no checkout ${checkoutId}, or it is another consumer's.`)
}

/**
 * True where the checkout cannot be taken or confirmed any more at a business time. Its state says so only where nobody
 * had taken it.
 */
export function hasExpired({ status, offer }: Checkout, timeMs: number): boolean {
  return status === 'EXPIRED' || offer.expiresAt <= timeMs
}

/** A checkout as the API shows it. */
export function checkoutViewOf(checkout: Checkout, timeMs: number): z.infer<typeof CheckoutView> {
  const { terms: _terms, payoutAccount: _account, createdAt: _at, expiresAt, items, ...shown } = checkout.offer
  return {
    checkoutId: checkout.checkoutId,
    consumerId: checkout.consumerId,
    status: hasExpired(checkout, timeMs) ? 'EXPIRED' : checkout.status,
    ...shown,
    items: [...items],
    expiresAt: isoTime(expiresAt),
  }
}
