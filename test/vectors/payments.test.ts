/** Where payments go, when a failed one is tried again, and how a payment date is moved. */
import { type Debt, type Prepayment, placePayment } from '#domain/allocation.ts'
import { dateMoveRefusal } from '#domain/date-move.ts'
import { type Network, nextAttempt } from '#domain/network-retries.ts'
import { type Row, vectors } from './text-table.ts'

vectors(
  'a payment over many plans on 1 February: due today, overdue without a fee (oldest first), overdue with one, future',
  `
  | a 02-01 | b 01-10 late | c 01-05 late | d 02-15 | pays | beyond | gives                              |
  | 25      | 30           | 20 + 5       | 40      | 20   | NEXT   | a 20                               |
  | 25      | 30           | 20 + 5       | 40      | 40   | NEXT   | a 25, b 15                         |
  | 25      | 30           | 20 + 5       | 40      | 70   | NEXT   | a 25, b 30, c 15                   |
  | 25      | 30           | 20 + 5       | 40      | 100  | NEXT   | a 25, b 30, c 25, d 20             |
  | 25      | 30           | 20 + 5       | 40      | 130  | NEXT   | a 25, b 30, c 25, d 40; 10 left    |
  | 0       | 30           | 20           | 40      | 30   | NEXT   | c 20, b 10                         |
  `,
  (row) => {
    const debts = [
      debtOf('a', '2026-02-01', row.text('a 02-01')),
      debtOf('b', '2026-01-10', row.text('b 01-10 late')),
      debtOf('c', '2026-01-05', row.text('c 01-05 late')),
      debtOf('d', '2026-02-15', row.text('d 02-15')),
    ]
    return placed(debts, row)
  },
)

vectors(
  'prepayment: 150 on a due of 100, the 50 to the next or to the last',
  `
  | due 02-01 | due 02-15 | due 03-01 | pays | beyond | gives       |
  | 100       | 100       | 100       | 150  | NEXT   | a 100, b 50 |
  | 100       | 100       | 100       | 150  | LAST   | a 100, c 50 |
  | 100       | 100       | 100       | 250  | LAST   | a 100, c 100, b 50 |
  `,
  (row) => {
    const debts = [
      debtOf('a', '2026-02-01', row.text('due 02-01')),
      debtOf('b', '2026-02-15', row.text('due 02-15')),
      debtOf('c', '2026-03-01', row.text('due 03-01')),
    ]
    return placed(debts, row)
  },
)

vectors(
  'inside an instalment: fees, interest, principal',
  `
  | fees | interest | principal | pays | gives                             |
  | 7    | 3        | 20        | 5    | fees 5                            |
  | 7    | 3        | 20        | 9    | fees 7, interest 2                |
  | 7    | 3        | 20        | 15   | fees 7, interest 3, principal 5   |
  | 7    | 3        | 20        | 30   | fees 7, interest 3, principal 20  |
  `,
  (row) => {
    const owed = {
      feesMinor: row.minor('fees'),
      interestMinor: row.minor('interest'),
      principalMinor: row.minor('principal'),
    }
    const debt = { ...owed, dueDate: TODAY, overdue: false }
    const [share] = placePayment([debt], { amountMinor: row.minor('pays'), today: TODAY, prepayment: 'NEXT' }).shares
    const parts = { fees: share?.feesMinor, interest: share?.interestMinor, principal: share?.principalMinor }
    return Object.entries(parts)
      .flatMap(([name, minor = 0]) => (minor > 0 ? [`${name} ${minor / 100}`] : []))
      .join(', ')
  },
)

vectors(
  'when a declined charge may be tried again',
  `
  | network    | code | attempts, hours before the decline | gives            |
  | VISA       | 1    | 0                                  | NEVER            |
  | VISA       | 2    | 0                                  | in 0 h           |
  | VISA       | 2    | 19 in the last 29 days, 0          | in 24 h          |
  | VISA       | 2    | 18 in the last 29 days, 0          | in 0 h           |
  | MASTERCARD | 03   | 0                                  | NEVER            |
  | MASTERCARD | 21   | 0                                  | NEVER            |
  | MASTERCARD | 24   | 0                                  | in 1 h           |
  | MASTERCARD | 25   | 0                                  | in 24 h          |
  | MASTERCARD | 26   | 0                                  | in 48 h          |
  | MASTERCARD | 27   | 0                                  | in 96 h          |
  | MASTERCARD | 28   | 0                                  | in 144 h         |
  | MASTERCARD | 29   | 0                                  | in 192 h         |
  | MASTERCARD | 30   | 0                                  | in 240 h         |
  | MASTERCARD | 02   | 9 in the last 1 days, 0            | in 0 h           |
  | MASTERCARD | 02   | 9 in the last 0.5 days, 0          | in 12 h          |
  | MASTERCARD | 02   | 34 in the last 29 days, 0          | in 24 h          |
  | ACH        | R01  | 0                                  | in 0 h           |
  | ACH        | R09  | 48, 0                              | in 0 h           |
  | ACH        | R01  | 96, 48, 0                          | BUDGET_SPENT     |
  | ACH        | R01  | 4320, 0                            | BUDGET_SPENT     |
  | ACH        | R02  | 0                                  | NOT_RETURNABLE   |
  `,
  (row) => {
    const declinedAtMs = Date.parse('2026-03-01T12:00:00Z')
    const attemptsMs = row
      .list('attempts, hours before the decline')
      .flatMap(hoursBefore)
      .map((hours) => {
        return declinedAtMs - hours * HOUR_MS
      })
    const network = row.text('network') as Network
    const verdict = nextAttempt({ network, code: row.text('code'), declinedAtMs, attemptsMs })
    return 'refused' in verdict ? verdict.refused : `in ${(verdict.fromMs - declinedAtMs) / HOUR_MS} h`
  },
)

vectors(
  'moving a payment date of a plan in 4: once an order; not the first or last; not when overdue or within 24 hours',
  `
  | instalment | due        | at                   | overdue | moved before | gives         |
  | 2          | 2026-01-15 | 2026-01-10T09:00:00Z | no      | no           | moved         |
  | 3          | 2026-01-29 | 2026-01-28T00:00:00Z | no      | no           | moved         |
  | 3          | 2026-01-29 | 2026-01-28T00:00:01Z | no      | no           | TOO_LATE      |
  | 2          | 2026-01-15 | 2026-01-10T09:00:00Z | no      | yes          | MOVED_BEFORE  |
  | 1          | 2026-01-15 | 2026-01-10T09:00:00Z | no      | no           | FIRST_OR_LAST |
  | 4          | 2026-02-12 | 2026-01-10T09:00:00Z | no      | no           | FIRST_OR_LAST |
  | 2          | 2026-01-15 | 2026-01-20T09:00:00Z | yes     | no           | OVERDUE       |
  `,
  (row) => {
    const move = { no: row.int('instalment'), count: 4, dueDate: row.text('due'), nowMs: Date.parse(row.text('at')) }
    const isOverdue = row.text('overdue') === 'yes'
    return dateMoveRefusal({ ...move, isOverdue, movedBefore: row.text('moved before') === 'yes' }) ?? 'moved'
  },
)

const HOUR_MS = 3_600_000

const TODAY = '2026-02-01'

type PlanDebt = Debt & { readonly plan: string }

/** `20 + 5`: principal and a late fee. What is due before today is overdue. */
function debtOf(plan: string, dueDate: string, owed: string): PlanDebt {
  const [principal = '0', fee = '0'] = owed.split(' + ')
  const parts = { feesMinor: Number(fee) * 100, interestMinor: 0, principalMinor: Number(principal) * 100 }
  return { plan, dueDate, overdue: dueDate < TODAY, ...parts }
}

function placed(debts: readonly PlanDebt[], row: Row): string {
  const prepayment = row.text('beyond') as Prepayment
  const { shares, excessMinor } = placePayment(debts, { amountMinor: row.minor('pays'), today: TODAY, prepayment })
  const paid = shares.map(({ debt, feesMinor, principalMinor }) => `${debt.plan} ${(feesMinor + principalMinor) / 100}`)
  return paid.join(', ') + (excessMinor > 0 ? `; ${excessMinor / 100} left` : '')
}

/** `48` is one attempt 48 hours before; `19 in the last 29 days` are so many, the oldest of them as long ago. */
function hoursBefore(text: string): number[] {
  const [, count, days] = /^(\d+) in the last (\S+) days$/.exec(text) ?? []
  if (count === undefined) return [Number(text)]
  const oldest = Number(days) * 24
  return Array.from({ length: Number(count) }, (_, index) => oldest - (index * oldest) / (2 * Number(count)))
}
