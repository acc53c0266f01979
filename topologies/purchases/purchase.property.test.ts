import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PurchaseEvent, PurchaseState } from '#schemas'
import type { PurchaseInput } from './facts.ts'
import { isOpen, openMinor } from './lifecycle.ts'
import { purchase } from './purchase.ts'
import {
  authorised,
  cancelled,
  capture,
  completed,
  DAY,
  declined,
  extend,
  refund,
  release,
  request,
  T0,
  tick,
} from './purchase-samples.ts'

const COMMANDS = ['RequestPurchase', 'CapturePurchase', 'ReleasePurchase', 'RefundPurchase', 'ExtendPurchase']

const id = (prefix: string) => fc.integer({ min: 1, max: 6 }).map((number) => `${prefix}_${number}`)
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 6_000 }) },
  fc.constantFrom(-1, 0, 10_000, 10_001),
)
const captureId = fc.option(id('cap'), { nil: null })
const money = fc.oneof<fc.Arbitrary<PurchaseInput>[]>(
  fc.tuple(id('cap'), amount).map(([capId, minor]) => capture(capId, minor)),
  fc.tuple(id('rel'), fc.option(amount, { nil: null, freq: 8 })).map(([relId, minor]) => release(relId, minor)),
  fc.tuple(id('ref'), amount, captureId).map(([refId, minor, of]) => refund(refId, minor, { captureId: of })),
)
const other = fc.constantFrom<PurchaseInput>(
  request(),
  authorised(),
  declined('LIMIT_EXCEEDED'),
  cancelled('FIRST_PAYMENT_FAILED'),
  completed(),
  extend(T0 + 20 * DAY),
  tick(T0 + 13 * DAY),
  tick(T0 + 20 * DAY),
)
const anything = fc.array(fc.oneof({ weight: 9, arbitrary: money }, other), { maxLength: 40 })
/** Most sequences begin with a purchase that is authorised: else they would only be refused. */
const beginning = fc.constantFrom<readonly PurchaseInput[]>(
  [request(), authorised()],
  [authorised(), request()],
  [request(), declined('LIMIT_EXCEEDED')],
  [],
)
const ending = fc.constantFrom<readonly PurchaseInput[]>(
  [release('rel_end', null), completed(), refund('ref_end', 1)],
  [tick(T0 + 13 * DAY), capture('cap_end', 1)],
  [],
)
const sequence = fc.tuple(beginning, anything, ending).map((parts) => parts.flat())

type Sums = { captured: number; released: number; refunded: number }

function add(sums: Sums, event: PurchaseEvent): void {
  if (event.type === 'PurchaseCaptured') sums.captured += event.amountMinor
  if (event.type === 'PurchaseReleased') sums.released += event.amountMinor
  if (event.type === 'PurchaseRefunded') sums.refunded += event.amountMinor
}

/** All that must hold, as one list: ten thousand sequences make an assertion of each too dear. */
function checkMoney(state: PurchaseState, told: Sums): void {
  const authorisedMinor = state.order?.amountMinor ?? 0
  const sum = (pick: (capture: PurchaseState['captures'][number]) => number) =>
    state.captures.reduce((all, one) => all + pick(one), 0)
  const isBroken = {
    captured: state.capturedMinor !== told.captured || sum((one) => one.amountMinor) !== told.captured,
    released: state.releasedMinor !== told.released,
    refunded: state.refundedMinor !== told.refunded || sum((one) => one.refundedMinor) !== told.refunded,
    open: openMinor(state) < 0 || (isOpen(state.status) && openMinor(state) === 0),
    conserved: told.captured + told.released + openMinor(state) !== authorisedMinor,
    refundedTooMuch: told.refunded > told.captured || state.captures.some((one) => one.refundedMinor > one.amountMinor),
  }
  const broken = Object.entries(isBroken).flatMap(([name, isIt]) => (isIt ? [name] : []))
  if (broken.length > 0) expect(broken).toEqual([])
}

test('any sequence of inputs keeps captures + releases + open = authorised and refunds within captures', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(sequence, (inputs) => {
      const told: Sums = { captured: 0, released: 0, refunded: 0 }
      let state = purchase.initial('pur_1')
      for (const input of inputs) {
        const events = purchase.decide(state, input, 'pur_1')
        if (COMMANDS.includes(input.type) && state.early === null && events.length !== 1) expect(events).toHaveLength(1)
        for (const event of events) add(told, event as PurchaseEvent)
        const next = events.reduce(purchase.evolve, state)
        const isRefused = events.every((event) => event.type === 'PurchaseCommandRefused')
        if (isRefused && JSON.stringify(next) !== JSON.stringify(state)) expect(next).toEqual(state)
        state = next
        checkMoney(state, told)
        reached.add(state.status)
      }
    }),
    { numRuns: 10_000, verbose: fc.VerbosityLevel.None },
  )
  // A property that never leaves the first states would hold for nothing.
  for (const status of ['REJECTED', 'PARTLY_CAPTURED', 'CAPTURED', 'VOIDED', 'EXPIRED', 'COMPLETED'])
    expect(reached).toContain(status)
}, 60_000)
