/** Two payment gateways that fail in every way: where a charge goes, and that no money is taken twice. */
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { sumMinor } from '#domain/money.ts'
import type { PaymentEvent, ReturnDue } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { nextCommits } from '#streams'
import { CONSUMERS, type Trouble, TwoGateways, WHO } from './two-gateways.ts'

const { topics } = testSchemas({ partitions: 1 })
let all: TwoGateways

afterEach(async () => {
  vi.useRealTimers()
  await all.close()
})

const told = <T extends PaymentEvent['type']>(type: T) =>
  all.events.filter((event): event is Extract<PaymentEvent, { type: T }> => event.type === type)

const counts = () => [all.primary.charged.length, all.secondary.charged.length]

test('charges go where the routes say, and all to the primary one before there are any', async () => {
  all = await TwoGateways.open()
  await all.due()
  await all.settle()
  expect(counts()).toEqual([1, 0])
  await all.route('secondary', 'primary')
  await all.due()
  await all.settle()
  expect(counts()).toEqual([1, 1])
  expect(told('PaymentSucceeded').map(({ gateway }) => gateway)).toEqual(['primary', 'secondary'])
  expect(told('PaymentRerouted')).toEqual([])
})

test('a gateway that is down was certainly not reached: the next one is asked, and the events say so', async () => {
  all = await TwoGateways.open()
  await all.route('primary', 'secondary')
  await all.primary.stop()
  const planId = await all.due()
  await all.settle()
  await all.primary.start()
  expect(counts()).toEqual([0, 1])
  expect(told('PaymentRerouted')).toMatchObject([
    { planId, attempt: 1, fromGateway: 'primary', toGateway: 'secondary', declineCode: 'gateway_unavailable' },
  ])
  expect(told('PaymentSucceeded')).toMatchObject([{ planId, attempt: 1, gateway: 'secondary', amountMinor: 25_00 }])
})

test('a payment over several plans goes on as a whole: one charge, and every plan gets its part', async () => {
  all = await TwoGateways.open()
  await all.route('primary', 'secondary')
  await all.primary.stop()
  await all.payOver(3, 60_00)
  await all.settle()
  await all.primary.start()
  expect(all.secondary.charged).toMatchObject([{ amountMinor: 60_00, paymentId: 'pay_all' }])
  expect(told('PaymentRerouted').map(({ amountMinor }) => amountMinor)).toEqual([10_00, 25_00, 25_00])
  const paid = told('PaymentSucceeded')
  expect(paid.map(({ amountMinor, gateway }) => [amountMinor, gateway])).toEqual([
    ...[
      [10_00, 'secondary'],
      [25_00, 'secondary'],
      [25_00, 'secondary'],
    ],
  ])
  const bare = told('PaymentFailed')
  expect(bare).toEqual([])
})

test('without another gateway on its route a charge waits for its next attempt', async () => {
  all = await TwoGateways.open()
  await all.primary.stop()
  await all.due()
  await all.settle()
  await all.primary.start()
  expect(told('PaymentAttemptFailed')).toMatchObject([{ declineCode: 'gateway_unavailable', gateway: 'primary' }])
  expect(counts()).toEqual([0, 0])
})

test.each<[string, Trouble[], number[]]>([
  ['charged and did not answer', ['answer lost', 'busy'], [1, 0]],
  ['charged and then fails every call', ['answer lost', 'broken', 'broken', 'broken'], [1, 0]],
  ['was cut off before it did anything', ['cut off', 'broken'], [0, 1]],
  ['says 500 and does nothing', ['broken', 'broken'], [0, 1]],
])('a gateway that %s: nobody else is asked before that is known', async (_, troubles, charged) => {
  all = await TwoGateways.open()
  await all.route('primary', 'secondary')
  all.primary.next = () => troubles.shift() ?? 'none'
  await all.due()
  await all.settle()
  expect(counts()).toEqual(charged)
  expect(told('PaymentSucceeded')).toHaveLength(1)
})

test('a charge that comes after the inquiry about it is not made', async () => {
  all = await TwoGateways.open()
  await all.route('primary', 'secondary')
  // The repeats fail at once, and the inquiry comes before the charge.
  const troubles: Trouble[] = ['held up', 'broken']
  all.primary.next = () => troubles.shift() ?? 'none'
  await all.due()
  await all.settle()
  await all.primary.arrive()
  expect(counts()).toEqual([0, 1])
})

test('a connector that dies between charge and answer finds the outcome when it starts again', async () => {
  all = await TwoGateways.open()
  await all.route('primary', 'secondary')
  const troubles: Trouble[] = ['silent']
  all.primary.next = () => troubles.shift() ?? 'none'
  await all.due()
  await all.settle(() => counts()[0] === 1)
  await all.stopConnectors()
  // The gateway is away when it starts again: it waits, and asks nobody else.
  await all.primary.stop()
  await all.startConnectors()
  for (let waits = 0; waits < 30; waits += 1) {
    await all.settle(() => true)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(counts()).toEqual([1, 0])
  expect(all.events.filter(({ type }) => type !== 'PaymentMethodAdded')).toEqual([])
  await all.primary.start()
  await all.settle()
  expect(counts()).toEqual([1, 0])
  expect(told('PaymentSucceeded')).toMatchObject([{ gateway: 'primary', gatewayRef: all.primary.charged[0]?.id }])
})

test('a failure of the gateway itself goes on, a decline of the card does not', async () => {
  all = await TwoGateways.open('4000000000000119')
  await all.route('primary', 'secondary')
  await all.due()
  await all.settle()
  expect(told('PaymentRerouted')).toMatchObject([{ declineCode: 'processing_error' }])
  expect(told('PaymentAttemptFailed')).toMatchObject([{ gateway: 'secondary', declineCode: 'processing_error' }])
  await all.close()
  all = await TwoGateways.open('4000000000009995')
  await all.route('primary', 'secondary')
  await all.due()
  await all.settle()
  expect(told('PaymentRerouted')).toEqual([])
  expect(told('PaymentAttemptFailed')).toMatchObject([{ gateway: 'primary', declineCode: 'insufficient_funds' }])
})

test('what goes back goes to the gateway that took it, whatever the routes say by then', async () => {
  all = await TwoGateways.open()
  await all.route('secondary', 'primary')
  const planId = await all.due()
  await all.settle()
  const [paid] = told('PaymentSucceeded')
  await all.route('primary', 'secondary')
  const back: ReturnDue = sampleRecord('ReturnDue', {
    ...{ ...WHO, planId, paymentId: paid?.paymentId ?? '', returnId: 'ret_1', amountMinor: 10_00, meta: all.meta() },
  })
  await all.pipe(topics.planEvents, back)
  await all.settle()
  expect([all.primary.refunded, all.secondary.refunded]).toEqual([[], [paid?.gatewayRef]])
  expect(told('PaymentReturned')).toMatchObject([{ gateway: 'secondary', amountMinor: 10_00 }])
})

test('a gateway that fails is left out for a while, and let in again by one call that goes well', async () => {
  all = await TwoGateways.open(undefined, { timeoutMs: 10_000, openMs: 60_000 })
  await all.route('primary', 'secondary')
  all.primary.next = () => 'busy'
  for (let count = 0; count < 4; count += 1) await all.due()
  await all.settle()
  expect(all.circuit('primary')).toBe('open')
  let asked = 0
  all.primary.next = () => {
    asked += 1
    return 'none'
  }
  await all.due()
  await all.settle()
  expect([asked, ...counts()]).toEqual([0, 0, 5])
  vi.setSystemTime(Date.now() + 60_000)
  await all.due()
  await all.settle()
  expect([all.circuit('primary'), ...counts()]).toEqual(['closed', 1, 5])
})

const TROUBLES: readonly Trouble[] = ['none', 'busy', 'broken', 'answer lost', 'cut off', 'late', 'silent']
const luck = fc.array(fc.nat(TROUBLES.length - 1), { minLength: 0, maxLength: 12 })
const worlds = fc.record({
  ...{ primary: luck, secondary: luck, payments: fc.integer({ min: 1, max: 5 }) },
  ...{ kills: fc.array(fc.nat(4), { maxLength: 2 }), lostCommits: fc.boolean(), reverse: fc.boolean() },
})

test('whatever fails at both, the money they took is the payments that came in, never twice', async () => {
  const property = fc.asyncProperty(worlds, async ({ primary, secondary, payments, kills, lostCommits, reverse }) => {
    all = await TwoGateways.open()
    try {
      await all.route(...(reverse ? (['secondary', 'primary'] as const) : (['primary', 'secondary'] as const)))
      all.primary.next = () => TROUBLES[primary.shift() ?? 0] ?? 'none'
      all.secondary.next = () => TROUBLES[secondary.shift() ?? 0] ?? 'none'
      if (lostCommits) all.faults.commit = nextCommits('unknown-aborted')
      for (let no = 0; no < payments; no += 1) {
        await all.due(CONSUMERS[no % CONSUMERS.length])
        if (!kills.includes(no)) continue
        await all.stopConnectors()
        await all.startConnectors()
      }
      await all.settle()
      // What was on its way to a gateway is there by now.
      await new Promise((resolve) => setTimeout(resolve, 50))
      const taken = [...all.primary.charged, ...all.secondary.charged]
      const paid = told('PaymentSucceeded')
      expect(sumMinor(taken.map((one) => one.amountMinor))).toBe(sumMinor(paid.map((one) => one.amountMinor)))
      expect(new Set(taken.map(({ paymentId }) => paymentId)).size).toBe(taken.length)
      for (const { gateway, gatewayRef } of paid) {
        const charges = gateway === 'primary' ? all.primary.charged : all.secondary.charged
        expect(charges.map(({ id }) => id)).toContain(gatewayRef)
      }
    } finally {
      await all.close()
    }
  })
  await fc.assert(property, { numRuns: 25, endOnFailure: true })
  all = await TwoGateways.open()
}, 120_000)
