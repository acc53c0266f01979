import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, dateToMs, msToDate } from '#domain/calendar.ts'
import { sumMinor } from '#domain/money.ts'
import type { Instalment, PlanBalance, StatementIssued } from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { consumerStatements, type StatementFact, type StatementInput } from './consumer-statements.ts'

const consumerId = 'con_1'
const at = (time: string) => Date.parse(time)
const meta = (id: string, time: string) =>
  rootMeta({ source: 'test', id, occurredAt: at(time), businessDate: msToDate(at(time)) })
const tick = (time: string) =>
  sampleRecord('ClockTicked', { meta: meta(`tick ${time}`, time), time: at(time), date: msToDate(at(time)) })
const registered = sampleRecord('ConsumerRegistered', {
  ...{ meta: meta('evt_1', '2026-01-01T12:00:00Z'), consumerId, timeZone: 'America/New_York', language: 'de' },
})
const owing = (outstandingMinor: number, feesMinor = 0): PlanBalance => ({
  ...{ authorisedMinor: 100_00, capturedMinor: 100_00, releasedMinor: 0, refundedMinor: 0, depositMinor: 0 },
  ...{ holdMinor: 0, outstandingMinor, feesMinor, paidMinor: 0, interestMinor: 0 },
})
const row = (no: number, dueDate: string, paidMinor = 0): Instalment => ({
  ...{ no, dueDate, amountMinor: 25_00, paidMinor, feesMinor: 0, feesPaidMinor: 0, status: 'SCHEDULED' },
  ...{ delinquency: null, interest: null },
})
const of = (id: string, time: string, planId = 'pln_1', currency = 'USD') => ({
  ...{ meta: meta(id, time), consumerId, planId, purchaseId: 'pur_1', merchantId: 'mer_1', currency },
})
const authorised = sampleRecord('PlanAuthorised', {
  ...of('evt_2', '2026-01-10T12:00:00Z'),
  ...{ merchantName: 'Shop', balance: owing(0) },
})
const scheduled = sampleRecord('PlanScheduled', {
  ...of('evt_3', '2026-01-10T13:00:00Z'),
  ...{ amountMinor: 100_00, depositAppliedMinor: 25_00, balance: owing(75_00) },
  instalments: [row(2, '2026-01-24'), row(3, '2026-02-07'), row(4, '2026-03-20')],
})
const paid = sampleRecord('InstalmentPaid', {
  ...of('evt_4', '2026-01-24T12:00:00Z'),
  ...{ instalmentNo: 2, amountMinor: 25_00, balance: owing(50_00) },
  instalments: [row(2, '2026-01-24', 25_00), row(3, '2026-02-07'), row(4, '2026-03-20')],
})
const account = given(consumerStatements, consumerId).after(registered, authorised, scheduled, paid)
const issuedIn = (facts: readonly StatementFact[]) =>
  facts.filter((fact): fact is StatementIssued => fact.type === 'StatementIssued')

const FEBRUARY = '2026-02-01T05:00:00Z'
const ofJanuary: Partial<StatementIssued> = {
  ...{ currency: 'USD', month: '2026-01', from: '2026-01-01', to: '2026-01-31', language: 'de' },
  ...{ openingMinor: 0, purchasesMinor: 100_00, paymentsMinor: -50_00, refundsMinor: 0, feesMinor: 0 },
  ...{ interestMinor: 0, chargedOffMinor: 0, adjustmentsMinor: 0, closingMinor: 50_00, dueUntil: '2026-02-28' },
  ...{ timeZone: 'America/New_York', templateVersion: 1 },
}

describe('a statement', () => {
  test('closes the month when it is over where the consumer is, with lines and what is due next', () => {
    expect(account.dueAt).toBe(at(FEBRUARY))
    const decided = account.when(tick(FEBRUARY))
    const [statement] = issuedIn(decided.events)
    expect(statement).toMatchObject(ofJanuary)
    expect(
      statement?.lines.map(({ date, kind, amountMinor, merchantName }) => [date, kind, amountMinor, merchantName]),
    ).toEqual([
      ['2026-01-10', 'PURCHASE', 100_00, 'Shop'],
      ['2026-01-10', 'PAYMENT', -25_00, 'Shop'],
      ['2026-01-24', 'PAYMENT', -25_00, 'Shop'],
    ])
    expect(statement?.nextDue).toEqual([{ dueDate: '2026-02-07', planId: 'pln_1', amountMinor: 25_00 }])
    expect(account.after(tick(FEBRUARY)).dueAt).toBe(at('2026-03-01T05:00:00Z'))
    account.after(tick(FEBRUARY)).when(tick('2026-02-02T00:00:00Z')).givesNothing()
  })

  test('of each month is made once, where several went by in which nobody ticked', () => {
    const late = account.when(tick('2026-04-15T00:00:00Z'))
    const statements = issuedIn(late.events)
    expect(statements.map(({ month }) => month)).toEqual(['2026-01', '2026-02', '2026-03'])
    expect(statements.map(({ openingMinor, closingMinor }) => [openingMinor, closingMinor])).toEqual([
      [0, 50_00],
      [50_00, 50_00],
      [50_00, 50_00],
    ])
    const oneByOne = [FEBRUARY, '2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z'].reduce(
      ({ spec, ids }, time) => ({
        spec: spec.after(tick(time)),
        ids: [...ids, ...issuedIn(spec.when(tick(time)).events).map(({ statementId }) => statementId)],
      }),
      { spec: account, ids: [] as string[] },
    )
    expect(statements.map(({ statementId }) => statementId)).toEqual(oneByOne.ids)
  })

  test('is closed by an event of the next month that comes before the tick', () => {
    const fee = sampleRecord('LateFeeCharged', {
      ...of('evt_5', '2026-02-01T05:00:00Z'),
      ...{ amountMinor: 10_00, balance: owing(50_00, 10_00) },
    })
    const decided = account.when(fee)
    expect(issuedIn(decided.events)).toMatchObject([ofJanuary])
    const [february] = issuedIn(account.after(fee).when(tick('2026-03-01T05:00:00Z')).events)
    expect(february).toMatchObject({ openingMinor: 50_00, feesMinor: 10_00, closingMinor: 60_00 })
  })

  test('has in the next month what is heard late', () => {
    const late = { ...paid, ...of('evt_6', '2026-01-31T20:00:00Z'), balance: owing(25_00) }
    const [february] = issuedIn(account.after(tick(FEBRUARY), late).when(tick('2026-03-01T05:00:00Z')).events)
    expect(february).toMatchObject({ openingMinor: 50_00, paymentsMinor: -25_00, closingMinor: 25_00 })
  })

  test('is never made again of a month that is closed, also where nothing was owed at its end', () => {
    const settled = { ...paid, balance: owing(0) }
    const done = sampleRecord('PlanCompleted', { ...of('evt_9', '2026-01-24T12:00:00Z'), balance: owing(0) })
    const quiet = given(consumerStatements, consumerId).after(registered, authorised, scheduled, settled, done)
    const late = { ...scheduled, ...of('evt_10', '2026-01-31T20:00:00Z', 'pln_2') }
    const after = quiet.after(tick(FEBRUARY), late)
    expect(after.dueAt).toBe(at('2026-03-01T05:00:00Z'))
    expect(issuedIn(after.when(tick('2026-03-01T05:00:00Z')).events)).toMatchObject([
      { month: '2026-02', openingMinor: 0, purchasesMinor: 100_00, closingMinor: 75_00 },
    ])
  })

  test('is one a currency', () => {
    const euro = { ...scheduled, ...of('evt_7', '2026-01-20T12:00:00Z', 'pln_2', 'EUR') }
    const statements = issuedIn(account.after(euro).when(tick(FEBRUARY)).events)
    expect(statements.map(({ currency, closingMinor }) => [currency, closingMinor])).toEqual([
      ['USD', 50_00],
      ['EUR', 75_00],
    ])
    expect(new Set(statements.map(({ statementId, meta: { id } }) => `${statementId} ${id}`)).size).toBe(2)
  })

  test('is not made of a month in which nothing was owed and nothing moved', () => {
    const cancelled = sampleRecord('PlanCancelled', { ...of('evt_8', '2026-01-12T12:00:00Z'), balance: owing(0) })
    const agreed = given(consumerStatements, consumerId).after(registered, authorised)
    expect(issuedIn(agreed.when(tick(FEBRUARY)).events)).toEqual([])
    expect(agreed.after(cancelled, tick(FEBRUARY)).dueAt).toBeNull()
    const done = sampleRecord('PlanCompleted', { ...of('evt_9', '2026-02-10T12:00:00Z'), balance: owing(0) })
    const finished = account.after(
      tick(FEBRUARY),
      { ...paid, ...of('evt_6', '2026-02-09T12:00:00Z'), balance: owing(0) },
      done,
    )
    expect(issuedIn(finished.when(tick('2026-03-01T05:00:00Z')).events)).toMatchObject([{ closingMinor: 0 }])
    expect(finished.after(tick('2026-03-01T05:00:00Z')).dueAt).toBeNull()
  })

  test('waits for the registration, which says where the month ends', () => {
    const unknown = given(consumerStatements, consumerId).after(authorised, scheduled)
    expect(unknown.dueAt).toBeNull()
    unknown.when(tick('2026-03-05T00:00:00Z')).givesNothing()
    expect(unknown.after(registered).dueAt).toBe(at(FEBRUARY))
    const lost = unknown.after({ ...registered, timeZone: 'Mars/Olympus' })
    expect(lost.dueAt).toBe(at('2026-02-01T00:00:00Z'))
  })

  test.each([
    ['RefundAllocated', 'refundsMinor', {}],
    ['LateFeeReversed', 'feesMinor', {}],
    ['InterestCharged', 'interestMinor', {}],
    ['PlanChargedOff', 'chargedOffMinor', {}],
    ['PlanReworked', 'paymentsMinor', { cause: 'CHARGED_BACK' }],
    ['PlanReworked', 'adjustmentsMinor', { cause: 'HARDSHIP_UNDONE' }],
    ['PlanReaged', 'adjustmentsMinor', {}],
  ] as const)('counts what %s moves as %s', (type, field, more) => {
    const event = sampleRecord(type, { ...of('evt_5', '2026-01-25T12:00:00Z'), ...more, balance: owing(30_00) })
    const [statement] = issuedIn(account.after(event).when(tick(FEBRUARY)).events)
    const before = field === 'paymentsMinor' ? -50_00 : 0
    expect(statement).toMatchObject({ [field]: before - 20_00, closingMinor: 30_00 })
  })
})

test('every statement opens with what the one before closed with, and closes with what the plans owe', () => {
  const move = fc.record({
    days: fc.nat({ max: 40 }),
    plan: fc.constantFrom('pln_1', 'pln_2', 'pln_3'),
    type: fc.constantFrom('PlanScheduled', 'InstalmentPaid', 'RefundAllocated', 'LateFeeCharged', 'PlanReworked'),
    owed: fc.nat({ max: 100_000 }),
    fees: fc.nat({ max: 1_000 }),
    ticked: fc.boolean(),
  })
  const property = fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
    let spec = given(consumerStatements, consumerId).after(registered)
    let day = '2026-01-01'
    const owed = new Map<string, number>()
    let lastClosing = 0
    const hear = (input: StatementInput) => {
      for (const statement of issuedIn(spec.when(input).events)) {
        expect(statement.openingMinor).toBe(lastClosing)
        lastClosing = statement.closingMinor
        expect(sumMinor([statement.openingMinor, ...statement.lines.map(({ amountMinor }) => amountMinor)])).toBe(
          lastClosing,
        )
        const { purchasesMinor, paymentsMinor, refundsMinor, feesMinor, interestMinor } = statement
        const sums = [statement.openingMinor, purchasesMinor, paymentsMinor, refundsMinor, feesMinor, interestMinor]
        expect(sumMinor([...sums, statement.chargedOffMinor, statement.adjustmentsMinor])).toBe(lastClosing)
        // It closes before the event counts that closes it.
        expect(lastClosing).toBe(sumMinor([...owed.values()]))
      }
      spec = spec.after(input)
    }
    moves.forEach(({ days, plan, type, owed: owedMinor, fees, ticked }, index) => {
      day = addDays(day, days)
      const time = new Date(dateToMs(day) + 18 * 3_600_000).toISOString()
      if (ticked) hear(tick(time))
      hear(sampleRecord(type, { ...of(`evt_${index}`, time, plan), balance: owing(owedMinor, fees) }))
      owed.set(plan, owedMinor + fees)
    })
    hear(tick(new Date(dateToMs(addDays(day, 62))).toISOString()))
    expect(lastClosing).toBe(sumMinor([...owed.values()]))
  })
  fc.assert(property)
})
