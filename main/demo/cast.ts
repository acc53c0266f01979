import type { DemoPurchase } from './purchases-file.ts'

/** Cards of the sandbox gateway that the demo's customers carry. */
const GOOD_CARD = '4242424242424242'
/** Pays at checkout, and declines softly the first two attempts of every later charge. */
const SOFT_TWICE_CARD = '4000000000003220'
/** Pays at checkout, and fails for good on every later charge. */
const FAILING_CARD = '4000000000003238'

/** Pay in 4 from this amount up, pay in 30 below. */
const PAY_IN_4_FROM_MINOR = 3_500
/** The monthly plans of the demo's shop, and the amount from which its customers choose each. */
const MONTHLY = [
  { fromMinor: 15_000, terms: { instalments: 5, interest: 'FLAT', ratePpm: 60_000, dayCount: 'ACTUAL_365' } },
  { fromMinor: 7_500, terms: { instalments: 6, interest: 'DECLINING', ratePpm: 99_900, dayCount: 'THIRTY_360' } },
  { fromMinor: 5_000, terms: { instalments: 3, interest: 'NONE', ratePpm: 0, dayCount: 'THIRTY_360' } },
] as const
/** What the shop offers. */
export const monthlyOffers = MONTHLY.map(({ terms }) => terms)
/** A refund comes so many days after its purchase. */
export const REFUND_AFTER_DAYS = 10

/** How a purchase is paid back, as its confirmation says it. */
export type ProductChoice =
  | { readonly product: 'PAY_IN_4' | 'PAY_IN_30' }
  | { readonly product: 'PAY_MONTHLY'; readonly instalments: number }

/** The card of a customer: 5 of 100 decline softly twice, 1 of 100 fails for good; the same ones in every run. */
export function cardOf(customer: string): string {
  const slot = Number(customer) % 100
  if (slot < 5) return SOFT_TWICE_CARD
  return slot === 5 ? FAILING_CARD : GOOD_CARD
}

/** Whether every later charge of a customer fails for good. */
export function isFailing(customer: string): boolean {
  return cardOf(customer) === FAILING_CARD
}

/** How a purchase is paid back: the larger, the longer. */
export function productOf({ amountMinor }: DemoPurchase): ProductChoice {
  const monthly = MONTHLY.find(({ fromMinor }) => amountMinor >= fromMinor)
  if (monthly !== undefined) return { product: 'PAY_MONTHLY', instalments: monthly.terms.instalments }
  return { product: amountMinor >= PAY_IN_4_FROM_MINOR ? 'PAY_IN_4' : 'PAY_IN_30' }
}

/** What goes back of a purchase: 2 of 100 are refunded, every other one of these in full, the rest by half. */
export function refundOf(purchase: DemoPurchase): number {
  if (purchase.line % 50 !== 0) return 0
  return purchase.line % 100 === 0 ? purchase.amountMinor : Math.floor(purchase.amountMinor / 2)
}
