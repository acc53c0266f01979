import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { isStreamsError } from '#streams'
import { merchantAccount, type SettlementInput, type SettlementOutput } from './merchant-account.ts'

const terms = {
  feeBps: 400,
  feeFixedMinor: 0,
  settlementDays: 2,
  refundPolicy: null,
  authorisationDays: null,
  settlement: null,
  monthly: [],
}
let count = 0

function captured(date: string, amountMinor: number, fields = {}) {
  count += 1
  const meta = sampleMeta(`evt_${count}`, date)
  return sampleRecord('PurchaseCaptured', {
    meta,
    merchantId: 'mer_1',
    captureId: `cap_${count}`,
    amountMinor,
    terms,
    ...fields,
  })
}

function refunded(date: string, amountMinor: number) {
  count += 1
  return sampleRecord('PurchaseRefunded', {
    meta: sampleMeta(`evt_${count}`, date),
    merchantId: 'mer_1',
    amountMinor,
    terms,
  })
}

function tick(date: string) {
  return sampleRecord('ClockTicked', { meta: sampleMeta(`tick_${date}`, date), time: dateToMs(date), date })
}

function run(inputs: readonly SettlementInput[], from = merchantAccount.initial('mer_1')) {
  const events: SettlementOutput[] = []
  let state = from
  for (const input of inputs) {
    const decided = merchantAccount.decide(state, input, 'mer_1')
    events.push(...decided)
    state = decided.reduce(merchantAccount.evolve, state)
  }
  return { events, state }
}

function answer(request: SettlementOutput | undefined, succeeded: boolean) {
  if (request?.type !== 'PayoutRequested') throw new Error('no payout was requested')
  const { meta, requestId, settlementId, amountMinor, merchantId, currency } = request
  const outcome = succeeded ? { gatewayRef: 'po_1' } : { failureCode: 'account_closed' }
  const facts = { requestId, settlementId, amountMinor, merchantId, currency, succeeded, ...outcome }
  return sampleRecord('PayoutReported', { meta: { ...meta, id: `${requestId}-answer` }, ...facts })
}

const last = <T>(items: readonly T[]) => items[items.length - 1]

describe('merchantAccount', () => {
  test('books a capture as sale and fee and says what is owed after each', () => {
    const { events, state } = run([captured('2026-01-01', 100_00)])
    expect(events).toMatchObject([
      { type: 'SettlementLineAdded', kind: 'SALE', amountMinor: 100_00, settleOn: '2026-01-03', payableMinor: 100_00 },
      { type: 'SettlementLineAdded', kind: 'FEE', amountMinor: -4_00, settleOn: '2026-01-03', payableMinor: 96_00 },
    ])
    expect(state).toMatchObject({ payableMinor: 96_00, currency: 'EUR', openDays: [{ lineCount: 2 }] })
    expect(merchantAccount.dueAt?.(state)).toBe(dateToMs('2026-01-03'))
  })

  test('settles a day with the first tick on or after it, and asks for its payout', () => {
    const early = run([captured('2026-01-01', 100_00), tick('2026-01-02')])
    expect(early.events).toHaveLength(2)
    const { events, state } = run([tick('2026-01-05')], early.state)
    const [line] = early.events
    expect(events).toMatchObject([
      { type: 'SettlementClosed', settledOn: '2026-01-03', payoutMinor: 96_00, payableMinor: 0, lineCount: 2 },
      { type: 'PayoutRequested', amountMinor: 96_00, payoutAccount: 'payoutAccount' },
    ])
    expect(events[0]).toMatchObject({ settlementId: (line as { settlementId: string }).settlementId })
    expect(state).toMatchObject({ openDays: [], payableMinor: 0, payouts: [{ attempt: 1, failedAt: null }] })
    expect(merchantAccount.dueAt?.(state)).toBeNull()
  })

  test('carries a negative day and nets it from the next: returns 100, then sales 250 with a fee of 10 pay 140', () => {
    const { events } = run([
      refunded('2026-01-01', 100_00),
      tick('2026-01-03'),
      captured('2026-01-02', 250_00),
      tick('2026-01-04'),
    ])
    const closed = events.filter((event) => event.type === 'SettlementClosed')
    expect(closed).toMatchObject([
      { salesMinor: 0, returnsMinor: 100_00, payoutMinor: 0, carriedMinor: -100_00, payableMinor: -100_00 },
      { salesMinor: 250_00, feesMinor: 10_00, debtRepaidMinor: 100_00, payoutMinor: 140_00, carriedMinor: 0 },
    ])
    expect(events.filter((event) => event.type === 'PayoutRequested')).toMatchObject([{ amountMinor: 140_00 }])
  })

  test('settles each day by itself when one tick passes several, in order', () => {
    const { events } = run([captured('2026-01-02', 50_00), captured('2026-01-01', 100_00), tick('2026-02-01')])
    const closed = events.filter((event) => event.type === 'SettlementClosed')
    expect(closed.map(({ settledOn, payoutMinor }) => [settledOn, payoutMinor])).toEqual([
      ['2026-01-03', 96_00],
      ['2026-01-04', 48_00],
    ])
  })

  test('puts a line that comes after its day was settled into the next day', () => {
    const { events } = run([captured('2026-01-01', 100_00), tick('2026-01-03'), captured('2026-01-01', 10_00)])
    expect(last(events)).toMatchObject({ settleOn: '2026-01-04' })
  })

  test('a payout that arrives leaves, once', () => {
    const { events, state } = run([captured('2026-01-01', 100_00), tick('2026-01-03')])
    const report = answer(last(events), true)
    const paid = run([report, report], state)
    expect(paid.events).toMatchObject([{ type: 'PayoutPaid', amountMinor: 96_00, gatewayRef: 'po_1' }])
    expect(paid.state.payouts).toEqual([])
  })

  test('a failed payout is asked for again with the next tick, under a new request id', () => {
    const first = run([captured('2026-01-01', 100_00), tick('2026-01-03')])
    const request = last(first.events)
    const failed = run([answer(request, false)], first.state)
    expect(failed.events).toMatchObject([{ type: 'PayoutFailed', failureCode: 'account_closed', attempt: 1 }])
    expect(merchantAccount.dueAt?.(failed.state)).toBe(dateToMs('2026-01-03') + 1)
    const same = run([tick('2026-01-03')], failed.state)
    expect(same.events).toEqual([])
    const second = run([tick('2026-01-04')], failed.state)
    expect(second.events).toMatchObject([{ type: 'PayoutRequested', amountMinor: 96_00 }])
    expect(second.events[0]).not.toMatchObject({ requestId: (request as { requestId: string }).requestId })
    const late = run([answer(request, true)], second.state)
    expect(late.events).toEqual([])
    expect(run([answer(second.events[0], true)], second.state).events).toMatchObject([{ type: 'PayoutPaid' }])
  })

  test('refuses a second currency, because a payout has one', () => {
    const { state } = run([captured('2026-01-01', 100_00)])
    const act = () => run([captured('2026-01-01', 100_00, { currency: 'USD' })], state)
    expect(act).toThrow(expect.toSatisfy((error) => isStreamsError(error, 'SETTLEMENT_CURRENCY_MIXED')))
  })

  test('payable is always captured − refunded − fees − paid out, in any order of captures, refunds and days', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-01-${String(n).padStart(2, '0')}`)
    const amount = fc.integer({ min: 1, max: 100_000 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('capture' as const), day, amount }),
      fc.record({ kind: fc.constant('refund' as const), day, amount }),
      fc.record({ kind: fc.constant('tick' as const), day, amount }),
    )
    const make = { capture: captured, refund: refunded, tick }
    const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { events, state } = run(steps.map(({ kind, day, amount }) => make[kind](day, amount)))
      let owed = 0
      const settled: string[] = []
      for (const event of events) {
        if (event.type === 'SettlementLineAdded') owed += event.amountMinor
        if (event.type === 'PayoutRequested') owed -= event.amountMinor
        if (event.type === 'SettlementClosed') settled.push(event.settledOn)
      }
      expect(state.payableMinor).toBe(owed)
      expect(new Set(settled).size).toBe(settled.length)
      const open = state.openDays.reduce((sum, d) => sum + d.salesMinor - d.returnsMinor - d.feesMinor, 0)
      expect(open + state.carriedMinor).toBe(owed)
    })
    fc.assert(property)
  })
})
