import { z } from '@hono/zod-openapi'
import { AUTHORISATION_DAYS, AUTHORISATION_DAYS_MAX } from '#domain/authorisation-days.ts'
import { MONTHLY_INSTALMENTS_MAX, MONTHLY_RATE_MAX_PPM } from '#domain/monthly-schedule.ts'
import type { MerchantTerms } from '#schemas'
import { AMOUNT_MINOR_MAX, RefundPolicy } from './requests.ts'

const ticket = z.int().min(1).max(AMOUNT_MINOR_MAX)

const bps = (description: string) => z.int().min(0).max(10_000).default(0).openapi({ description })
const SettlementTermsBody = z
  .strictObject({
    commissionBps: bps('Commission on each capture, in hundredths of a percent.'),
    taxBps: bps('Tax on fees and commissions.'),
    holdbackBps: bps('Share of each capture that is held back as a reserve.'),
    holdbackDays: z.int().min(0).max(365).default(0).openapi({ description: 'Days until a reserve is released.' }),
    refundsFee: z.boolean().default(false).openapi({ description: 'A refund gives its share of the fee back.' }),
  })
  .openapi('SettlementTerms')

const MonthlyTermsBody = z
  .strictObject({
    instalments: z
      .int()
      .min(2)
      .max(MONTHLY_INSTALMENTS_MAX)
      .openapi({ example: 6, description: 'How many; one plan a number.' }),
    interest: z.enum(['NONE', 'FLAT', 'DECLINING']).default('NONE').openapi({
      description: 'FLAT: on the amount bought, whatever was paid. DECLINING: on what is owed.',
    }),
    ratePpm: z.int().min(0).max(MONTHLY_RATE_MAX_PPM).default(0).openapi({
      example: 99_900,
      description: 'Interest a year in parts per million (9.99 % is 99900); 0 without interest.',
    }),
    dayCount: z.enum(['THIRTY_360', 'ACTUAL_365']).default('THIRTY_360').openapi({
      description: 'How days of interest are counted.',
    }),
  })
  .refine(({ interest, ratePpm }) => (interest === 'NONE') === (ratePpm === 0), {
    error: 'must be 0 without interest, and above 0 with it',
    path: ['ratePpm'],
  })
  .openapi('MonthlyTerms')

const NO_SETTLEMENT_TERMS = SettlementTermsBody.parse({})

/** The terms of a merchant, as a request gives them. */
export const termsFields = {
  feeBps: z.int().min(0).max(5_000).default(400).openapi({ description: 'Hundredths of a percent of each capture.' }),
  feeFixedMinor: z.int().min(0).max(100_000).default(30).openapi({ description: 'On each capture. Minor units.' }),
  settlementDays: z.int().min(0).max(60).default(1).openapi({ description: 'Days from a capture to its settlement.' }),
  settlement: SettlementTermsBody.optional().openapi({ description: 'How it is settled beyond fee and days.' }),
  authorisationDays: z
    .int()
    .min(1)
    .max(AUTHORISATION_DAYS_MAX)
    .default(AUTHORISATION_DAYS)
    .openapi({ description: 'Days in which a purchase can be captured; what is not, is released then.' }),
  refundPolicy: RefundPolicy.default('LAST_FIRST').openapi({
    description:
      'How a refund is taken off what is due later: off the last instalment first, off the next one, in equal ' +
      'parts, or so that what is left is equal again.',
  }),
  monthly: z
    .array(MonthlyTermsBody)
    .max(12)
    .refine((all) => new Set(all.map(({ instalments }) => instalments)).size === all.length, {
      error: 'must not have two plans of one number of instalments',
    })
    .default([])
    .openapi({ description: 'The monthly plans it offers; none: only pay in 4 and pay in 30.' }),
  ticketMinMinor: ticket.default(1).openapi({ description: 'The smallest checkout. Minor units.' }),
  ticketMaxMinor: ticket.default(200_000).openapi({ description: 'The largest checkout. Minor units.' }),
} as const

const Terms = z.object(termsFields)
type TermsBody = z.infer<typeof Terms>

/** The terms that a body gives, as a command holds them, and the rest of the body. */
export function termsOf<B extends TermsBody>(body: B, timeZone: string) {
  const { feeBps, feeFixedMinor, settlementDays, refundPolicy, authorisationDays, settlement, monthly, ...rest } = body
  const terms: MerchantTerms = {
    ...{ feeBps, feeFixedMinor, settlementDays, refundPolicy, authorisationDays },
    settlement: { ...NO_SETTLEMENT_TERMS, ...settlement, timeZone },
    monthly,
  }
  return { terms, rest }
}

type Range = { readonly ticketMinMinor: number; readonly ticketMaxMinor: number }

/** The rule that the range of tickets is one, for `refine`. */
export const ticketRange = [
  (body: Range) => body.ticketMinMinor <= body.ticketMaxMinor,
  { error: 'must not be below ticketMinMinor', path: ['ticketMaxMinor'] as string[] },
] as const
