/**
 * Annual rates as authorities and lenders have published them. All figures are facts from:
 * - 12 CFR 1026, Appendix J (c)(1) to (c)(6), all seventeen examples of annual percentage rates. The dates of
 *   (c)(5)(ii) to (iv) and of (c)(6) are ours: they make the unit-periods that are published.
 * - Directive 98/7/EC, Annex III A, examples 1 to 3.
 * - European Commission (DG FISMA), Examples for the calculation of the annual percentage rate of charge, January 2015;
 *   it gives six decimals, of which two are compared.
 * - Representative examples of British lenders, as listed by moneysavingexpert.com and bankofscotland.co.uk; they give
 *   one decimal. Three of them are left out: two have payments in whole pounds, and the payment of one (2,000 at
 *   66.58) does not give the rate that stands beside it.
 */
import { actuarialRateBps, type UnitPeriod } from '#domain/actuarial-rate.ts'
import { addDays, addMonths } from '#domain/calendar.ts'
import { effectiveRateBps, type Interval } from '#domain/effective-rate.ts'
import { percent, type Row, vectors } from './text-table.ts'

vectors(
  'Regulation Z, Appendix J (c): one advance, and what is paid every so often',
  `
  | example  | every      | advanced          | paid                                                     | gives   |
  | (1)(i)   | 1 months   | 5000 on 78-01-10  | 230 x24 at 78-02-10                                      | 9.69 %  |
  | (1)(ii)  | 1 months   | 6000 on 78-02-10  | 200 x36 at 78-04-01                                      | 11.82 % |
  | (1)(iii) | HALF_MONTH | 5000 on 78-02-23  | 219.17 x24 at 78-03-01                                   | 10.34 % |
  | (1)(iv)  | 3 months   | 10000 on 78-05-23 | 385 x40 at 78-10-01                                      | 8.97 %  |
  | (1)(v)   | 7 days     | 500 on 78-03-20   | 17.60 x30 at 78-04-21                                    | 14.96 % |
  | (2)(i)   | 1 months   | 5000 on 78-01-10  | 250 at 78-02-10, 230 x23 at 78-03-10                     | 10.08 % |
  | (2)(ii)  | 28 days    | 400 on 78-03-18   | 39.50 at 78-04-20, 38.31 x11 at 78-05-18                 | 28.50 % |
  | (3)(i)   | 1 months   | 5000 on 78-01-10  | 230 x23 at 78-02-10, 280 at 80-01-10                     | 10.50 % |
  | (3)(ii)  | 14 days    | 200 on 78-04-03   | 9.50 x19 at 78-04-11, 30 at 79-01-02                     | 12.22 % |
  | (4)(i)   | 1 months   | 5000 on 78-01-10  | 250 at 78-02-10, 230 x22 at 78-03-10, 280 at 80-01-10    | 10.90 % |
  | (4)(ii)  | 2 months   | 8000 on 78-01-10  | 449.36 at 78-03-01, 465 x18 at 78-05-01, 200 at 81-05-01 | 7.30 %  |
  | (5)(i)   | 255 days   | 1000 on 78-01-03  | 1080 at 78-09-15                                         | 11.45 % |
  | (5)(ii)  | 6 months   | 1000 on 78-07-15  | 1044 at 79-01-15                                         | 8.80 %  |
  | (5)(iii) | 12 months  | 1000 on 78-01-17  | 1135.19 at 79-07-17                                      | 8.76 %  |
  | (5)(iv)  | 12 months  | 1000 on 78-01-17  | 1240 at 80-01-17                                         | 11.36 % |
  `,
  (row) => actuarial(row),
)

vectors(
  'Regulation Z, Appendix J (c)(6): payments are skipped',
  `
  | every    | advanced         | paid | gives |
  | 28 days | 2135 on 78-01-25 | 100 x9 at 78-02-20,100 x6 at 78-11-13,100 x6 at 79-05-14,100 x3 at 79-11-12 | 12.00 % |
  | 1 months | 7350 on 78-08-20 | 1000 x3 at 79-03-01,2000 at 79-09-01,750 x3 at 80-03-01,1000 at 80-07-18 | 10.22 % |
  `,
  (row) => actuarial(row),
)

vectors(
  'Directive 98/7/EC, Annex III A',
  `
  | example | lent | paid after days        | gives   |
  | 1       | 1000 | 1200 after 546         | 12.96 % |
  | 2       | 950  | 1200 after 546         | 16.90 % |
  | 3       | 1000 | 600 after 365, 600 after 730 | 13.07 % |
  `,
  (row) => {
    const payments = row.list('paid after days').map((text) => {
      const [major, days] = text.split(' after ').map(Number)
      return { after: { days: days ?? 0 }, amountMinor: (major ?? 0) * 100 }
    })
    const drawdowns = [{ after: {}, amountMinor: row.minor('lent') }]
    return percent(effectiveRateBps({ drawdowns, payments }))
  },
)

vectors(
  'European Commission 2015: lent and costs at once, payments every so many months, more with the last of them',
  `
  | example          | lent   | costs | every | begins | paid                                | with the last | gives  |
  | 1                | 200000 | 4000  | 1     |        | 1432.86 x240                        | 0         | 6.43 % |
  | 2, case 1        | 200000 | 4000  | 1     | 3/365  | 1433.57 x240                        | 0         | 6.43 % |
  | 2, case 2        | 200000 | 4000  | 1     | 3/366  | 1433.56 x240                        | 0         | 6.43 % |
  | 3                | 200000 | 4000  | 1     |        | 1449.53 x240                        | 0         | 6.59 % |
  | 4                | 200000 | 4000  | 1     |        | 1599.53 x240                        | 0         | 7.95 % |
  | 5                | 200000 | 4000  | 1     |        | 1490.18 x240                        | 0         | 6.96 % |
  | 6                | 200000 | 4000  | 1     |        | 1432.86 x240                        | 100       | 6.44 % |
  | 7                | 200000 | 4000  | 1     |        | 1199.10 x180                        | 142097.69 | 6.41 % |
  | 8                | 200000 | 4000  | 1     |        | 1166.67 x240                        | 200000    | 7.43 % |
  | 8, illustrative  | 200000 | 4000  | 1     |        | 1166.67 x6, 1398.33 x234            | 200000    | 8.87 % |
  | 11               | 200000 | 4000  | 1     |        | 1500 x220, 407.70                   | 0         | 6.45 % |
  | 20               | 200000 | 4000  | 1     |        | 1319.91 x24, 1423.41 x216           | 0         | 6.19 % |
  | 21               | 200000 | 4000  | 1     |        | 1319.91 x9, 1374.06 x231            | 0         | 5.85 % |
  | 21, illustrative | 200000 | 4000  | 1     |        | 1319.91 x9, 1530.61 x231            | 0         | 7.20 % |
  | 23               | 200000 | 4000  | 1     |        | 1319.91 x240                        | 0         | 5.37 % |
  | 23, illustrative | 200000 | 4000  | 1     |        | 1319.91 x9, 1578.43 x231            | 0         | 7.60 % |
  | 24, illustrative | 200000 | 4000  | 1     |        | 1319.91 x60                         | 166909.73 | 5.64 % |
  | 26               | 200000 | 4000  | 1     |        | 1660.94 x180                        | 0         | 6.24 % |
  | 27               | 170000 | 3400  | 1     |        | 1217.93 x240                        | 0         | 6.43 % |
  | 28               | 200000 | 4008  | 1     |        | 1322.55 x240                        | 0         | 5.40 % |
  `,
  (row) => percent(effectiveOf(row)),
)

vectors(
  'European Commission 2015, example 2, case 3: the first payment 34 of 365 days after the drawdown, then yearly',
  `
  | lent   | costs | paid          | gives  |
  | 200000 | 4000  | 16541.86 x20  | 6.28 % |
  `,
  (row) => {
    const after = (index: number) => ({ months: 12 * index, days: 34 })
    const payments = row.minors('paid').map((amountMinor, index) => ({ after: after(index), amountMinor }))
    const drawdowns = [{ after: {}, amountMinor: row.minor('lent') - row.minor('costs') }]
    return percent(effectiveRateBps({ drawdowns, payments }))
  },
)

vectors(
  'representative examples of British lenders: equal monthly payments',
  `
  | lent  | paid        | gives  |
  | 2000  | 65.42 x36   | 11.5 % |
  | 2000  | 66.87 x36   | 13.2 % |
  | 2500  | 80.70 x36   | 10.5 % |
  | 3000  | 93.43 x36   | 7.9 %  |
  | 3700  | 113.41 x36  | 6.7 %  |
  | 3700  | 115.79 x36  | 8.2 %  |
  | 6000  | 175.41 x36  | 3.4 %  |
  | 8000  | 231.59 x36  | 2.7 %  |
  | 10000 | 229.36 x48  | 4.9 %  |
  | 16000 | 465.01 x36  | 3.0 %  |
  | 16000 | 465.70 x36  | 3.1 %  |
  | 16000 | 484.23 x36  | 5.8 %  |
  `,
  (row) => {
    const payments = row.minors('paid').map((amountMinor, index) => ({ after: { months: index + 1 }, amountMinor }))
    const drawdowns = [{ after: {}, amountMinor: row.minor('lent') }]
    return `${(Math.round(effectiveRateBps({ drawdowns, payments }) / 10) / 10).toFixed(1)} %`
  },
)

function actuarial(row: Row): string {
  const every = row.text('every')
  const [count = '', kind = ''] = every.split(' ')
  const unit = (every === 'HALF_MONTH' ? every : { [kind]: Number(count) }) as UnitPeriod
  const [advanced = '', on = ''] = row.text('advanced').split(' on ')
  const advances = [{ on: `19${on}`, amountMinor: Number(advanced) * 100 }]
  const payments = row.list('paid').flatMap((text) => streamOf(text, unit))
  return percent(actuarialRateBps({ advances, payments, unit }))
}

/** `230 x24 at 78-02-10`: so many payments, one unit-period after the other. */
function streamOf(text: string, unit: UnitPeriod) {
  const [, major = '', times = '1', from = ''] = /^(\S+)(?: x(\d+))? at (\S+)$/.exec(text) ?? []
  return Array.from({ length: Number(times) }, (_, index) => {
    return { on: stepped(`19${from}`, unit, index), amountMinor: Math.round(Number(major) * 100) }
  })
}

function stepped(from: string, unit: UnitPeriod, steps: number): string {
  if (unit === 'HALF_MONTH') return addDays(addMonths(from, Math.floor(steps / 2)), steps % 2 === 0 ? 0 : 15)
  return 'days' in unit ? addDays(from, unit.days * steps) : addMonths(from, unit.months * steps)
}

function effectiveOf(row: Row): number {
  const [days = 0, daysOfYear = 365] = row.text('begins') === '' ? [] : row.text('begins').split('/').map(Number)
  const every = row.int('every')
  const paid = row.minors('paid')
  const last = paid.length - 1
  const payments = paid.map((minor, index) => {
    const after: Interval = { months: every * (index + 1), days, daysOfYear: daysOfYear === 366 ? 366 : 365 }
    return { after, amountMinor: minor + (index === last ? row.minor('with the last') : 0) }
  })
  const drawdowns = [{ after: {}, amountMinor: row.minor('lent') - row.minor('costs') }]
  return effectiveRateBps({ drawdowns, payments })
}
