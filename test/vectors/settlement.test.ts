/** What merchants are paid. */
import { closeDay } from '#topologies/settlement/close.ts'
import { captureFeeMinor } from '#topologies/settlement/lines.ts'
import { amount, vectors } from './text-table.ts'

vectors(
  'payout = sales − returns − fees − repaid debt; below 0 nothing is paid and the debt is carried',
  `
  | sales | returns | fees | carried | gives                                           |
  | 250   | 0       | 10   | 0       | debt repaid 0.00, payout 240.00, carried 0.00   |
  | 0     | 100     | 0    | 0       | debt repaid 0.00, payout 0.00, carried -100.00  |
  | 250   | 0       | 10   | -100    | debt repaid 100.00, payout 140.00, carried 0.00 |
  | 50    | 0       | 0    | -100    | debt repaid 50.00, payout 0.00, carried -50.00  |
  | 10    | 30      | 0    | -100    | debt repaid 0.00, payout 0.00, carried -120.00  |
  | 100   | 0       | 4    | 0       | debt repaid 0.00, payout 96.00, carried 0.00    |
  `,
  (row) => {
    const day = {
      salesMinor: row.minor('sales'),
      returnsMinor: row.minor('returns'),
      feesMinor: row.minor('fees'),
    }
    const closing = closeDay(day, row.minor('carried'))
    const paid = `debt repaid ${amount(closing.debtRepaidMinor)}, payout ${amount(closing.payoutMinor)}`
    return `${paid}, carried ${amount(closing.carriedMinor)}`
  },
)

vectors(
  'fee at capture = round(captured × percent) + fixed',
  `
  | captured | percent | fixed | gives |
  | 100      | 4       | 0     | 4.00  |
  | 100      | 4       | 0.30  | 4.30  |
  | 57.27    | 5.99    | 0.30  | 3.73  |
  | 0.12     | 4       | 0     | 0.00  |
  | 0.13     | 4       | 0     | 0.01  |
  `,
  (row) => {
    const terms = {
      feeBps: row.minor('percent'),
      feeFixedMinor: row.minor('fixed'),
      settlementDays: 2,
      refundPolicy: null,
      authorisationDays: null,
    }
    return amount(captureFeeMinor(row.minor('captured'), terms))
  },
)
