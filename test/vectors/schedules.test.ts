/** When what is to be paid, and what it costs a year. */
import { expect } from 'vitest'
import { actuarialRateBps, singlePaymentRateBps } from '#domain/actuarial-rate.ts'
import { addDays, addMonths, daysBetween } from '#domain/calendar.ts'
import type { DayCount } from '#domain/day-count.ts'
import { effectiveRateBps } from '#domain/effective-rate.ts'
import { splitMinor } from '#domain/money.ts'
import { type InterestMethod, monthlySchedule } from '#domain/monthly-schedule.ts'
import { dateIn } from '#domain/quiet-hours.ts'
import { given } from '#streams/testing'
import { planDecider } from '#topologies/installments/plan.ts'
import { approved, approvedMonthly, captured, day, PLAN_ID } from '#topologies/installments/plan-samples.ts'
import { proposedSchedule } from '#topologies/installments/schedule.ts'
import { amount, amounts, percent, type Row, vectors } from './text-table.ts'

vectors(
  'splitting: equal parts half-up, the remainder on the last',
  `
  | amount | parts | gives               |
  | 57.27  | 4     | 14.32 x3, 14.31     |
  | 100.01 | 4     | 25.00 x3, 25.01     |
  | 100.02 | 4     | 25.01 x3, 24.99     |
  | 0.05   | 4     | 0.01 x3, 0.02       |
  | 0.02   | 4     | 0.00 x3, 0.02       |
  | 1000   | 3     | 333.33 x2, 333.34   |
  | 1      | 1     | 1.00                |
  `,
  (row) => amounts(splitMinor(row.minor('amount'), row.int('parts'))),
)

vectors(
  'pay in 4: a quarter on days 0, 14, 28 and 42',
  `
  | amount | approved   | gives                                                                           |
  | 100    | 2026-01-01 | 2026-01-01 25.00, 2026-01-15 25.00, 2026-01-29 25.00, 2026-02-12 25.00          |
  | 57.27  | 2026-02-20 | 2026-02-20 14.32, 2026-03-06 14.32, 2026-03-20 14.32, 2026-04-03 14.31          |
  | 100.01 | 2028-02-15 | 2028-02-15 25.00, 2028-02-29 25.00, 2028-03-14 25.00, 2028-03-28 25.01          |
  `,
  (row) => dated(proposedSchedule('PAY_IN_4', row.minor('amount'), row.text('approved'))),
)

vectors(
  'pay in 30: one payment 30 days after each capture, of its own date',
  `
  | authorised | captures                       | gives                                |
  | 100        | 100.00 on 2                    | 2026-02-02 100.00                    |
  | 100        | 60.00 on 2, 40.00 on 5         | 2026-02-02 60.00, 2026-02-05 40.00   |
  | 100        | 60.00 on 2                     | 2026-02-02 60.00                     |
  `,
  (row) => {
    const plan = given(planDecider(), PLAN_ID).after(approved(row.minor('authorised'), 'PAY_IN_30'))
    const captures = row.list('captures').map((text, index) => {
      const [money = '', day = ''] = text.split(' on ')
      return captured(`cap_${index}`, Number(money) * 100, Number(day))
    })
    return dated(plan.after(...captures).state.instalments)
  },
)

vectors(
  'monthly: equal instalments, the remainder on the last',
  `
  | amount | rate     | interest  | days       | seed       | parts | gives                           |
  | 100    | 0        | NONE      | THIRTY_360 | 2024-01-01 | 6     | 16.67 x5, 16.65                 |
  | 100    | 9.4822   | DECLINING | THIRTY_360 | 2024-01-01 | 6     | 17.13 x6                        |
  | 100    | 15.678   | DECLINING | ACTUAL_365 | 2024-01-01 | 6     | 17.43 x5, 17.47                 |
  | 1000   | 10       | DECLINING | THIRTY_360 | 2024-01-01 | 3     | 338.90 x2, 338.91               |
  | 1200   | 10       | FLAT      | THIRTY_360 | 2024-01-01 | 12    | 110.00 x12                      |
  | 1000   | 12       | FLAT      | THIRTY_360 | 2024-01-01 | 3     | 343.33 x2, 343.34               |
  | 1000   | 12       | FLAT      | ACTUAL_365 | 2024-01-01 | 3     | 343.30 x2, 343.32               |
  | 0.05   | 9.4822   | DECLINING | THIRTY_360 | 2024-01-01 | 4     | 0.01 x3, 0.02                   |
  `,
  (row) => amounts(planOf(row).map(({ principalMinor, interestMinor }) => principalMinor + interestMinor)),
)

vectors(
  'monthly: the interest in each instalment',
  `
  | amount | rate     | interest  | days       | seed       | parts | gives                                 |
  | 100    | 9.4822   | DECLINING | THIRTY_360 | 2024-01-01 | 6     | 0.79, 0.66, 0.53, 0.40, 0.27, 0.13    |
  | 100    | 15.678   | DECLINING | ACTUAL_365 | 2024-01-01 | 6     | 1.33, 1.05, 0.90, 0.66, 0.46, 0.22    |
  | 1000   | 10       | DECLINING | THIRTY_360 | 2024-01-01 | 3     | 8.33, 5.58, 2.80                      |
  `,
  (row) => amounts(planOf(row).map(({ interestMinor }) => interestMinor)),
)

vectors(
  'monthly: the dates of a plan that is captured on the last day of a month',
  `
  | amount | rate     | interest  | days       | seed       | parts | gives                              |
  | 300    | 9.4822   | DECLINING | THIRTY_360 | 2026-01-31 | 3     | 2026-02-28, 2026-03-31, 2026-04-30 |
  | 200    | 0        | NONE      | ACTUAL_365 | 2028-01-31 | 2     | 2028-02-29, 2028-03-31             |
  `,
  (row) =>
    planOf(row)
      .map(({ dueDate }) => dueDate)
      .join(', '),
)

vectors(
  'monthly: what it costs a year, by the APR of Regulation Z in dollars and the effective annual rate elsewhere',
  `
  | amount | rate     | interest  | days       | parts | currency | gives                  |
  | 1000   | 10       | DECLINING | THIRTY_360 | 3     | USD      | 16.71 more, 10.00 %    |
  | 1000   | 10       | DECLINING | THIRTY_360 | 3     | EUR      | 16.71 more, 10.47 %    |
  | 1200   | 10       | FLAT      | THIRTY_360 | 12    | USD      | 120.00 more, 17.97 %   |
  | 1200   | 10       | FLAT      | THIRTY_360 | 12    | GBP      | 120.00 more, 19.53 %   |
  | 100    | 0        | NONE      | THIRTY_360 | 6     | GBP      | 0.00 more, 0.00 %      |
  `,
  (row) => {
    const bought = { ...approvedMonthly(row.minor('amount'), termsOf(row)), currency: row.text('currency') }
    const proposed = given(planDecider(), PLAN_ID)
      .when(bought)
      .events.find(({ type }) => type === 'PlanProposed')
    const cost = proposed?.type === 'PlanProposed' ? proposed.cost : null
    return `${amount(cost?.interestMinor ?? -1)} more, ${percent(cost?.rateBps ?? -1)}`
  },
)

vectors(
  'month end: every date is counted from the seed day',
  `
  | seed       | months | gives                                                    |
  | 2026-01-31 | 3      | 2026-02-28, 2026-03-31, 2026-04-30                       |
  | 2028-01-31 | 2      | 2028-02-29, 2028-03-31                                   |
  | 2026-08-30 | 7      | 2026-09-30, 2026-10-30, 2026-11-30, 2026-12-30, 2027-01-30, 2027-02-28, 2027-03-30 |
  | 2027-12-15 | 2      | 2028-01-15, 2028-02-15                                   |
  `,
  (row) => Array.from({ length: row.int('months') }, (_, index) => addMonths(row.text('seed'), index + 1)).join(', '),
)

vectors(
  'the day is that of the consumer',
  `
  | moment                   | zone                | gives      |
  | 2026-01-01T23:30:00Z     | Europe/London       | 2026-01-01 |
  | 2026-01-01T23:30:00Z     | Europe/Berlin       | 2026-01-02 |
  | 2026-01-01T05:00:00Z     | America/Los_Angeles | 2025-12-31 |
  | 2026-01-01T13:30:00Z     | Australia/Sydney    | 2026-01-02 |
  `,
  (row) => dateIn(row.text('zone'), Date.parse(row.text('moment'))),
)

vectors(
  'APR of one payment within a year: charge ÷ amount × 365 ÷ days',
  `
  | amount | charge | days | gives   |
  | 1000   | 80     | 255  | 11.45 % |
  | 100    | 3      | 30   | 36.50 % |
  | 100    | 0      | 30   | 0.00 %  |
  `,
  (row) => percent(singlePaymentRateBps(row.minor('amount'), row.minor('charge'), row.int('days'))),
)

vectors(
  'APR of pay in 4: the down payment is not financed, two weeks count 26 to the year',
  `
  | amount | fee  | gives   |
  | 100    | 0    | 0.00 %  |
  | 100    | 1    | 17.18 % |
  `,
  (row) => {
    const [, ...parts] = splitMinor(row.minor('amount'), 4)
    const payments = parts.map((part, index) => ({
      on: addDays('2026-01-01', 14 * (index + 1)),
      amountMinor: part + (index === 2 ? row.minor('fee') : 0),
    }))
    const advance = parts.reduce((sum, part) => sum + part, 0)
    return percent(
      actuarialRateBps({ advances: [{ on: '2026-01-01', amountMinor: advance }], payments, unit: { days: 14 } }),
    )
  },
)

vectors(
  'effective annual rate of one payment',
  `
  | lent | paid   | after days | gives   |
  | 100  | 100    | 30         | 0.00 %  |
  | 100  | 110    | 365        | 10.00 % |
  | 100  | 103    | 30         | 43.28 % |
  `,
  (row) =>
    percent(
      effectiveRateBps({
        drawdowns: [{ after: { days: 0 }, amountMinor: row.minor('lent') }],
        payments: [{ after: { days: row.int('after days') }, amountMinor: row.minor('paid') }],
      }),
    ),
)

function termsOf(row: Row) {
  return {
    instalments: row.int('parts'),
    interest: row.text('interest') as InterestMethod,
    ratePpm: Math.round(Number(row.text('rate')) * 10_000),
    dayCount: row.text('days') as DayCount,
  }
}

/** The instalments that a plan has which is captured on the seed day; the rule of the domain says the same. */
function planOf(row: Row) {
  const principalMinor = row.minor('amount')
  const seedDate = row.text('seed')
  const capture = captured('cap_1', principalMinor, daysBetween(day(0), seedDate))
  const { instalments } = given(planDecider(), PLAN_ID).after(
    approvedMonthly(principalMinor, termsOf(row)),
    capture,
  ).state
  const rows = instalments.map(({ no, dueDate, amountMinor, interest }) => {
    return { no, dueDate, principalMinor: amountMinor, interestMinor: interest?.amountMinor ?? 0 }
  })
  expect(monthlySchedule({ principalMinor, seedDate, ...termsOf(row) })).toMatchObject(rows)
  return rows
}

function dated(instalments: readonly { readonly dueDate: string; readonly amountMinor: number }[]): string {
  return instalments.map(({ dueDate, amountMinor }) => `${dueDate} ${amount(amountMinor)}`).join(', ')
}
