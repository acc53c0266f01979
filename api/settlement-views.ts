import { z } from '@hono/zod-openapi'
import { currency, date, id, text } from './view-fields.ts'
import { SettlementView } from './views.ts'

const signed = z.int().openapi({ description: 'Signed: what it adds to the payout. Minor units.', example: -500 })

/** A line that the operator added. */
export const CorrectionView = z
  .object({
    lineId: text('The line.'),
    merchantId: id('mer', 'The merchant.'),
    kind: text('CHARGE, CREDIT or CORRECTION.', 'CHARGE'),
    amountMinor: signed,
    currency,
    settleOn: date('When it is settled.'),
    settlementId: id('set', 'The settlement that it goes into.'),
  })
  .openapi('Correction')

/** A settlement as a file. */
export const SettlementFileView = z
  .object({
    settlement: SettlementView,
    rows: z
      .array(
        z.object({
          lineId: text('The line.'),
          kind: text('As of a line; CARRIED_IN, CARRIED_ON and PAYOUT close the file.', 'SALE'),
          amountMinor: signed,
          purchaseId: id('pur', 'The purchase.').nullable(),
          captureId: id('cap', 'The capture it is of.').nullable(),
          refundId: id('ref', 'The refund it is of.').nullable(),
          disputeId: id('dis', 'The dispute it is for.').nullable(),
          note: text('Of a correction: why.').nullable(),
        }),
      )
      .openapi({ description: 'Their amounts sum to 0.' }),
  })
  .openapi('SettlementFile')
