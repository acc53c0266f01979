/** What merchants are paid. */
import type { SettlementLineKind } from '#schemas'
import { closeDay } from '#topologies/settlement/close.ts'
import { captureFeeMinor } from '#topologies/settlement/lines.ts'
import { NO_TOTALS, withAmount } from '#topologies/settlement/totals.ts'
import { amount, vectors } from './text-table.ts'

vectors(
  'payout = sales − returns − fees − tax − holdback + release − repaid debt ± corrections; below 0 the debt is carried',
  `
  | lines                                                 | carried | gives                                           |
  | SALE 250, FEE -10                                     | 0       | debt repaid 0.00, payout 240.00, carried 0.00   |
  | RETURN -100                                           | 0       | debt repaid 0.00, payout 0.00, carried -100.00  |
  | SALE 250, FEE -10                                     | -100    | debt repaid 100.00, payout 140.00, carried 0.00 |
  | SALE 50                                               | -100    | debt repaid 50.00, payout 0.00, carried -50.00  |
  | SALE 10, RETURN -30                                   | -100    | debt repaid 0.00, payout 0.00, carried -120.00  |
  | SALE 100, FEE -4                                      | 0       | debt repaid 0.00, payout 96.00, carried 0.00    |
  | SALE 100, FEE -4, TAX -0.76                           | 0       | debt repaid 0.00, payout 95.24, carried 0.00    |
  | SALE 100, FEE -3, COMMISSION -1, TAX -0.76            | 0       | debt repaid 0.00, payout 95.24, carried 0.00    |
  | SALE 100, FEE -4, HOLDBACK -10                        | 0       | debt repaid 0.00, payout 86.00, carried 0.00    |
  | RELEASE 10                                            | 0       | debt repaid 0.00, payout 10.00, carried 0.00    |
  | HOLDBACK -40                                          | 0       | debt repaid 0.00, payout 0.00, carried -40.00   |
  | RELEASE 40, REVERSAL -40                              | -40     | debt repaid 0.00, payout 0.00, carried -40.00   |
  | RELEASE 40                                            | -40     | debt repaid 40.00, payout 0.00, carried 0.00    |
  | SALE 100, RETURN -30, FEE -4, FEE_REFUND 1, TAX -0.57 | 0       | debt repaid 0.00, payout 66.43, carried 0.00    |
  | SALE 100, CREDIT 5, CHARGE -2, CORRECTION -0.01       | 0       | debt repaid 0.00, payout 102.99, carried 0.00   |
  | CHARGE -2, CREDIT 5                                   | -10     | debt repaid 3.00, payout 0.00, carried -7.00    |
  `,
  (row) => {
    const day = row.list('lines').reduce((totals, line) => {
      const [kind = '', minor = ''] = line.split(' ')
      return withAmount(totals, kind as SettlementLineKind, Math.round(Number(minor) * 100))
    }, NO_TOTALS)
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
      settlement: null,
      monthly: [],
    }
    return amount(captureFeeMinor(row.minor('captured'), terms))
  },
)
