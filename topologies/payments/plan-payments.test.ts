import { describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { InstalmentDue, PayInstalment } from '#schemas'
import { given } from '#streams/testing'
import {
  applied,
  CARD,
  collected,
  day,
  declined,
  due,
  gaveBack,
  notGivenBack,
  payNow,
  refundLeft,
  returnDue,
  tick,
  WHO,
} from './payment-samples.ts'
import { planPayments } from './plan-payments.ts'

const PAY = deriveId('pay', WHO.planId, 2)
const request = (attempt: number, paymentId = PAY) => deriveId('req', paymentId, attempt)
const funded = <T extends InstalmentDue | PayInstalment>(input: T) => ({ ...input, method: CARD })
const traced = <T>(input: T) => ({ ...input, commandId: null })

const nothing = given(planPayments, WHO.planId)
/** Instalments 2 to 4 of 25.00 each are owed. */
const owing = nothing.after(
  applied(0, 'pay_0', [
    [1, 0],
    [2, 25_00],
    [3, 25_00],
    [4, 25_00],
  ]),
)
const asked = owing.after(funded(due(14, 2, 25_00)))

test('an instalment that falls due is charged at once, by the token of its card', () => {
  owing.when(funded(due(14, 2, 25_00))).gives(
    { type: 'PaymentOpened' },
    {
      type: 'ChargeRequested',
      paymentId: PAY,
      requestId: request(1),
      attempt: 1,
      token: CARD.token,
      amountMinor: 25_00,
      currency: 'AUD',
      instalmentNo: 2,
      atCheckout: false,
    },
  )
})

test('the same request again asks for nothing new', () => {
  asked.when(funded(due(14, 2, 25_00))).givesNothing()
})

test('an instalment asked for again after it was paid is another payment', () => {
  const paid = asked.after(
    traced(collected(14, request(1), 25_00)),
    applied(14, PAY, [
      [2, 0],
      [3, 25_00],
    ]),
  )
  const again = due(30, 2, 5_00)
  const decided = paid.when(funded(again))
  decided.gives({ type: 'OwedNoted' }, { type: 'PaymentOpened' }, { type: 'ChargeRequested', amountMinor: 5_00 })
  expect(decided.events[2]).toMatchObject({ paymentId: deriveId('pay', WHO.planId, 2, again.meta.id) })
})

test('without its card a payment fails for good, and nothing is asked of the gateway', () => {
  owing.when({ ...due(14, 2, 25_00), method: null }).gives(
    { type: 'PaymentOpened' },
    {
      type: 'PaymentFailed',
      paymentId: PAY,
      attempt: 0,
      declineCode: 'payment_method_missing',
      declineClass: 'HARD',
    },
  )
})

test('what the gateway collected has come in', () => {
  const gatewayRef = `ch_${request(1)}`
  const success = { paymentId: PAY, attempt: 1, amountMinor: 25_00, gatewayRef, instalmentNo: 2 }
  asked.when(traced(collected(14, request(1), 25_00))).gives({ type: 'PaymentSucceeded', ...success })
})

test('a soft decline is tried again after 1, 2 and 4 days, and then no more', () => {
  let payments = asked
  let today = 14
  for (const [attempt, days] of [
    [1, 1],
    [2, 2],
    [3, 4],
  ] as const) {
    const decline = traced(declined(today, request(attempt), 'SOFT'))
    payments.when(decline).gives({ type: 'PaymentAttemptFailed', attempt, nextAttemptOn: day(today + days) })
    payments = payments.after(decline)
    payments.when(tick(today + days - 1)).givesNothing()
    today += days
    expect(payments.dueAt).toBe(tick(today).time)
    payments.when(tick(today)).gives({ type: 'ChargeRequested', attempt: attempt + 1, requestId: request(attempt + 1) })
    payments = payments.after(tick(today))
  }
  expect(today).toBe(21)
  payments.when(traced(declined(today, request(4), 'SOFT'))).gives({ type: 'PaymentFailed', attempt: 4 })
})

test('a hard decline is never tried again', () => {
  const hard = asked.when(traced(declined(14, request(1), 'HARD')))
  hard.gives({ type: 'PaymentFailed', attempt: 1, declineCode: 'card_declined', atCheckout: false })
  expect(planPayments.dueAt?.(hard.state)).toBeNull()
})

test('nobody waits at checkout: the first decline is the last', () => {
  const first = deriveId('pay', WHO.planId, 1)
  const atCheckout = nothing.after(funded(due(0, 1, 25_00, { atCheckout: true })))
  atCheckout.when(traced(declined(0, request(1, first), 'SOFT'))).gives({ type: 'PaymentFailed', atCheckout: true })
})

test('a result that comes twice, late, or for nobody changes nothing', () => {
  const failed = asked.after(traced(declined(14, request(1), 'SOFT')))
  failed.when(traced(declined(14, request(1), 'SOFT'))).givesNothing()
  const second = failed.after(tick(15))
  second.when(traced(declined(15, request(1), 'SOFT'))).givesNothing()
  second.when(traced(collected(15, request(1), 25_00))).givesNothing()
  second.when(traced(collected(15, 'req_of_nobody', 25_00))).givesNothing()
  const paid = second.after(traced(collected(15, request(2), 25_00)))
  paid.when(traced(collected(15, request(2), 25_00))).givesNothing()
})

const waiting = asked.after(traced(declined(14, request(1), 'SOFT')))

test('a refund lowers the attempt that waits', () => {
  const lowered = waiting.after(
    refundLeft(14, 'ref_1', [
      [2, 10_00],
      [3, 0],
    ]),
  )
  lowered.when(tick(15)).gives({ type: 'ChargeRequested', attempt: 2, amountMinor: 10_00 })
})

test('a late fee raises it: what is owed on the instalment is charged', () => {
  const raised = waiting.after({ ...refundLeft(14, 'fee', [[2, 35_00]]), type: 'LateFeeCharged' } as never)
  raised.when(tick(15)).gives({ type: 'ChargeRequested', amountMinor: 35_00 })
})

test('a refund of all that is owed cancels it', () => {
  const decided = waiting.when(
    refundLeft(14, 'ref_1', [
      [2, 0],
      [3, 0],
    ]),
  )
  decided.gives({ type: 'OwedNoted' }, { type: 'PaymentCancelled', paymentId: PAY })
  waiting
    .after(refundLeft(14, 'ref_1', [[2, 0]]))
    .when(tick(15))
    .givesNothing()
})

test('a decline of what was refunded meanwhile is the last', () => {
  const refunded = asked.after(refundLeft(14, 'ref_1', [[2, 0]]))
  refunded.when(traced(declined(14, request(1), 'SOFT'))).gives({ type: 'PaymentFailed' })
})

test('what a payment of the platform left owing is collected as well', () => {
  const paid = asked.after(traced(collected(14, request(1), 25_00)))
  paid
    .when(
      applied(14, PAY, [
        [2, 10_00, 'OVERDUE'],
        [3, 25_00],
      ]),
    )
    .gives(
      { type: 'OwedNoted' },
      { type: 'PaymentApplied', paymentId: PAY },
      { type: 'PaymentOpened' },
      { type: 'ChargeRequested', instalmentNo: 2, amountMinor: 10_00, attempt: 1 },
    )
})

test('the consumer pays by hand, and the attempt that waits is not made', () => {
  const paying = waiting.after(funded(payNow(14, 'pay_hand', 2, 25_00)))
  expect(paying.state.payments.at(-1)).toMatchObject({ kind: 'MANUAL', status: 'IN_FLIGHT', commandId: 'cmd_pay_hand' })
  paying.when(tick(15)).givesNothing()
  const collectedByHand = paying.after(traced(collected(14, request(1, 'pay_hand'), 25_00)))
  collectedByHand.when(tick(15)).givesNothing()
  collectedByHand
    .when(
      applied(14, 'pay_hand', [
        [2, 0],
        [3, 25_00],
      ]),
    )
    .gives({ type: 'OwedNoted' }, { type: 'PaymentApplied' }, { type: 'PaymentCancelled', paymentId: PAY })
})

test('a payment by hand that fails leaves the attempt that waits', () => {
  const failed = waiting.after(funded(payNow(14, 'pay_hand', 2, 25_00)))
  const decline = traced(declined(14, request(1, 'pay_hand'), 'SOFT'))
  failed.when(decline).gives({ type: 'PaymentFailed', paymentId: 'pay_hand', atCheckout: false })
  failed.after(decline).when(tick(15)).gives({ type: 'ChargeRequested', paymentId: PAY, attempt: 2 })
})

test('an instalment that falls due while it is paid by hand waits for the outcome', () => {
  const paying = owing.after(funded(payNow(14, 'pay_hand', 2, 10_00)))
  paying.when(funded(due(14, 2, 25_00))).gives({ type: 'PaymentOpened' })
  const open = paying.after(funded(due(14, 2, 25_00)), traced(collected(14, request(1, 'pay_hand'), 10_00)))
  open
    .when(
      applied(14, 'pay_hand', [
        [2, 15_00, 'DUE'],
        [3, 25_00],
      ]),
    )
    .gives(
      { type: 'OwedNoted' },
      { type: 'PaymentApplied' },
      { type: 'ChargeRequested', paymentId: PAY, amountMinor: 15_00 },
    )
})

test.each([
  ['NOTHING_OWED', payNow(14, 'pay_hand', 1, 25_00)],
  ['NOTHING_OWED', payNow(14, 'pay_hand', 9, 25_00)],
  ['NOTHING_OWED', { ...payNow(14, 'pay_hand', 2, 25_00), consumerId: 'con_2' }],
  ['CURRENCY_MISMATCH', { ...payNow(14, 'pay_hand', 2, 25_00), currency: 'EUR' }],
  ['AMOUNT_INVALID', payNow(14, 'pay_hand', 2, 0)],
  ['AMOUNT_TOO_LARGE', payNow(14, 'pay_hand', 2, 75_01)],
] as const)('refuses with %s', (code, command) => {
  owing.when(funded(command)).gives({ type: 'PaymentCommandRefused', command: 'PayInstalment', code })
})

test('refuses a card nobody knows, and a plan nobody knows', () => {
  const byNobody = { ...payNow(14, 'pay_hand', 2, 25_00), method: null }
  owing.when(byNobody).gives({ type: 'PaymentCommandRefused', code: 'PAYMENT_METHOD_UNKNOWN' })
  nothing.when(funded(payNow(14, 'pay_hand', 2, 25_00))).gives({ type: 'PaymentCommandRefused', code: 'NOTHING_OWED' })
})

test.each([
  ['the same instalment', 2, 25_00, true],
  ['more than another one, which reaches over', 3, 30_00, true],
  ['another instalment', 3, 25_00, false],
])('while a charge is on its way, a payment of %s', (_title, no, amountMinor, isRefused) => {
  const decided = asked.when(funded(payNow(14, 'pay_hand', no, amountMinor)))
  if (isRefused) decided.gives({ type: 'PaymentCommandRefused', code: 'PAYMENT_IN_FLIGHT' })
  else decided.gives({ type: 'PaymentOpened' }, { type: 'ChargeRequested', paymentId: 'pay_hand', atCheckout: true })
})

test('a payment that came in is on its way until the plan has taken it in', () => {
  const paid = asked.after(traced(collected(14, request(1), 25_00)))
  paid
    .when(funded(payNow(14, 'pay_hand', 2, 25_00)))
    .gives({ type: 'PaymentCommandRefused', code: 'PAYMENT_IN_FLIGHT' })
})

test('a payment by hand that reaches over holds the other instalments back', () => {
  const paying = owing.after(funded(payNow(14, 'pay_hand', 2, 75_00)))
  paying.when(funded(due(28, 3, 25_00))).gives({ type: 'PaymentOpened' })
})

describe('where the debt is divided anew while a payment by hand is on its way', () => {
  const paying = nothing.after(applied(0, 'pay_0', [[4, 10_00]]), funded(payNow(1, 'pay_hand', 4, 10_00)))
  // A capture: instalment 4 owes nothing any more, 2 and 3 owe 10.00 each, and 10.00 is still on its way.
  const divided = paying.after(
    refundLeft(1, 'capture', [
      [2, 10_00],
      [3, 10_00],
      [4, 0],
    ]),
    funded(due(14, 2, 10_00)),
  )

  test('no more is charged than is owed in all', () => {
    divided.when(funded(due(28, 3, 10_00))).gives({ type: 'PaymentOpened' })
    divided
      .when(funded(payNow(15, 'pay_other', 3, 10_00)))
      .gives({ type: 'PaymentCommandRefused', code: 'PAYMENT_IN_FLIGHT' })
  })

  test('what is left is charged when that payment has come in, or has failed', () => {
    const waits = divided.after(funded(due(28, 3, 10_00)))
    const failed = traced(declined(28, request(1, 'pay_hand'), 'HARD'))
    waits
      .when(failed)
      .gives({ type: 'PaymentFailed' }, { type: 'ChargeRequested', instalmentNo: 3, amountMinor: 10_00 })
    const came = waits.after(traced(collected(28, request(1, 'pay_hand'), 10_00)))
    const takenIn = applied(28, 'pay_hand', [
      [2, 10_00, 'DUE'],
      [3, 0],
    ])
    came.when(takenIn).gives({ type: 'OwedNoted' }, { type: 'PaymentApplied' }, { type: 'PaymentCancelled' })
  })
})

test('the same payment by hand again goes its way', () => {
  const paying = owing.after(funded(payNow(14, 'pay_hand', 2, 25_00)))
  paying.when(funded(payNow(14, 'pay_hand', 2, 25_00))).givesNothing()
})

const paidIn = asked.after(traced(collected(14, request(1), 25_00)), applied(14, PAY, [[2, 0]]))
const returning = paidIn.after(returnDue(20, 'ret_1', PAY, 10_00))

test('money owed back goes back to the payment it came from', () => {
  paidIn
    .when(returnDue(20, 'ret_1', PAY, 10_00))
    .gives(
      { type: 'ReturnOpened' },
      { type: 'ReturnRequested', returnId: 'ret_1', gatewayRef: `ch_${request(1)}`, amountMinor: 10_00, attempt: 1 },
    )
  returning.when(returnDue(20, 'ret_1', PAY, 10_00)).givesNothing()
  returning
    .when(gaveBack(20, request(1, 'ret_1')))
    .gives({ type: 'PaymentReturned', returnId: 'ret_1', amountMinor: 10_00 })
})

test('a return that fails softly is tried again, a hard one needs a person', () => {
  const delayed = returning.after(notGivenBack(20, request(1, 'ret_1'), 'SOFT'))
  expect(delayed.dueAt).toBe(tick(21).time)
  delayed.when(tick(21)).gives({ type: 'ReturnRequested', attempt: 2, requestId: request(2, 'ret_1') })
  delayed.when(notGivenBack(21, request(1, 'ret_1'), 'HARD')).givesNothing()
  returning
    .when(notGivenBack(20, request(1, 'ret_1'), 'HARD'))
    .gives({ type: 'PaymentReturnFailed', returnId: 'ret_1' })
})

test('a return of a payment that never came in needs a person', () => {
  paidIn
    .when(returnDue(20, 'ret_2', 'pay_of_nobody', 10_00))
    .gives({ type: 'ReturnOpened' }, { type: 'PaymentReturnFailed', declineCode: 'payment_unknown' })
})
