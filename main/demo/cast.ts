import type { DemoPurchase } from './purchases-file.ts'

/** Cards of the sandbox gateway that the demo's customers carry. */
const GOOD_CARD = '4242424242424242'
/** Pays at checkout, and declines softly the first two attempts of every later charge. */
const SOFT_TWICE_CARD = '4000000000003220'
/** Pays at checkout, and fails for good on every later charge. */
const FAILING_CARD = '4000000000003238'

/** Pay in 4 from this amount up, pay in 30 below. */
const PAY_IN_4_FROM_MINOR = 3_500
/** A refund comes so many days after its purchase. */
export const REFUND_AFTER_DAYS = 10

/** The card of a customer: 5 of 100 decline softly twice, 1 of 100 fails for good; the same ones in every run. */
export function cardOf(customer: string): string {
  const slot = Number(customer) % 100
  if (slot < 5) return SOFT_TWICE_CARD
  return slot === 5 ? FAILING_CARD : GOOD_CARD
}

/** How a purchase is paid back. */
export function productOf(purchase: DemoPurchase): 'PAY_IN_4' | 'PAY_IN_30' {
  return purchase.amountMinor >= PAY_IN_4_FROM_MINOR ? 'PAY_IN_4' : 'PAY_IN_30'
}

/** What goes back of a purchase: 2 of 100 are refunded, every other one of these in full, the rest by half. */
export function refundOf(purchase: DemoPurchase): number {
  if (purchase.line % 50 !== 0) return 0
  return purchase.line % 100 === 0 ? purchase.amountMinor : Math.floor(purchase.amountMinor / 2)
}
