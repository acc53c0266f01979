import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '#domain/calendar.ts'
import { daysLate, isPaused, lateOn } from '#domain/delinquency.ts'
import { given } from '#streams/testing'
import { planDecider } from './plan.ts'
import { approved, captured, day, moveDate, PLAN_ID, paid, pause, refunded, tick } from './plan-samples.ts'

const authorised = given(planDecider(), PLAN_ID).after(approved(100_00), paid('pay_1', 25_00))
const running = authorised.after(captured('cap_1', 100_00))

describe('a payment date', () => {
  test('is moved, and the instalment is asked for on the new one', () => {
    const moved = running.after(moveDate(2, 20, 5))
    running.when(moveDate(2, 20, 5)).gives({
      ...{ type: 'InstalmentMoved', instalmentNo: 2, fromDate: day(14), dueDate: day(20) },
      instalments: [{}, { dueDate: day(20), status: 'SCHEDULED' }, {}, {}],
      balance: { outstandingMinor: 75_00 },
    })
    moved.when(tick(14)).givesNothing()
    moved.when(tick(20)).gives({ type: 'InstalmentDue', instalmentNo: 2, dueDate: day(20) })
  })

  test('may be the one of the next payment, but not after it, and not today', () => {
    running.when(moveDate(2, 28, 5)).gives({ type: 'InstalmentMoved' })
    for (const to of [29, 5, 4, 14])
      running.when(moveDate(2, to, 5)).gives({ type: 'PlanCommandRefused', code: 'DATE_OUT_OF_RANGE' })
  })

  test.each([
    ['twice', running.after(moveDate(2, 20, 5)), moveDate(3, 30, 5), 'DATE_MOVED_BEFORE'],
    ['of the last payment', running, moveDate(4, 50, 5), 'DATE_FIRST_OR_LAST'],
    ['of a paid one', running, moveDate(1, 5, 1), 'INSTALMENT_PAID'],
    ['within 24 hours', running, moveDate(2, 20, 13, 1), 'DATE_TOO_LATE'],
    ['of an overdue one', running.after(tick(14), tick(16)), moveDate(2, 20, 17), 'DATE_OVERDUE'],
    ['of one there is not', running, moveDate(9, 20, 5), 'INSTALMENT_UNKNOWN'],
    ['before the capture', authorised, moveDate(2, 20, 5), 'PLAN_NOT_RUNNING'],
    ['after the end', running.after(refunded('r', 100_00, 3)), moveDate(2, 20, 5), 'PLAN_NOT_RUNNING'],
  ])('is not moved %s', (_title, plan, command, code) => {
    const { state } = plan.when(command)
    plan.when(command).gives({ type: 'PlanCommandRefused', command: 'MoveInstalmentDate', code })
    expect(state).toEqual(plan.state)
  })

  test('can be moved a day and an hour before it', () => {
    running.when(moveDate(2, 20, 12, 23)).gives({ type: 'InstalmentMoved' })
  })

  test('is moved for the consumer of the plan only', () => {
    running
      .when({ ...moveDate(2, 20, 5), consumerId: 'con_9' })
      .gives({ type: 'PlanCommandRefused', code: 'PLAN_UNKNOWN' })
  })
})

describe('a pause', () => {
  test('for a return lasts 28 days, for a problem 21, and may not overlap', () => {
    running.when(pause('RETURN', 5)).gives({ type: 'PlanPaused', reason: 'RETURN', from: day(5), until: day(33) })
    running.when(pause('PROBLEM', 5)).gives({ type: 'PlanPaused', until: day(26) })
    const held = running.after(pause('RETURN', 5))
    held.when(pause('PROBLEM', 32, 'pau_2')).gives({ type: 'PlanCommandRefused', code: 'PAUSE_OVERLAPS' })
    held.when(pause('PROBLEM', 33, 'pau_2')).gives({ type: 'PlanPaused', from: day(33), until: day(54) })
    running.when(pause('HOLIDAY', 5)).gives({ type: 'PlanCommandRefused', code: 'PAUSE_REASON_UNKNOWN' })
    authorised.when(pause('RETURN', 5)).gives({ type: 'PlanCommandRefused', code: 'PLAN_NOT_RUNNING' })
  })

  test('holds what would fall due, and asks for it when it ends', () => {
    const held = running.after(pause('RETURN', 5))
    for (const days of [14, 28, 32]) held.when(tick(days)).givesNothing()
    expect(held.dueAt).toBe(Date.parse(day(33)))
    held.when(tick(33)).gives({ type: 'InstalmentDue', instalmentNo: 2 }, { type: 'InstalmentDue', instalmentNo: 3 })
  })

  test('stops lateness and fees where they were, and they go on after it', () => {
    const late = running.after(tick(14), tick(15), tick(16), pause('PROBLEM', 17))
    for (const days of [18, 23, 28, 37]) late.when(tick(days)).givesNothing()
    // Overdue for 3 days before it, 21 days held: the fourth day late is day 39, the second fee a week after the first.
    expect(late.dueAt).toBe(Date.parse(day(38)))
    const after = late.after(tick(38))
    // The third payment, asked for when the pause ended, is a day late now.
    after
      .when(tick(39))
      .gives(
        { type: 'InstalmentDelinquent', instalmentNo: 2, daysLate: 4, range: '4-30' },
        { type: 'InstalmentDelinquent', instalmentNo: 3, daysLate: 1, range: '1-3' },
      )
    const fees = after.after(tick(39)).when(tick(44))
    expect(fees.events.filter((it) => it.type === 'LateFeeCharged' && it.instalmentNo === 2)).toMatchObject([
      { rule: 'SECOND' },
    ])
  })

  test('lets the consumer pay', () => {
    running
      .after(pause('RETURN', 5))
      .when(paid('pay_2', 25_00, 6, 2))
      .gives({ type: 'InstalmentPaid' })
  })
})

test('an instalment moves through the ranges of days late, and leaves them when it is paid', () => {
  const ticks = Array.from({ length: 240 }, (_, index) => tick(15 + index))
  let plan = running.after(tick(14))
  const seen: [number, string][] = []
  for (const at of ticks) {
    for (const event of plan.when(at).events) {
      if (event.type === 'InstalmentDelinquent' && event.instalmentNo === 2) seen.push([event.daysLate, event.range])
    }
    plan = plan.after(at)
  }
  expect(seen).toEqual([
    [1, '1-3'],
    [4, '4-30'],
    [31, '31-60'],
    [61, '61-90'],
    [91, '91-120'],
    [121, '121-150'],
    [151, '151-180'],
    [181, '181-240'],
  ])
  plan.when(paid('pay_2', 200_00, 255, 2)).leaves({ instalments: [{}, { status: 'PAID', delinquency: null }, {}, {}] })
})

test('so many days late is the first day outside of pauses on which so many days have gone by', () => {
  const pauses = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 4 }).map((raw) => {
    let at = 0
    return raw.map(([gap, length]) => {
      const from = at + gap
      at = from + length
      return { from: day(from), until: day(at) }
    })
  })
  const property = fc.property(pauses, fc.nat(40), fc.integer({ min: 1, max: 60 }), (held, due, days) => {
    const on = lateOn(day(due), days, held)
    expect(isPaused(held, on)).toBe(false)
    expect(daysLate(day(due), on, held)).toBe(days)
    const before = addDays(on, -1)
    expect(isPaused(held, before) || daysLate(day(due), before, held) < days).toBe(true)
  })
  fc.assert(property, { numRuns: 2_000 })
})
