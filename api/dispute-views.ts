import { z } from '@hono/zod-openapi'
import { currency, id, instant, minor, oneOf, text } from './view-fields.ts'

const disputeId = id('dis', 'The dispute.')
const purchaseId = id('pur', 'The purchase.')
const amountMinor = minor('Disputed.')
const status = oneOf(
  ['OPEN', 'UNDER_REVIEW', 'WON', 'LOST'],
  'OPEN: the merchant has to answer. WON and LOST are the merchant’s view: LOST is refunded.',
)
const cause = oneOf(
  ['OPERATOR', 'NO_EVIDENCE', 'ACCEPTED', 'WITHDRAWN', 'NETWORK'],
  'Who or what decided it; NO_EVIDENCE: the merchant did not answer in time.',
)

/** What opening a dispute gives. */
export const OpenedDisputeView = z
  .object({
    ...{ disputeId, purchaseId, status, amountMinor, currency },
    evidenceDueAt: instant('Until when the merchant can answer.'),
  })
  .openapi('OpenedDispute')

/** What answering a dispute gives. */
export const AnsweredDisputeView = z.object({ disputeId, status }).openapi('AnsweredDispute')

/** What ending a dispute gives. */
export const DecidedDisputeView = z
  .object({ disputeId, purchaseId, status, cause, amountMinor, currency })
  .openapi('DecidedDispute')

/** A dispute in a list. */
export const DisputeView = z
  .object({
    ...{ disputeId, purchaseId, status, amountMinor, currency },
    cause: cause.nullable().openapi({ description: 'Null while it is not decided.' }),
    consumerId: id('con', 'The consumer.'),
    merchantId: id('mer', 'The merchant.'),
    origin: oneOf(['CONSUMER', 'NETWORK'], 'NETWORK: the consumer’s bank took a payment back.'),
    reason: text('Of the consumer, or as the network names it.', 'NOT_RECEIVED'),
    note: text('In the consumer’s words.').nullable(),
    evidence: text('The merchant’s answer.').nullable(),
    evidenceDueAt: instant('Until when the merchant can answer.'),
    chargeBackId: text('The network’s charge-back.').nullable(),
  })
  .openapi('Dispute')
