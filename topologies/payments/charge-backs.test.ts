import { expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { applied, CARD, collected, due, gaveBack, on, returnDue, WHO } from './payment-samples.ts'
import { planPayments } from './plan-payments.ts'

const PAY = deriveId('pay', WHO.planId, 2)
const collectedOnce = given(planPayments, WHO.planId).after(
  applied(0, 'pay_0', [
    [1, 0],
    [2, 25_00],
  ]),
  { ...due(14, 2, 25_00), method: CARD },
  { ...collected(14, deriveId('req', PAY, 1), 25_00), commandId: null },
  applied(14, PAY, [
    [1, 0],
    [2, 0],
  ]),
)

const report = (chargeBackId: string, amountMinor: number, over = {}) =>
  sampleRecord('ReportChargeBack', {
    ...{ meta: on(20, `cmd_${chargeBackId}`), ...WHO, chargeBackId, paymentId: PAY, purchaseId: 'pur_1', amountMinor },
    ...{ reason: 'fraudulent', ...over },
  })
const decide = (chargeBackId: string, won: boolean) =>
  sampleRecord('DecideChargeBack', { meta: on(30, `cmd_${chargeBackId}_${won}`), ...WHO, chargeBackId, won })

test('a charge-back is told with the instalment that the payment was for, once', () => {
  collectedOnce.when(report('cb_1', 25_00)).gives({
    type: 'PaymentChargedBack',
    ...{ chargeBackId: 'cb_1', paymentId: PAY, purchaseId: 'pur_1', instalmentNo: 2, amountMinor: 25_00 },
    reason: 'fraudulent',
  })
  collectedOnce.after(report('cb_1', 25_00)).when(report('cb_1', 25_00)).givesNothing()
})

test('one that is won brings the money back as a payment of its own, once', () => {
  const back = collectedOnce.after(report('cb_1', 25_00))
  const paymentId = deriveId('pay', 'cb_1', 'won')
  back
    .when(decide('cb_1', true))
    .gives(
      { type: 'ChargeBackDecided', won: true, amountMinor: 25_00, purchaseId: 'pur_1' },
      { type: 'PaymentOpened' },
      { type: 'PaymentSucceeded', paymentId, attempt: 0, instalmentNo: 2, amountMinor: 25_00 },
    )
    .leaves({ chargeBacks: [{ status: 'WON' }] })
  back.after(decide('cb_1', true)).when(decide('cb_1', true)).givesNothing()
  back.after(decide('cb_1', true)).when(decide('cb_1', false)).givesNothing()
})

test('one that is lost only ends', () => {
  collectedOnce
    .after(report('cb_1', 25_00))
    .when(decide('cb_1', false))
    .gives({ type: 'ChargeBackDecided', won: false })
    .leaves({ chargeBacks: [{ status: 'LOST' }] })
})

test.each([
  ['of a payment that is not known', report('cb_1', 1, { paymentId: 'pay_9' }), 'PAYMENT_UNKNOWN'],
  ['of somebody else’s payment', report('cb_1', 1, { consumerId: 'con_2' }), 'PAYMENT_UNKNOWN'],
  ['in another currency', report('cb_1', 1, { currency: 'EUR' }), 'CURRENCY_MISMATCH'],
  ['of more than was paid', report('cb_1', 25_01), 'CHARGE_BACK_TOO_LARGE'],
  ['of nothing', report('cb_1', 0), 'CHARGE_BACK_TOO_LARGE'],
  ['that is decided without having begun', decide('cb_1', true), 'CHARGE_BACK_UNKNOWN'],
])('refuses a charge-back %s', (_, input, code) => {
  const refused = collectedOnce.when(input).gives({ type: 'PaymentCommandRefused', code })
  expect(refused.state).toEqual(collectedOnce.state)
})

test('what was charged back and returned is never more than was paid', () => {
  const part = collectedOnce.after(report('cb_1', 20_00))
  part.when(report('cb_2', 5_01)).gives({ type: 'PaymentCommandRefused', code: 'CHARGE_BACK_TOO_LARGE' })
  part.when(report('cb_2', 5_00)).gives({ type: 'PaymentChargedBack', amountMinor: 5_00 })
  const returned = collectedOnce.after(returnDue(15, 'ret_1', PAY, 10_00))
  returned.when(report('cb_1', 15_01)).gives({ type: 'PaymentCommandRefused', code: 'CHARGE_BACK_TOO_LARGE' })
  const done = returned.after(gaveBack(15, deriveId('req', 'ret_1', 1)))
  done.when(report('cb_1', 15_00)).gives({ type: 'PaymentChargedBack' })
})
