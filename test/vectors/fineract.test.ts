/**
 * Expected results of Apache Fineract's feature tables: stories of plans from fineract.md, and single results below,
 * each with its feature and scenario. See fineract.md for what is taken, and for where we differ and why.
 */
import { readFileSync } from 'node:fs'
import { addDays, addMonths } from '#domain/calendar.ts'
import type { DayCount } from '#domain/day-count.ts'
import { delinquencyOf } from '#domain/delinquency.ts'
import { type AgedInstalment, type BadDebtAction, type BadDebtStatus, badDebt, reAge } from '#domain/hardship.ts'
import { splitMinor } from '#domain/money.ts'
import { monthlySchedule } from '#domain/monthly-schedule.ts'
import { type PlanRow, type WorkedOut, workOut } from '#domain/rework.ts'
import { movementsOf, paidOutMinor } from './plan-story.ts'
import { amount, amounts, type Row, vectors } from './text-table.ts'

const page = readFileSync(new URL('./fineract.md', import.meta.url), 'utf8')

for (const section of page.split('\n### ').slice(1)) {
  const [title = '', , terms = ''] = section.split('\n')
  const story: string[] = []
  const table = section.replace(/^\|-.*$/m, '').split('\n## ')[0] ?? ''
  vectors(title, table, (row) => {
    story.push(...row.text('what happens').split('; '))
    return terms.startsWith('|') ? totals(story, row.text('gives')) : owedOnEach(terms, story)
  })
}

vectors(
  'EMICalculation: schedules with interest, the amounts and the interest of each instalment',
  `
  | scenario | lent  | rate    | days       | seed       | parts | gives |
  | C3154    | 100   | 12      | THIRTY_360 | 2024-01-01 | 6     | 17.25 x5, 17.28; 1.00, 0.84, 0.67, 0.51, 0.34, 0.17 |
  | C3155    | 100   | 9.4822  | THIRTY_360 | 2024-01-01 | 6     | 17.13 x6; 0.79, 0.66, 0.53, 0.40, 0.27, 0.13 |
  | C3165    | 75    | 12.3    | THIRTY_360 | 2024-01-01 | 5     | 15.47 x4, 15.45; 0.77, 0.62, 0.47, 0.31, 0.16 |
  | C3159    | 100   | 12      | ACTUAL_365 | 2024-01-01 | 6     | 17.25 x5, 17.28; 1.02, 0.80, 0.69, 0.50, 0.35, 0.17 |
  | C3160    | 100   | 9.4822  | ACTUAL_365 | 2024-01-01 | 6     | 17.13 x5, 17.12; 0.81, 0.63, 0.54, 0.39, 0.27, 0.13 |
  | C3167    | 100   | 15.678  | ACTUAL_365 | 2024-01-01 | 6     | 17.43 x5, 17.47; 1.33, 1.05, 0.90, 0.66, 0.46, 0.22 |
  | C3161    | 75    | 5       | THIRTY_360 | 2024-01-01 | 5     | 15.19 x4, 15.18; 0.31, 0.25, 0.19, 0.13, 0.06 |
  `,
  (row) => {
    const schedule = scheduleOf(row)
    const due = amounts(schedule.map(({ amountMinor }) => amountMinor))
    return `${due}; ${amounts(schedule.map(({ interestMinor }) => interestMinor))}`
  },
)

vectors(
  'LoanMonthEndDueDateStrategy: LAST_DAY_OF_MONTH',
  `
  | scenario | lent  | rate    | days       | seed       | parts | gives |
  | C111045 (UC3) | 10000 | 12      | THIRTY_360 | 2025-01-31 | 3     | 02-28 3400.22, 03-31 3400.22, 04-30 3400.23 |
  | C111047 (UC5) | 10000 | 12      | ACTUAL_365 | 2025-01-31 | 3     | 02-28 3397.82, 03-31 3397.82, 04-30 3397.83 |
  `,
  (row) =>
    scheduleOf(row)
      .map(({ dueDate, amountMinor }) => `${dueDate.slice(5)} ${amount(amountMinor)}`)
      .join(', '),
)

vectors(
  'LoanDelinquency: installment level, 1000 on 2023-10-01, a quarter at once, 3 every 15 days',
  `
  | scenario      | paid | on         | gives |
  | loan goes into delinquency bucket           | 0    | 2023-12-16 | 31-60: 500.00, 61-90: 500.00             |
  | from one delinquency bucket to an other     | 0    | 2023-11-16 | 1-3: 250.00, 4-30: 250.00, 31-60: 500.00 |
  | from one delinquency bucket to an other     | 0    | 2023-12-16 | 31-60: 500.00, 61-90: 500.00             |
  `,
  (row) => {
    const late = delinquencyOf(
      [0, 15, 30, 45].map((days) => ({ dueDate: addDays('2023-10-01', days), openMinor: 250_00 })),
      row.text('on'),
    )
    return [...late].map(([range, minor]) => `${range}: ${amount(minor)}`).join(', ')
  },
)

vectors(
  'LoanReAging: a quarter at once, 3 every 15 days from 2024-01-01; re-aged into 6 monthly instalments',
  `
  | scenario      | lent | paid    | on         | from       | gives |
  | happy path        | 1000 | 250     | 2024-02-20 | 2024-03-01 | 0.00, 0.00, 0.00, 0.00; 125.00 x6 to 08-01 |
  | by external id    | 1000 | 250     | 2024-02-20 | 2024-03-01 | 0.00, 0.00, 0.00, 0.00; 125.00 x6 to 08-01 |
  `,
  (row) => {
    const before = agedOf(row)
    const after = reAge(before, { on: row.text('on'), firstDue: row.text('from'), instalments: 6 })
    const old = after.slice(0, before.length).map((it) => amount(it.amountMinor - it.paidMinor))
    const added = after.slice(before.length)
    const last = added.at(-1)?.dueDate.slice(5)
    return `${old.join(', ')}; ${amounts(added.map((it) => it.amountMinor))} to ${last}`
  },
)

vectors(
  'LoanChargeOff and LoanWriteOff: what follows',
  `
  | scenario      | status      | action          | gives |
  | As a user I want to repay a loan which was charged-off     | CHARGED_OFF | PAY             | RECOVERY            |
  | a Charge-off for non-fraud loan after repayment            | OPEN        | CHARGE_OFF      | CHARGED_OFF         |
  | a second Charge-off                                        | CHARGED_OFF | CHARGE_OFF      | CHARGED_OFF_ALREADY |
  | a charge-off undo before any other transactions            | CHARGED_OFF | UNDO_CHARGE_OFF | OPEN                |
  | a second Charge-off undo                                   | OPEN        | UNDO_CHARGE_OFF | NOT_CHARGED_OFF     |
  | undo repayment post write-off results in error             | WRITTEN_OFF | BACKDATE        | WRITE_OFF_IS_FINAL  |
  | backdate repayment post write-off results in error         | WRITTEN_OFF | BACKDATE        | WRITE_OFF_IS_FINAL  |
  | undo write-off results in error                            | WRITTEN_OFF | UNDO_WRITE_OFF  | WRITE_OFF_IS_FINAL  |
  `,
  (row) => {
    const outcome = badDebt[row.text('status') as BadDebtStatus][row.text('action') as BadDebtAction]
    return Object.values(outcome).join('')
  },
)

/** What is owed on each instalment of a plan: `500 on 2023-01-01, a quarter at once, 3 every 15 days, beyond NEXT`. */
function owedOnEach(terms: string, story: readonly string[]): string {
  const beyond = terms.endsWith('LAST') ? 'LAST' : 'NEXT'
  return workOut(rowsOf(terms), movementsOf(story, beyond))
    .rows.map((row) => short(owedMinor([row])))
    .join(', ')
}

/** Of a story as a whole: what is owed, what was paid too much, or both, as the row asks. */
function totals(story: readonly string[], asked: string): string {
  const [, lent = '0'] = /lends ([\d.]+)/.exec(story.join('; ')) ?? []
  const rows = [rowOf(1, '2000-01-01', Math.round(Number(lent) * 100))]
  const { owed, credit } = netted(workOut(rows, movementsOf(story, 'NEXT')), paidOutMinor(story))
  const parts = [...(asked.includes('owes') ? [`owes ${short(owed)}`] : [])]
  return [...parts, ...(asked.includes('too much') ? [`too much ${short(credit)}`] : [])].join(', ')
}

/** Money paid out that a payment, charged back later, no longer covers is owed again. */
function netted(plan: WorkedOut, paidOut: number): { readonly owed: number; readonly credit: number } {
  const net = owedMinor(plan.rows) - (plan.excessMinor - paidOut)
  return { owed: Math.max(0, net), credit: Math.max(0, -net) }
}

function rowsOf(terms: string): PlanRow[] {
  const [, lent = '', from = '', down, count = '', every = '', unit = ''] =
    /^(\S+) on (\S+), (a quarter at once, )?(\d+) every (\d+) (\w+),/.exec(terms) ?? []
  const total = Math.round(Number(lent) * 100)
  const first = down === undefined ? [] : splitMinor(total, 4).slice(0, 1)
  const parts = splitMinor(total - (first[0] ?? 0), Number(count))
  const dueAfter = (steps: number) => {
    const periods = steps * Number(every)
    return unit === 'months' ? addMonths(from, periods) : addDays(from, periods * (unit === 'weeks' ? 7 : 1))
  }
  const later = parts.map((part, index) => rowOf(first.length + index + 1, dueAfter(index + 1), part))
  return [...first.map((part) => rowOf(1, from, part)), ...later]
}

function rowOf(no: number, dueDate: string, amountMinor: number): PlanRow {
  return { no, dueDate, amountMinor, paidMinor: 0, feesMinor: 0, feesPaidMinor: 0 }
}

function owedMinor(rows: readonly PlanRow[]): number {
  return rows.reduce((sum, row) => sum + row.amountMinor - row.paidMinor + row.feesMinor - row.feesPaidMinor, 0)
}

function short(minor: number): string {
  return minor % 100 === 0 ? String(minor / 100) : amount(minor)
}

function scheduleOf(row: Row) {
  return monthlySchedule({
    principalMinor: row.minor('lent'),
    instalments: row.int('parts'),
    seedDate: row.text('seed'),
    interest: 'DECLINING',
    ratePpm: Math.round(Number(row.text('rate')) * 10_000),
    dayCount: row.text('days') as DayCount,
  })
}

function agedOf(row: Row): AgedInstalment[] {
  const parts = splitMinor(row.minor('lent'), 4)
  const paid = row.minors('paid')
  return parts.map((amountMinor, index) => {
    return {
      no: index + 1,
      dueDate: addDays('2024-01-01', 15 * index),
      amountMinor,
      paidMinor: paid[index] ?? 0,
      closedOn: null,
    }
  })
}
