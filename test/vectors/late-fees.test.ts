/** Late fees: a table of schemes, with the caps of an order and of the law over all contracts. */

import { addDays, msToDate } from '#domain/calendar.ts'
import { feeWithin, roomUnder } from '#domain/fee-cap.ts'
import { type LateFeeSchemeName, nextLateFee } from '#topologies/installments/late-fees.ts'
import { amount, amounts, type Row, vectors } from './text-table.ts'

vectors(
  'all fees of an order of which nothing is ever paid',
  `
  | scheme       | order | instalments | gives                                       |
  | AFTERPAY_AU  | 100   | 4           | 10.00, 7.00, 8.00                           |
  | AFTERPAY_AU  | 39    | 4           | 9.75                                        |
  | AFTERPAY_AU  | 39.99 | 4           | 9.99                                        |
  | AFTERPAY_AU  | 40    | 4           | 10.00                                       |
  | AFTERPAY_AU  | 200   | 4           | 10.00, 7.00, 10.00, 7.00, 10.00, 6.00       |
  | AFTERPAY_AU  | 272   | 4           | 10.00, 7.00, 10.00, 7.00, 10.00, 7.00, 10.00, 7.00 |
  | CLEARPAY_UK  | 23.99 | 4           | 6.00                                        |
  | CLEARPAY_UK  | 24    | 4           | 6.00                                        |
  | CLEARPAY_UK  | 96    | 4           | 6.00 x4                                     |
  | CLEARPAY_UK  | 30    | 4           | 6.00, 1.50                                  |
  | KLARNA_UK    | 100   | 3           | 5.00 x2                                     |
  | KLARNA_UK    | 30    | 3           | 5.00, 2.50                                  |
  | KLARNA_UK    | 10    | 3           | 2.50                                        |
  `,
  (row) => amounts(feesOf(row)),
)

vectors(
  'when a fee is charged of an instalment that is due on 15 January',
  `
  | scheme       | fees before | last on    | gives             |
  | AFTERPAY_AU  | 0           |            | 2026-01-17 00:00  |
  | AFTERPAY_AU  | 1           | 2026-01-17 | 2026-01-24 00:00  |
  | AFTERPAY_AU  | 2           | 2026-01-24 | never             |
  | CLEARPAY_UK  | 0           |            | 2026-01-16 23:00  |
  | CLEARPAY_UK  | 1           | 2026-01-16 | 2026-01-23 00:00  |
  | KLARNA_UK    | 0           |            | 2026-01-22 00:00  |
  | KLARNA_UK    | 1           | 2026-01-22 | never             |
  `,
  (row) => {
    const feeOn = row.text('last on') === '' ? null : row.text('last on')
    const late = { currency: 'AUD', orderMinor: 1_000_00, feesMinor: 0, dueOn: '2026-01-15', feeOn }
    const feesBefore = row.int('fees before')
    const scheme = row.text('scheme') as LateFeeSchemeName
    const fee = nextLateFee({ ...late, scheme, feesCharged: feesBefore, feeSteps: feesBefore })
    if (fee === null) return 'never'
    return `${msToDate(fee.fromMs)} ${new Date(fee.fromMs).toISOString().slice(11, 16)}`
  },
)

vectors(
  'Australian law: default fees of all contracts in a rolling 12 months are at most 120',
  `
  | charged before                                            | wanted | on         | gives |
  |                                                           | 10     | 2026-06-01 | 10.00 |
  | 68.00 on 2026-01-10, 45.00 on 2026-03-01                  | 10     | 2026-06-01 | 7.00  |
  | 68.00 on 2026-01-10, 52.00 on 2026-03-01                  | 10     | 2026-06-01 | 0.00  |
  | 68.00 on 2025-06-01, 52.00 on 2026-03-01                  | 10     | 2026-06-01 | 10.00 |
  | 68.00 on 2025-06-02, 52.00 on 2026-03-01                  | 10     | 2026-06-01 | 0.00  |
  | 68.00 on 2026-01-10, 52.00 on 2026-03-01 less 10.00       | 17     | 2026-06-01 | 10.00 |
  `,
  (row) => {
    const cap = { totalMinor: 120_00, months: 12 }
    return amount(feeWithin(row.minor('wanted'), [roomUnder(cap, chargedBefore(row), row.text('on'))]))
  },
)

vectors(
  'several caps together: the fee that reaches the first of them is cut to land on it',
  `
  | wanted | room of the order | room of the contracts | gives |
  | 10     | 25.00             | 120.00                | 10.00 |
  | 10     | 8.00              | 120.00                | 8.00  |
  | 10     | 8.00              | 3.00                  | 3.00  |
  | 10     | 8.00              | 0.00                  | 0.00  |
  `,
  (row) => amount(feeWithin(row.minor('wanted'), [row.minor('room of the order'), row.minor('room of the contracts')])),
)

/** Each instalment is late for ever: its steps follow each other, and the caps of the order go on counting. */
function feesOf(row: Row): number[] {
  const scheme = row.text('scheme') as LateFeeSchemeName
  const fees: number[] = []
  for (let no = 0; no < row.int('instalments'); no += 1) {
    for (let feeSteps = 0; ; feeSteps += 1) {
      const fee = nextLateFee({
        scheme,
        orderMinor: row.minor('order'),
        currency: 'AUD',
        feesCharged: fees.length,
        feesMinor: fees.reduce((sum, one) => sum + one, 0),
        feeSteps,
        feeOn: null,
        dueOn: addDays('2026-01-01', 14 * no),
      })
      if (fee === null) break
      fees.push(fee.amountMinor)
    }
  }
  return fees
}

function chargedBefore(row: Row) {
  return row.list('charged before').map((text) => {
    const [, minor = '', on = '', reversed = '0'] = /^(\S+) on (\S+)(?: less (\S+))?$/.exec(text) ?? []
    return { on, amountMinor: Number(minor) * 100, reversedMinor: Number(reversed) * 100 }
  })
}
