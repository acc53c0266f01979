import type { z } from '@hono/zod-openapi'
import { monthlyOffer } from '#domain/credit-cost.ts'
import type { MonthlyTerms as ScheduleTerms } from '#domain/monthly-schedule.ts'
import type { MonthlyTerms } from '#schemas'
import type { Checkout } from './checkout-state.ts'
import type { MonthlyOffersView, MonthlyTermsView } from './monthly-views.ts'
import { Problem } from './problems.ts'

/** The monthly plans that a checkout offers, worked out as of a date. */
export function offersOf({ checkoutId, offer }: Checkout, today: string): z.infer<typeof MonthlyOffersView> {
  const items = offer.terms.monthly.map((terms) => {
    const asked = { ...terms, principalMinor: offer.amountMinor, seedDate: today } as ScheduleTerms
    const { schedule, cost } = monthlyOffer(asked, offer.currency)
    return { ...viewOf(terms), cost, schedule: schedule.map(({ from: _, ...one }) => one) }
  })
  return { checkoutId, currency: offer.currency, items }
}

/** Terms as they are shown. */
function viewOf({ instalments, interest: method, ratePpm, dayCount: days }: MonthlyTerms) {
  return { instalments, interest: method, ratePpm, dayCount: days } as z.infer<typeof MonthlyTermsView>
}

/** How somebody wants to pay back; the number of instalments with PAY_MONTHLY. */
type Choice = { readonly product: string; readonly instalments?: number | undefined }

/** The terms that a confirmation chose among those of its checkout; null where it is not paid back monthly. */
export function chosenTerms({ offer }: Checkout, { product, instalments }: Choice): MonthlyTerms | null {
  if (product !== 'PAY_MONTHLY') return null
  return offer.terms.monthly.find((terms) => terms.instalments === instalments) ?? null
}

/** Why the checkout cannot be paid back so: PRODUCT_NOT_OFFERED; null where it can. */
export function productProblem(checkout: Checkout, choice: Choice): Problem | null {
  if (choice.product !== 'PAY_MONTHLY' || chosenTerms(checkout, choice) !== null) return null
  const offered = checkout.offer.terms.monthly.map((terms) => terms.instalments)
  const which = offered.length === 0 ? 'Choose another product.' : `It offers ${offered.join(', ')} instalments.`
  return new Problem(422, 'PRODUCT_NOT_OFFERED', `The shop does not offer these monthly instalments. ${which}`)
}
