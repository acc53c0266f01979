import { describe, expect, test } from 'vitest'
import { addMonths } from '#domain/calendar.ts'
import { given } from '#streams/testing'
import { planDecider } from './plan.ts'
import {
  approved,
  captured,
  chargedBack,
  day,
  fraud,
  hardship,
  PLAN_ID,
  paid,
  pause,
  refunded,
  tick,
  undoChargeOff,
  undoHardship,
  writeOff,
} from './plan-samples.ts'

/** 1000 in four, the first 250 paid; by day 50 nothing more: 750 are past due. */
const running = given(planDecider(), PLAN_ID).after(
  approved(1000_00),
  paid('pay_1', 250_00),
  captured('cap_1', 1000_00),
)
const pastDue = running.after(tick(14), tick(28), tick(42), tick(50))
const reAged = pastDue.after(hardship('har_1', 6, 60, 50))
const rows = (plan: typeof running) => plan.state.instalments.map((it) => [it.amountMinor, it.paidMinor, it.status])
const CLOSED = [0, 0, 'PAID']

describe('hardship', () => {
  test('750 past due are paid in 6 × 125 a month apart, the old ones close, and late fees come with them', () => {
    const fees = pastDue.state.instalments.reduce((sum, row) => sum + row.feesMinor, 0)
    expect(fees).toBe(44_00)
    pastDue.when(hardship('har_1', 6, 60, 50)).gives({
      ...{ type: 'PlanReaged', amountMinor: 750_00, parts: 6, firstDue: day(60) },
      balance: { outstandingMinor: 750_00, feesMinor: 44_00 },
    })
    expect(rows(reAged)).toEqual([
      [250_00, 250_00, 'PAID'],
      ...[CLOSED, CLOSED, CLOSED],
      ...Array.from({ length: 6 }, () => [125_00, 0, 'SCHEDULED']),
    ])
    expect(reAged.state.instalments[4]).toMatchObject({ dueDate: day(60), feesMinor: 44_00 })
    expect(reAged.state.instalments[9]?.dueDate).toBe(addMonths(day(60), 5))
    reAged.when(tick(59)).givesNothing()
    reAged.when(tick(60)).gives({ type: 'InstalmentDue', instalmentNo: 5, amountMinor: 169_00 })
  })

  test('undone at once leaves the plan as it was', () => {
    const { state } = reAged.after(undoHardship('har_1', 50))
    const { instalments, ...rest } = state
    expect(instalments.slice(0, 4)).toEqual(pastDue.state.instalments)
    expect(instalments.slice(4).every((row) => row.amountMinor === 0 && row.status === 'PAID')).toBe(true)
    expect(rest.history).toEqual(pastDue.state.history)
  })

  test('undone after a payment gives the payment to what it would have paid', () => {
    const undone = reAged.after(paid('pay_2', 300_00, 51, 5), undoHardship('har_1', 52))
    const never = pastDue.after(paid('pay_2', 300_00, 51, 5))
    expect(undone.state.instalments.slice(0, 4).map((row) => [row.paidMinor, row.feesPaidMinor])).toEqual(
      never.state.instalments.map((row) => [row.paidMinor, row.feesPaidMinor]),
    )
  })

  test.each([
    ['twice', reAged, undoHardship('har_9', 51), 'HARDSHIP_UNKNOWN'],
    ['with nothing past due', running, hardship('h', 6, 60, 5), 'NOTHING_PAST_DUE'],
    ['in no parts', pastDue, hardship('h', 0, 60, 50), 'HARDSHIP_PARTS_INVALID'],
    ['in too many parts', pastDue, hardship('h', 25, 60, 50), 'HARDSHIP_PARTS_INVALID'],
    ['from a day gone by', pastDue, hardship('h', 6, 50, 50), 'HARDSHIP_DATE_INVALID'],
  ])('is refused %s', (_title, plan, command, code) => {
    plan.when(command).gives({ type: 'PlanCommandRefused', code })
  })
})

describe('a charge-off', () => {
  const before = running.after(tick(14), tick(28), tick(42), tick(133))
  const off = before.after(tick(134))

  test('comes 120 days after the oldest due date, of all that is owed, and nothing is outstanding any more', () => {
    expect(before.state.status).toBe('AUTHORISED')
    const { events } = before.when(tick(134))
    expect(events.find(({ type }) => type === 'PlanChargedOff')).toMatchObject({
      ...{ cause: 'LATE', principalMinor: 750_00 },
      balance: { outstandingMinor: 0, feesMinor: 0, holdMinor: 0 },
    })
    expect(off.state.status).toBe('CHARGED_OFF')
  })

  test('waits for a pause', () => {
    const held = running.after(tick(14), pause('RETURN', 20))
    expect(held.after(tick(134), tick(161)).state.status).toBe('AUTHORISED')
    expect(held.after(tick(134), tick(161), tick(162)).state.status).toBe('CHARGED_OFF')
  })

  test('comes 90 days after a fraud was discovered, where that is sooner', () => {
    running.when(fraud(10)).gives({ type: 'FraudReported', discoveredOn: day(10) })
    const found = running.after(fraud(10), tick(14), tick(99))
    expect(found.state.status).toBe('AUTHORISED')
    expect(found.when(tick(100)).events.at(-1)).toMatchObject({ type: 'PlanChargedOff', cause: 'FRAUD' })
    running.after(fraud(10)).when(fraud(11)).gives({ type: 'PlanCommandRefused', code: 'FRAUD_REPORTED_BEFORE' })
    running.when(fraud(12, 11)).gives({ type: 'PlanCommandRefused', code: 'FRAUD_DATE_INVALID' })
  })

  test('makes what still comes in a recovery, and the plan completes when all of it is in', () => {
    const owed = off.state.chargedOffMinor
    off.when(paid('pay_2', 20_00, 140, 2)).gives({
      ...{ type: 'InstalmentPaid', recoveryMinor: 20_00, principalMinor: 0, feeMinor: 0 },
      balance: { outstandingMinor: 0, feesMinor: 0 },
    })
    const done = off.after(paid('pay_2', owed, 140, 2))
    expect(done.state).toMatchObject({ status: 'COMPLETED', recoveredMinor: owed })
    off.when(refunded('ref_1', 100_00, 140)).gives({ type: 'RefundAllocated', reducedMinor: 0, recoveryMinor: 100_00 })
  })

  test('undone, the plan owes again, less what was recovered, and is not charged off again the next day', () => {
    const again = off.after(paid('pay_2', 20_00, 140, 2)).when(undoChargeOff(141))
    const chargedOffMinor = off.state.chargedOffMinor
    again.gives({ type: 'PlanChargeOffUndone', recoveredMinor: 20_00, chargedOffMinor })
    const plan = off.after(undoChargeOff(141))
    expect(plan.state.status).toBe('AUTHORISED')
    expect(plan.after(tick(142), tick(260)).state.status).toBe('AUTHORISED')
    expect(plan.after(tick(142), tick(261)).state.status).toBe('CHARGED_OFF')
  })

  test('is not undone where there is none, and hardship has to wait for the undoing', () => {
    running.when(undoChargeOff(5)).gives({ type: 'PlanCommandRefused', code: 'NOT_CHARGED_OFF' })
    off.when(hardship('h', 6, 200, 150)).gives({ type: 'PlanCommandRefused', code: 'PLAN_CHARGED_OFF' })
    off.when(fraud(140)).gives({ type: 'PlanCommandRefused', code: 'CHARGED_OFF_ALREADY' })
  })
})

describe('a write-off is final', () => {
  const off = running.after(tick(14), tick(28), tick(42), tick(134))
  const written = off.after(writeOff(140))

  test('of a plan that owes takes it off the books; of one charged off it moves nothing more', () => {
    running.when(writeOff(5)).gives({ type: 'PlanWrittenOff', principalMinor: 750_00, feeMinor: 0 })
    off.when(writeOff(140)).gives({ type: 'PlanWrittenOff', principalMinor: 0, feeMinor: 0 })
  })

  test.each([
    ['undoing the charge-off', undoChargeOff(141)],
    ['a second write-off', writeOff(141)],
    ['hardship', hardship('h', 6, 200, 141)],
    ['undoing hardship', undoHardship('h', 141)],
    ['fraud', fraud(141)],
    ['a pause', pause('RETURN', 141)],
  ])('%s is refused after it', (_title, command) => {
    const { state } = written.when(command)
    written.when(command).gives({ type: 'PlanCommandRefused', code: 'WRITE_OFF_IS_FINAL' })
    expect(state).toEqual(written.state)
  })

  test('a payment that was on its way goes back whole, and no day wakes the plan', () => {
    written
      .when(paid('pay_2', 20_00, 141, 2))
      .gives(
        { type: 'InstalmentPaid', excessMinor: 20_00, recoveryMinor: 0, shares: [] },
        { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 20_00, cause: 'OVERPAYMENT' },
      )
    expect(written.dueAt).toBeNull()
  })

  test('a charge-back after it is a loss more', () => {
    written.when(chargedBack('pay_1', 250_00, 150)).gives({
      ...{ type: 'PlanReworked', amountMinor: 250_00, chargedOffMinor: 250_00, principalMinor: 0 },
      balance: { outstandingMinor: 0 },
    })
  })
})
