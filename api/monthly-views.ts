import { z } from '@hono/zod-openapi'
import { currency, date, id, minor, oneOf, whole } from './view-fields.ts'

/** What callers get of monthly plans: terms, cost, and offers. */

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
const MonthlyOfferView = z
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
