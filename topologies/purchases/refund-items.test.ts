import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PurchaseRefunded, RefundPurchase } from '#schemas'
import { given } from '#streams/testing'
import { purchase } from './purchase.ts'
import { authorised, capture, decideDispute, dispute, refund, refundItems, request } from './purchase-samples.ts'

/** 100.00 in all: lines of 3 × 20.00, 1 × 40.00, and 2 that cost nothing. */
const ITEMS = [
  { name: 'Cup', quantity: 3, unitAmountMinor: 2_000 },
  { name: 'Kettle', quantity: 1, unitAmountMinor: 4_000 },
  { name: 'Sticker', quantity: 2, unitAmountMinor: 0 },
]
const bought = given(purchase, 'pur_1').after(request({ items: ITEMS }), authorised())
/** In two captures, of 60.00 and 40.00. */
const captured = bought.after(capture('cap_1', 6_000), capture('cap_2', 4_000))
const item = (line: number, quantity: number) => ({ line, quantity })

describe('a refund by line', () => {
  test('comes to what the lines cost, and goes over the captures, oldest first', () => {
    captured
      .when(
        refundItems('ref_1', [
          [1, 2],
          [2, 1],
        ]),
      )
      .gives({
        type: 'PurchaseRefunded',
        amountMinor: 8_000,
        refundedMinor: 8_000,
        capturedMinor: 10_000,
        items: [item(1, 2), item(2, 1)],
        refundedItems: [item(1, 2), item(2, 1)],
      })
      .leaves({
        refundedMinor: 8_000,
        refundedItems: [item(1, 2), item(2, 1)],
        captures: [{ refundedMinor: 6_000 }, { refundedMinor: 2_000 }],
      })
  })

  test('takes a line in parts, over several refunds', () => {
    const second = captured.after(refundItems('ref_1', [[2, 1]])).when(refundItems('ref_2', [[1, 1]]))
    second.gives({ type: 'PurchaseRefunded', amountMinor: 2_000, refundedItems: [item(1, 1), item(2, 1)] })
    captured
      .after(refundItems('ref_1', [[2, 1]]), refundItems('ref_2', [[1, 1]]))
      .when(refundItems('ref_3', [[1, 2]]))
      .gives({ type: 'PurchaseRefunded', amountMinor: 4_000, refundedMinor: 10_000 })
      .leaves({ refundedItems: [item(1, 3), item(2, 1)] })
  })

  test('of one capture takes from it alone', () => {
    captured
      .when(refundItems('ref_1', [[2, 1]], { captureId: 'cap_2' }))
      .gives({ type: 'PurchaseRefunded', captureId: 'cap_2', amountMinor: 4_000 })
      .leaves({ captures: [{ refundedMinor: 0 }, { refundedMinor: 4_000 }] })
  })

  test('may hold a line that costs nothing beside one that costs something', () => {
    captured
      .when(
        refundItems('ref_1', [
          [3, 2],
          [1, 1],
        ]),
      )
      .gives({ type: 'PurchaseRefunded', amountMinor: 2_000 })
      .leaves({ refundedItems: [item(1, 1), item(3, 2)] })
  })

  test('is followed by refunds by amount, which leave the lines as they are', () => {
    captured
      .after(refundItems('ref_1', [[1, 1]]))
      .when(refund('ref_2', 8_000))
      .gives({ type: 'PurchaseRefunded', items: [], refundedItems: [item(1, 1)], refundedMinor: 10_000 })
      .leaves({ refundedItems: [item(1, 1)] })
  })

  test('is kept when a lost dispute takes money back', () => {
    captured
      .after(refundItems('ref_1', [[1, 1]]), dispute('dis_1', 1_000))
      .when(decideDispute('dis_1', false))
      .gives({ type: 'DisputeDecided' }, { type: 'PurchaseRefunded', items: [], refundedItems: [item(1, 1)] })
  })

  const huge = { name: 'Moon', quantity: 3, unitAmountMinor: Number.MAX_SAFE_INTEGER - 1 }
  const of = (items: typeof ITEMS) =>
    given(purchase, 'pur_1').after(request({ items }), authorised(), capture('cap_1', 10_000))
  const before = captured.after(refundItems('ref_1', [[1, 2]]))

  test.each([
    ['a line that is not there', before, refundItems('ref_2', [[4, 1]]), 'LINE_UNKNOWN', 'lines 1 to 3'],
    ['a line before the first', before, refundItems('ref_2', [[0, 1]]), 'LINE_UNKNOWN', 'lines 1 to 3'],
    ['half a line', before, refundItems('ref_2', [[1.5, 1]]), 'LINE_UNKNOWN', 'lines 1 to 3'],
    ['none of a line', before, refundItems('ref_2', [[1, 0]]), 'QUANTITY_INVALID', '1 or more'],
    ['less than none', before, refundItems('ref_2', [[1, -1]]), 'QUANTITY_INVALID', '1 or more'],
    ['a fraction', before, refundItems('ref_2', [[1, 0.5]]), 'QUANTITY_INVALID', 'whole number'],
    [
      'a line twice',
      before,
      refundItems('ref_2', [
        [2, 1],
        [2, 1],
      ]),
      'LINE_TWICE',
      'Name it once',
    ],
    ['more than the line has', captured, refundItems('ref_2', [[1, 4]]), 'REFUND_OVER_LINE', 'at most 3'],
    ['more than is left of it', before, refundItems('ref_2', [[1, 2]]), 'REFUND_OVER_LINE', 'at most 1'],
    ['what costs nothing', before, refundItems('ref_2', [[3, 1]]), 'AMOUNT_INVALID', 'costs something'],
    ['neither amount nor items', before, refundItems('ref_2', []), 'AMOUNT_INVALID', 'exactly one'],
    [
      'both amount and items',
      before,
      refundItems('ref_2', [[1, 1]], { amountMinor: 2_000 }),
      'AMOUNT_INVALID',
      'exactly one',
    ],
    ['a purchase without items', of([]), refundItems('ref_2', [[1, 1]]), 'PURCHASE_WITHOUT_ITEMS', 'by amount'],
    ['what cannot be counted', of([huge]), refundItems('ref_2', [[1, 2]]), 'AMOUNT_OVERFLOW', 'fewer'],
    ['more than was captured', of([huge]), refundItems('ref_2', [[1, 1]]), 'REFUND_OVER_CAPTURED', '100.00 EUR'],
    [
      'more than its capture',
      before,
      refundItems('ref_2', [[2, 1]], { captureId: 'cap_1' }),
      'REFUND_OVER_CAPTURED',
      '20.00 EUR',
    ],
    [
      'more than amounts have left',
      captured.after(refund('ref_1', 9_000)),
      refundItems('ref_2', [[1, 1]]),
      'REFUND_OVER_CAPTURED',
      '10.00 EUR',
    ],
    [
      'what is disputed',
      captured.after(dispute('dis_1', 9_000)),
      refundItems('ref_2', [[1, 1]]),
      'REFUND_DISPUTED',
      '10.00 EUR',
    ],
    ['before a capture', bought, refundItems('ref_2', [[1, 1]]), 'NOTHING_CAPTURED', 'Release'],
    ['a refund made before', before, refundItems('ref_1', [[1, 1]]), 'REFUND_EXISTS', 'already'],
  ] as const)('is refused: %s', (_what, state, command, code, says) => {
    const decided = state.when(command)
    decided.gives({ type: 'PurchaseCommandRefused', command: 'RefundPurchase', code })
    expect(decided.events).toMatchObject([{ detail: expect.stringContaining(says) }])
    expect(decided.state).toEqual(state.state)
  })
})

describe('refunds by line and by amount, in any mix', () => {
  const basket = fc.array(
    fc.record({
      name: fc.constant('Cup'),
      quantity: fc.integer({ min: 1, max: 4 }),
      unitAmountMinor: fc.integer({ min: 0, max: 2_000 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  const lines = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })), { maxLength: 2 })
  const captureId = fc.option(fc.constantFrom('cap_1', 'cap_2'), { nil: null })
  const command = fc.oneof<fc.Arbitrary<(id: string) => RefundPurchase>[]>(
    fc.tuple(lines, captureId).map(
      ([items, of]) =>
        (id) =>
          refundItems(id, items, { captureId: of }),
    ),
    fc.tuple(fc.integer({ min: 1, max: 1_000 }), captureId).map(([minor, of]) => {
      return (id) => refund(id, minor, { captureId: of })
    }),
  )

  test('never pass a capture or a line, and sum to what was told', () => {
    let partial = 0
    let whole = 0
    const story = fc.tuple(basket, fc.integer({ min: 0, max: 100 }), fc.array(command, { maxLength: 12 }))
    fc.assert(
      fc.property(story, ([items, percent, commands]) => {
        const amountMinor = items.reduce((sum, one) => sum + one.quantity * one.unitAmountMinor, 0)
        const first = Math.floor((amountMinor * percent) / 100)
        fc.pre(first > 0 && first < amountMinor)
        const begun = given(purchase, 'pur_1').after(
          request({ items, amountMinor }),
          authorised({ amountMinor }),
          capture('cap_1', first),
          capture('cap_2', amountMinor - first),
        )
        let state = begun.state
        const told: PurchaseRefunded[] = []
        for (const [index, make] of commands.entries()) {
          const events = purchase.decide(state, make(`ref_${index}`), 'pur_1')
          state = events.reduce(purchase.evolve, state)
          told.push(...events.filter((event) => event.type === 'PurchaseRefunded'))
        }
        const costOf = ({ items: asked }: PurchaseRefunded) =>
          asked.reduce(
            (sum, { line, quantity }) => sum + quantity * (items[line - 1]?.unitAmountMinor ?? Number.NaN),
            0,
          )
        for (const event of told) if (event.items.length > 0) expect(event.amountMinor).toBe(costOf(event))
        expect(told.reduce((sum, event) => sum + event.amountMinor, 0)).toBe(state.refundedMinor)
        expect(state.captures.reduce((sum, one) => sum + one.refundedMinor, 0)).toBe(state.refundedMinor)
        for (const one of state.captures) expect(one.refundedMinor).toBeLessThanOrEqual(one.amountMinor)
        for (const [index, { quantity }] of items.entries()) {
          const ofLine = told.flatMap((event) => event.items).filter(({ line }) => line === index + 1)
          const sum = ofLine.reduce((all, one) => all + one.quantity, 0)
          expect(state.refundedItems.find(({ line }) => line === index + 1)?.quantity ?? 0).toBe(sum)
          expect(sum).toBeLessThanOrEqual(quantity)
          if (sum === quantity) whole += 1
          else if (sum > 0) partial += 1
        }
      }),
      { numRuns: 2_000, seed: 20_260_301 },
    )
    // A property that never refunds a line would hold for nothing.
    expect(Math.min(partial, whole)).toBeGreaterThan(100)
  }, 60_000)
})
