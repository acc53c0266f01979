/** How late a plan is, what pauses do to it, and what is done for one that cannot be paid as agreed. */
import { dateToMs } from '#domain/calendar.ts'
import { daysLate, delinquencyOf, type Pause, type pauseDays, rangeOf, withPause } from '#domain/delinquency.ts'
import {
  type AgedInstalment,
  type BadDebtAction,
  type BadDebtStatus,
  badDebt,
  chargeOffOn,
  reAge,
} from '#domain/hardship.ts'
import { amount, amounts, type Row, vectors } from './text-table.ts'

vectors(
  'the range of an instalment by its days late',
  `
  | days | gives    |
  | 0    | none     |
  | 1    | 1-3      |
  | 3    | 1-3      |
  | 4    | 4-30     |
  | 30   | 4-30     |
  | 31   | 31-60    |
  | 60   | 31-60    |
  | 61   | 61-90    |
  | 91   | 91-120   |
  | 121  | 121-150  |
  | 151  | 151-180  |
  | 181  | 181-240  |
  | 240  | 181-240  |
  | 241  | over 240 |
  | 5000 | over 240 |
  `,
  (row) => rangeOf(row.int('days'))?.name ?? 'none',
)

vectors(
  '1000 in 4, due 1, 16 and 31 October and 15 November 2023, nothing paid',
  `
  | on         | gives                                         |
  | 2023-10-01 |                                               |
  | 2023-10-16 | 4-30: 250.00                                  |
  | 2023-11-16 | 1-3: 250.00, 4-30: 250.00, 31-60: 500.00      |
  | 2023-12-16 | 31-60: 500.00, 61-90: 500.00                  |
  `,
  (row) => {
    const dues = ['2023-10-01', '2023-10-16', '2023-10-31', '2023-11-15']
    const late = delinquencyOf(
      dues.map((dueDate) => ({ dueDate, openMinor: 250_00 })),
      row.text('on'),
    )
    return [...late].map(([range, minor]) => `${range}: ${amount(minor)}`).join(', ')
  },
)

vectors(
  'a reported return pauses a plan 28 days, a reported problem 21: days late of an instalment due 2026-01-15',
  `
  | paused                                      | on         | gives |
  |                                             | 2026-01-25 | 10    |
  | RETURN from 2026-01-20                      | 2026-01-25 | 5     |
  | RETURN from 2026-01-20                      | 2026-02-17 | 5     |
  | RETURN from 2026-01-20                      | 2026-02-18 | 6     |
  | RETURN from 2026-01-01                      | 2026-01-28 | 0     |
  | RETURN from 2026-01-01                      | 2026-01-30 | 1     |
  | PROBLEM from 2026-01-20                     | 2026-02-12 | 7     |
  | RETURN from 2026-01-20, PROBLEM from 2026-02-17 | 2026-03-11 | 6 |
  | RETURN from 2026-01-20, PROBLEM from 2026-02-16 | 2026-03-11 | PAUSE_OVERLAPS |
  `,
  (row) => {
    try {
      return String(daysLate('2026-01-15', row.text('on'), pausesOf(row)))
    } catch (error) {
      return (error as Error).message.split(':')[0] ?? ''
    }
  },
)

vectors(
  'charge-off at 120 days, 90 from the discovery of a fraud',
  `
  | oldest due | fraud found | gives      |
  | 2026-01-15 |             | 2026-05-15 |
  | 2026-01-15 | 2026-01-20  | 2026-04-20 |
  | 2026-01-15 | 2026-04-01  | 2026-05-15 |
  `,
  (row) => chargeOffOn(row.text('oldest due'), row.text('fraud found') === '' ? null : row.text('fraud found')),
)

vectors(
  'what may be done with a plan that went bad',
  `
  | status      | action          | gives               |
  | OPEN        | PAY             | PAYMENT             |
  | OPEN        | CHARGE_OFF      | CHARGED_OFF         |
  | CHARGED_OFF | PAY             | RECOVERY            |
  | CHARGED_OFF | BACKDATE        | PAYMENT             |
  | CHARGED_OFF | CHARGE_OFF      | CHARGED_OFF_ALREADY |
  | CHARGED_OFF | UNDO_CHARGE_OFF | OPEN                |
  | CHARGED_OFF | WRITE_OFF       | WRITTEN_OFF         |
  | WRITTEN_OFF | PAY             | WRITE_OFF_IS_FINAL  |
  | WRITTEN_OFF | BACKDATE        | WRITE_OFF_IS_FINAL  |
  | WRITTEN_OFF | UNDO_WRITE_OFF  | WRITE_OFF_IS_FINAL  |
  `,
  (row) => {
    const outcome = badDebt[row.text('status') as BadDebtStatus][row.text('action') as BadDebtAction]
    return Object.values(outcome).join('')
  },
)

vectors(
  're-age: what is past due is paid in equal monthly parts, the old instalments close that day',
  `
  | 250 each, due and paid                | on    | from  | parts | gives                                    |
  | 01-01 250, 01-16 0, 01-31 0, 02-15 0   | 02-20 | 03-01 | 6     | 3 closed; 1 March to 1 August 125.00 x6 |
  | 01-01 250, 01-16 100, 01-31 0, 04-15 0 | 02-20 | 03-31 | 3     | 2 closed; 31 March to 31 May 133.33 x2, 133.34 |
  | 01-01 250, 01-16 0                     | 02-20 | 03-31 | 2     | 1 closed; 31 March to 30 April 125.00 x2 |
  | 01-01 250, 03-16 0                     | 02-20 | 03-01 | 6     | 0 closed                                |
  `,
  (row) => {
    const before = row.list('250 each, due and paid').map(agedOf)
    const on = `2024-${row.text('on')}`
    const after = reAge(before, { on, firstDue: `2024-${row.text('from')}`, instalments: row.int('parts') })
    const closed = `${after.filter(({ closedOn }) => closedOn === on).length} closed`
    const added = after.slice(before.length)
    const [first, last] = [added[0], added.at(-1)]
    if (first === undefined || last === undefined) return closed
    const parts = amounts(added.map((it) => it.amountMinor))
    return `${closed}; ${spoken(first.dueDate)} to ${spoken(last.dueDate)} ${parts}`
  },
)

function pausesOf(row: Row): readonly Pause[] {
  return row.list('paused').reduce((pauses: readonly Pause[], text) => {
    const [kind = '', from = ''] = text.split(' from ')
    return withPause(pauses, from, kind as keyof typeof pauseDays)
  }, [])
}

function agedOf(text: string, index: number): AgedInstalment {
  const [due = '', paid = ''] = text.split(' ')
  return { no: index + 1, dueDate: `2024-${due}`, amountMinor: 250_00, paidMinor: Number(paid) * 100, closedOn: null }
}

function spoken(date: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(dateToMs(date))
}
