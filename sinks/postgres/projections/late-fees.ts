import { type Projection, patch, put } from '../projection.ts'

export const lateFees: Projection = {
  table: 'late_fees',
  key: ['fee_id'],
  rules: {
    LateFeeCharged: (event) =>
      put({
        fee_id: event.feeId,
        plan_id: event.planId,
        consumer_id: event.consumerId,
        instalment_no: event.instalmentNo,
        amount_minor: event.amountMinor,
        currency: event.currency,
        scheme: event.scheme,
        rule: event.rule,
        charged_on: event.meta.businessDate,
      }),
    LateFeeReversed: (event) => patch({ fee_id: event.feeId, reversed_minor: event.reversedMinor }),
  },
}
