/** Commission, tax, reserves, fees given back, zones, corrections and suspension: what a merchant's terms add. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import type { SettlementTerms } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { merchantAccount, type SettlementInput } from './merchant-account.ts'
import { netMinor } from './totals.ts'

const none: SettlementTerms = {
  ...{ timeZone: 'UTC', commissionBps: 0, taxBps: 0, holdbackBps: 0, holdbackDays: 0, refundsFee: false },
}
const termsWith = (settlement: Partial<SettlementTerms>) => ({
  ...{ feeBps: 400, feeFixedMinor: 30, settlementDays: 2, refundPolicy: null, authorisationDays: null },
  monthly: [],
  settlement: { ...none, ...settlement },
})

let count = 0
const metaOn = (date: string, at = dateToMs(date)) => {
  count += 1
  return { ...sampleMeta(`evt_${count}`, date), occurredAt: at }
}
const who = { merchantId: 'mer_1', purchaseId: 'pur_1', payoutAccount: 'acct' }
const captured = (date: string, amountMinor: number, terms = termsWith({}), over = {}) =>
  sampleRecord('PurchaseCaptured', {
    meta: metaOn(date),
    ...who,
    captureId: `cap_${count}`,
    amountMinor,
    terms,
    ...over,
  })
const refunded = (date: string, amountMinor: number, refundedMinor: number, terms = termsWith({})) =>
  sampleRecord('PurchaseRefunded', {
    ...{ meta: metaOn(date), ...who, refundId: `ref_${count}`, amountMinor, refundedMinor, terms, disputeId: null },
  })
const tickAt = (ms: number) => {
  const date = new Date(ms).toISOString().slice(0, 10)
  return sampleRecord('ClockTicked', { meta: sampleMeta(`tick_${ms}`, date), time: ms, date })
}
const tick = (date: string) => tickAt(dateToMs(date))
const status = (now: 'ACTIVE' | 'SUSPENDED' | 'CLOSED', date: string) =>
  sampleRecord('MerchantStatusChanged', { meta: metaOn(date), merchantId: 'mer_1', status: now })
const correction = (kind: 'CHARGE' | 'CREDIT' | 'CORRECTION' | 'SALE', amountMinor: number, over = {}) =>
  sampleRecord('CorrectSettlement', {
    ...{ meta: metaOn('2026-01-01'), merchantId: 'mer_1', correctionId: 'cor_1', kind, amountMinor, note: 'why' },
    ...over,
  })

const account = given(merchantAccount, 'mer_1')
const linesOf = (inputs: readonly SettlementInput[], input: SettlementInput) =>
  account
    .after(...inputs)
    .when(input)
    .events.flatMap((event) => (event.type === 'SettlementLineAdded' ? [`${event.kind} ${event.amountMinor}`] : []))

test.each([
  ['nothing agreed', {}, ['SALE 10000', 'FEE -430']],
  ['a commission', { commissionBps: 150 }, ['SALE 10000', 'FEE -430', 'COMMISSION -150']],
  ['tax on the fee', { taxBps: 1_900 }, ['SALE 10000', 'FEE -430', 'TAX -82']],
  [
    'tax on both',
    { commissionBps: 150, taxBps: 1_900 },
    [...['SALE 10000', 'FEE -430', 'COMMISSION -150', 'TAX -110']],
  ],
  ['a reserve', { holdbackBps: 1_000, holdbackDays: 30 }, ['SALE 10000', 'FEE -430', 'HOLDBACK -1000']],
])('a capture of 100.00 with %s', (_, settlement, lines) => {
  expect(linesOf([], captured('2026-01-01', 100_00, termsWith(settlement)))).toEqual(lines)
})

describe('the fee of what is refunded', () => {
  test('is kept by default', () => expect(linesOf([], refunded('2026-01-01', 30_00, 30_00))).toEqual(['RETURN -3000']))

  test('goes back in parts that never come to more than its share, the fixed part not at all', () => {
    const terms = termsWith({ refundsFee: true, taxBps: 1_900 })
    const parts = [33_33, 33_33, 33_34]
    let refundedMinor = 0
    const lines = parts.flatMap((amountMinor) => {
      refundedMinor += amountMinor
      return linesOf([], refunded('2026-01-01', amountMinor, refundedMinor, terms))
    })
    const sum = (kind: string) =>
      lines.reduce((all, line) => (line.startsWith(kind) ? all + Number(line.split(' ')[1]) : all), 0)
    expect([sum('RETURN'), sum('FEE_REFUND'), sum('TAX')]).toEqual([-100_00, 4_00, 76])
  })
})

describe('a reserve', () => {
  const terms = termsWith({ holdbackBps: 1_000, holdbackDays: 30 })
  const held = account.after(captured('2026-01-01', 100_00, terms), tick('2026-01-03'))

  test('is held, and released by the tick of its day, naming the capture', () => {
    expect(held.state).toMatchObject({ heldMinor: 10_00, reserves: [{ amountMinor: 10_00, releaseOn: '2026-01-31' }] })
    held.when(tick('2026-01-30')).givesNothing()
    const [capture] = held.state.reserves
    held
      .when(tick('2026-01-31'))
      .gives(
        { type: 'SettlementLineAdded', kind: 'RELEASE', amountMinor: 10_00, captureId: capture?.captureId ?? '' },
        { type: 'SettlementClosed', releaseMinor: 10_00, payoutMinor: 10_00 },
        { type: 'PayoutRequested', amountMinor: 10_00 },
      )
    expect(held.after(tick('2026-01-31')).state).toMatchObject({ heldMinor: 0, reserves: [] })
  })

  test('that comes due while nothing ticked is released once, late', () => {
    const { events } = held.when(tick('2026-03-01'))
    expect(events.filter((event) => event.type === 'SettlementLineAdded')).toHaveLength(1)
    held.after(tick('2026-03-01')).when(tick('2026-03-02')).givesNothing()
  })

  test('of two captures on one day are two lines', () => {
    const two = held.after(captured('2026-01-01', 50_00, terms))
    const { events } = two.when(tick('2026-01-31'))
    const released = events.flatMap((event) =>
      event.type === 'SettlementLineAdded' && event.kind === 'RELEASE' ? [event.lineId] : [],
    )
    expect(new Set(released).size).toBe(2)
  })
})

describe('T+N in the merchant’s zone', () => {
  // 23:30 on 1 January in New York is 04:30 on 2 January in UTC.
  const at = Date.parse('2026-01-02T04:30:00Z')
  const terms = termsWith({ timeZone: 'America/New_York' })
  const late = account.after(captured('2026-01-02', 100_00, terms, { meta: metaOn('2026-01-02', at) }))

  test('counts from the day of the shop', () => {
    expect(late.state.openDays).toMatchObject([{ settleOn: '2026-01-03' }])
  })

  test('begins with the day of the shop', () => {
    const begins = Date.parse('2026-01-03T05:00:00Z')
    expect(merchantAccount.dueAt?.(late.state)).toBe(begins)
    late.when(tickAt(begins - 1)).givesNothing()
    late.when(tickAt(begins)).gives({ type: 'SettlementClosed', settledOn: '2026-01-03' }, { type: 'PayoutRequested' })
  })
})

describe('a correction by the operator', () => {
  const sold = account.after(captured('2026-01-01', 100_00))

  test.each([
    ['CHARGE', 5_00, -5_00],
    ['CREDIT', 5_00, 5_00],
    ['CORRECTION', -1, -1],
  ] as const)('%s of %i adds %i to the next settlement', (kind, amountMinor, signed) => {
    sold.when(correction(kind, amountMinor)).gives({
      ...{ type: 'SettlementLineAdded', kind, amountMinor: signed, purchaseId: null, note: 'why' },
      payableMinor: 95_70 + signed,
    })
  })

  test.each([
    ['before there is anything', account, correction('CREDIT', 1), 'SETTLEMENT_NOTHING_YET'],
    ['of a kind that only events make', sold, correction('SALE', 1), 'CORRECTION_KIND_INVALID'],
    ['of nothing', sold, correction('CORRECTION', 0), 'AMOUNT_INVALID'],
    ['of a charge below 0', sold, correction('CHARGE', -1), 'AMOUNT_INVALID'],
    ['in another currency', sold, correction('CREDIT', 1, { currency: 'USD' }), 'CURRENCY_MISMATCH'],
  ])('is refused %s', (_, before, input, code) => {
    before.when(input).gives({ type: 'SettlementCommandRefused', code }).leaves(before.state)
  })
})

describe('a suspended merchant', () => {
  const suspended = account.after(captured('2026-01-01', 100_00), status('SUSPENDED', '2026-01-02'))

  test('is settled and not paid, until it is reinstated; then once', () => {
    const { events } = suspended.when(tick('2026-01-03'))
    expect(events.map(({ type }) => type)).toEqual(['SettlementClosed', 'PayoutHeld'])
    const held = suspended.after(tick('2026-01-03'))
    held.when(tick('2026-01-20')).givesNothing()
    held.when(status('SUSPENDED', '2026-01-04')).givesNothing()
    held
      .when(status('ACTIVE', '2026-01-05'))
      .gives({ type: 'SuspensionNoted', suspended: false }, { type: 'PayoutRequested', amountMinor: 95_70 })
    held.after(status('ACTIVE', '2026-01-05')).when(tick('2026-01-20')).givesNothing()
  })

  test('gets no second attempt of a payout that failed, until it is reinstated', () => {
    const asked = account.after(captured('2026-01-01', 100_00)).when(tick('2026-01-03'))
    const request = asked.events.find((event) => event.type === 'PayoutRequested')
    const failed = account.after(captured('2026-01-01', 100_00), tick('2026-01-03'))
    const { requestId } = failed.state.payouts.length === 1 && request !== undefined ? request : { requestId: '' }
    expect(requestId).not.toBe('')
    const report = sampleRecord('PayoutReported', { meta: metaOn('2026-01-03'), merchantId: 'mer_1', succeeded: false })
    const after = failed.after({ ...report, requestId }, status('SUSPENDED', '2026-01-04'))
    after.when(tick('2026-01-05')).givesNothing()
    after.after(status('ACTIVE', '2026-01-06')).when(tick('2026-01-07')).gives({ type: 'PayoutRequested' })
  })
})

test('whatever happens: payable is what the lines say less what was paid, and held what was held less released', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-01-${String(n).padStart(2, '0')}`)
  const amount = fc.integer({ min: 1, max: 100_000 })
  const terms = fc.constantFrom(
    termsWith({ holdbackBps: 1_000, holdbackDays: 5, taxBps: 1_900, commissionBps: 50 }),
    termsWith({ refundsFee: true, taxBps: 700, timeZone: 'UTC' }),
  )
  const step = fc.oneof(
    fc.record({ day, amount, terms }).map(({ day, amount, terms }) => captured(day, amount, terms)),
    fc.record({ day, amount, terms }).map(({ day, amount, terms }) => refunded(day, amount, amount, terms)),
    day.map(tick),
    fc.record({ day, to: fc.constantFrom('ACTIVE' as const, 'SUSPENDED' as const) }).map((s) => status(s.to, s.day)),
    amount.map((minor) => correction('CORRECTION', minor)),
    amount.map((minor) => correction('CHARGE', minor)),
  )
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    let story = account
    const totals = { lines: 0, held: 0, paid: 0 }
    for (const input of steps as readonly SettlementInput[]) {
      const { events } = story.when(input)
      for (const event of events) {
        if (event.type === 'SettlementLineAdded') {
          totals.lines += event.amountMinor
          if (event.kind === 'HOLDBACK' || event.kind === 'RELEASE') totals.held -= event.amountMinor
        }
        if (event.type === 'SettlementClosed') totals.paid += event.payoutMinor
      }
      story = story.after(input)
    }
    const { state } = story
    expect(state.payableMinor).toBe(totals.lines - totals.paid)
    expect(state.heldMinor).toBe(totals.held)
    expect(state.reserves.reduce((sum, one) => sum + one.amountMinor, 0)).toBe(totals.held)
    expect(state.openDays.reduce((sum, one) => sum + netMinor(one), 0) + state.carriedMinor).toBe(state.payableMinor)
  })
  fc.assert(property, { numRuns: 500 })
})
