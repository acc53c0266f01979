import { z } from '@hono/zod-openapi'
import { MonthlyTermsView } from './monthly-views.ts'
import { currency, id, instant, minor, oneOf, text, whole } from './view-fields.ts'

/** What callers get about the onboarding of merchants, their terms and keys. */

const merchantId = id('mer', 'The merchant.')
const tier = oneOf(['LOW', 'STANDARD', 'HIGH'], 'The risk tier: fee plan, and the largest ticket.').nullable()
const applicationStatus = oneOf(
  ['APPLIED', 'IN_REVIEW', 'APPROVED', 'REJECTED'],
  'Where it stands; APPLIED while the verification runs, IN_REVIEW where a person looks at it.',
)
const reasons = z.array(z.string()).openapi({ description: 'Why it is where it is.' })

/** An application that was sent, with the key that is good once it is approved. */
export const ApplicationAnswerView = z
  .object({
    merchantId,
    status: applicationStatus,
    tier,
    reasons,
    apiKeyId: id('key', 'The key.'),
    apiKey: text('The API key: good once the application is approved. Only its hash is kept.'),
  })
  .openapi('ApplicationAnswer')

/** A decision on an application. */
export const ApplicationDecidedView = z
  .object({ merchantId, status: applicationStatus, tier, reasons })
  .openapi('ApplicationDecided')

/** An application in the list of them. */
export const ApplicationView = z
  .object({
    merchantId,
    name: text('As consumers know the merchant.', 'Kiosk'),
    legalName: text('As in the register.', 'Kiosk Ltd'),
    registrationNumber: text('In the register of its country.', 'HRB 1001'),
    country: text('ISO 3166-1, two letters.', 'US'),
    currency,
    categoryCode: text('ISO 18245.', '5994'),
    status: applicationStatus,
    tier,
    reasons,
    appliedAt: instant('When it came.'),
  })
  .openapi('Application')

/** A version of a merchant's terms. */
export const TermsVersionView = z
  .object({
    version: whole('Those the merchant was taken on with are version 1.', 2),
    effectiveFrom: instant('For checkouts that are made then or later.'),
    feeBps: whole('The fee on each capture, in hundredths of a percent.', 400),
    feeFixedMinor: minor('The fixed fee on each capture.', 30),
    settlementDays: whole('Days from the capture to its settlement.', 1),
    refundPolicy: text('How refunds are taken off what is due later.', 'LAST_FIRST').nullable(),
    authorisationDays: whole('Days in which a purchase can be captured; null: 13.', 13).nullable(),
    monthly: z.array(MonthlyTermsView).openapi({ description: 'The monthly plans it offers.' }),
    ticketMinMinor: minor('The smallest checkout.', 1),
    ticketMaxMinor: minor('The largest checkout.', 200_000),
  })
  .openapi('TermsVersion')

/** A merchant in another risk tier. */
export const TierView = z.object({ merchantId, tier, previous: tier, reason: text('As it was given.') }).openapi('Tier')

/** An API key without its secret. */
export const ApiKeyRowView = z
  .object({
    apiKeyId: id('key', 'The key.'),
    endsAt: instant('When it ends; null: not before it is withdrawn.').nullable(),
  })
  .openapi('ApiKeyRow')

/** A new key, and the end of the one before it. */
export const RotatedKeyView = z
  .object({
    merchantId,
    apiKeyId: id('key', 'The new key.'),
    apiKey: text('The new API key. Only its hash is kept; a repeat of the request gives the same one again.'),
    replaced: ApiKeyRowView.openapi({ description: 'The old key.' }),
  })
  .openapi('RotatedKey')
