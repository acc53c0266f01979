import { z } from '@hono/zod-openapi'
import { monthlyOffer } from '#domain/credit-cost.ts'
import type { MonthlyTerms as ScheduleTerms } from '#domain/monthly-schedule.ts'
import type { MonthlyTerms } from '#schemas'
import type { Checkout } from './checkout-state.ts'
import { Problem } from './problems.ts'
import { currency, date, id, minor, oneOf, whole } from './view-fields.ts'

/** The most a monthly plan may cost a year, parts per million (ours): what many caps on consumer credit come to. */
export const MONTHLY_RATE_MAX_PPM = 360_000
/** How many instalments a monthly plan has. */
export const MONTHLY_INSTALMENTS = { min: 2, max: 36 } as const

const interest = oneOf(
  ['NONE', 'FLAT', 'DECLINING'],
  'FLAT: on the amount bought, whatever was paid. DECLINING: on what is owed.',
)
const dayCount = oneOf(['THIRTY_360', 'ACTUAL_365'], 'How days of interest are counted.')

/** Monthly terms as callers get them. */
export const MonthlyTermsView = z
  .object({
    instalments: whole('How many, a month apart; the first is due a month after the capture.', 6),
    interest,
    ratePpm: whole('Interest a year in parts per million: 9.99 % is 99900.', 99_900),
    dayCount,
  })
  .openapi('MonthlyPlanTerms')

/** What a monthly credit costs. */
export const CreditCostView = z
  .object({
    interestMinor: minor('All interest, where it is paid as planned.', 171),
    totalMinor: minor('All that is to be paid.', 5_898),
    rateBps: whole('The annual rate in hundredths of a percent.', 1_046),
    rateMethod: oneOf(
      ['ACTUARIAL', 'EFFECTIVE'],
      'ACTUARIAL: the APR of Regulation Z (US dollars). EFFECTIVE: the effective annual rate of the EU and the UK.',
    ),
  })
  .openapi('CreditCost')

/** A monthly plan of a checkout, as the consumer must see it before agreeing. */
export const MonthlyOfferView = z
  .object({
    ...MonthlyTermsView.shape,
    cost: CreditCostView,
    schedule: z.array(
      z.object({
        no: whole('From 1.', 1),
        dueDate: date('When it would be due, were it captured in full today.'),
        amountMinor: minor('To be paid: principal and interest.', 983),
        principalMinor: minor('Of it, principal.', 936),
        interestMinor: minor('Of it, interest.', 47),
      }),
    ),
  })
  .openapi('MonthlyOffer')

/** All monthly plans of a checkout. */
export const MonthlyOffersView = z
  .object({ checkoutId: id('chk', 'The checkout.'), currency, items: z.array(MonthlyOfferView) })
  .openapi('MonthlyOffers')

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
