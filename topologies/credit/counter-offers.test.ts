/** What a refusal offers instead, and that it passes when it is taken up. */
import { describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { RequestPurchase } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { kyc, registered, report, request } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const noCaps = { firstPurchase: null, newMerchant: null, newDevice: null, unusual: null }
/** A consumer with a limit of 600.00. */
const consumer = (over: Partial<CreditPolicy> = {}, more: object = {}) =>
  given(creditDecider(fixedRules({ ...CREDIT_POLICY, caps: noCaps, ...over })), 'con_1').after(
    registered(),
    kyc('APPROVED'),
    report(550, more),
  )
const inFour = (amountMinor: number, over: Partial<RequestPurchase> = {}) => {
  const purchaseId = deriveId('pur', 'chk_1')
  return request(1, amountMinor, { product: 'PAY_IN_4', checkoutId: 'chk_1', purchaseId, ...over })
}
/** The same checkout, with the offer of its refusal taken up. */
const accepting = (amountMinor: number, acceptsDecisionId: string, firstPaymentMinor: number | null) =>
  inFour(amountMinor, {
    ...{ purchaseId: 'pur_accepted', meta: { ...request(1, 1).meta, id: 'cmd_accept' } },
    ...{ acceptsDecisionId, firstPaymentMinor },
  })

describe('a refusal', () => {
  test.each([
    ['a little too much', 70_000, 60_000, 17_500],
    ['as much as a quarter does not cover', 90_000, 60_000, 30_000],
    ['as much as may be paid at once', 150_000, 60_000, 90_000],
    ['more than that', 150_001, 60_000, null],
  ])('of %s offers a lower amount, and a larger first payment up to its share', (_what, amount, lower, first) => {
    const refused = consumer().when(inFour(amount))
    refused.gives({ type: 'PurchaseDeclined', counterOfferMinor: lower, counterFirstPaymentMinor: first })
    expect(consumer().when(inFour(lower)).events[0]).toMatchObject({ type: 'PurchaseApproved' })
    if (first === null) return
    const direct = consumer().when(inFour(amount, { firstPaymentMinor: first }))
    expect(direct.events[0]).toMatchObject({ type: 'PurchaseApproved', firstPaymentMinor: first })
  })

  test('is of one minor unit less than what is offered, too', () => {
    consumer()
      .when(inFour(90_000, { firstPaymentMinor: 29_999 }))
      .gives({
        type: 'PurchaseDeclined',
        reasons: [{ code: 'LIMIT_EXCEEDED' }],
        counterOfferMinor: null,
        counterFirstPaymentMinor: 30_000,
      })
  })

  test('in pay in 30 offers no first payment, nor does one where the policy has none', () => {
    consumer().when(request(1, 70_000)).gives({ type: 'PurchaseDeclined', counterFirstPaymentMinor: null })
    const counterOffer = { amountMin: 5, firstPaymentPercentMax: null }
    consumer({ counterOffer }).when(inFour(70_000)).gives({ type: 'PurchaseDeclined', counterFirstPaymentMinor: null })
  })

  test('for the size of the purchase offers no first payment: it tells of fraud however it is paid', () => {
    consumer({ caps: { ...noCaps, firstPurchase: 100 } })
      .when(inFour(20_000))
      .gives({ type: 'PurchaseDeclined', counterOfferMinor: 10_000, counterFirstPaymentMinor: null })
  })

  test('for the income takes the larger of what both rules need', () => {
    const refused = consumer({}, { monthlyIncomeMinor: 100_000 }).when(inFour(90_000))
    refused.gives({ type: 'PurchaseDeclined', counterOfferMinor: 50_000, counterFirstPaymentMinor: 40_000 })
  })

  test('offers no amount below the smallest ticket of the shop', () => {
    const offer = (ticketMinMinor: number) => consumer().when(inFour(90_000, { ticketMinMinor }))
    offer(60_000).gives({ type: 'PurchaseDeclined', counterOfferMinor: 60_000 })
    offer(60_001).gives({ type: 'PurchaseDeclined', counterOfferMinor: null, counterFirstPaymentMinor: 30_000 })
  })

  test('in monthly instalments offers no amount below the smallest that they are given for', () => {
    const monthly = { instalments: 6, interest: 'NONE', ratePpm: 0, dayCount: 'THIRTY_360' }
    const terms = { ...request(1, 1).terms, monthly: [monthly] }
    const ask = request(1, 90_000, { product: 'PAY_MONTHLY', monthly, terms })
    const offers = (amountMin: number, counterOfferMinor: number | null) =>
      consumer({ monthly: { instalmentsMax: 12, amountMin } })
        .when(ask)
        .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'LIMIT_EXCEEDED' }], counterOfferMinor })
    offers(600, 60_000)
    offers(601, null)
  })

  test('offers nothing where something else is wrong', () => {
    consumer()
      .after(kyc('DECLINED'))
      .when(inFour(90_000))
      .gives({ type: 'PurchaseDeclined', counterOfferMinor: null, counterFirstPaymentMinor: null })
  })
})

describe('an offer', () => {
  const refused = consumer().when(inFour(90_000))
  const decisionId = refused.events[0]?.type === 'PurchaseDeclined' ? refused.events[0].decisionId : ''
  const offered = consumer().after(inFour(90_000))

  test('passes when it is taken up for its checkout', () => {
    offered
      .when(accepting(90_000, decisionId, 30_000))
      .gives({ type: 'PurchaseApproved', firstPaymentMinor: 30_000, amountMinor: 90_000 }, { type: 'ExposureChanged' })
  })

  test.each([
    ['that nobody made', accepting(90_000, 'dec_other', 30_000), 'OFFER_UNKNOWN'],
    ['of another amount', accepting(80_000, decisionId, 30_000), 'OFFER_UNKNOWN'],
    ['with less paid at once', accepting(90_000, decisionId, 29_999), 'OFFER_UNKNOWN'],
    ['without a first payment', accepting(90_000, decisionId, null), 'OFFER_UNKNOWN'],
    ['for another checkout', { ...accepting(90_000, decisionId, 30_000), checkoutId: 'chk_2' }, 'OFFER_UNKNOWN'],
  ])('%s is refused', (_what, command, code) => {
    offered.when(command).gives({ type: 'PurchaseDeclined', reasons: [{ code }] })
  })

  test('stays open where its checkout is confirmed again in between', () => {
    offered
      .after({ ...inFour(90_000), meta: { ...inFour(90_000).meta, id: 'cmd_again' } })
      .when(accepting(90_000, decisionId, 30_000))
      .gives({ type: 'PurchaseApproved' }, { type: 'ExposureChanged' })
  })

  test('is taken up once', () => {
    const again = accepting(90_000, decisionId, 30_000)
    offered
      .after(accepting(90_000, decisionId, 30_000))
      .when({ ...again, meta: { ...again.meta, id: 'cmd_accept_again' } })
      .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PURCHASE_EXISTS' }] })
  })
})

test.each([
  ['below the quarter', inFour(10_000, { firstPaymentMinor: 2_499 })],
  ['of the whole', inFour(10_000, { firstPaymentMinor: 10_000 })],
  ['of nothing', inFour(10_000, { firstPaymentMinor: 0 })],
  ['in pay in 30', request(1, 10_000, { firstPaymentMinor: 5_000 })],
])('a first payment %s is refused', (_what, command) => {
  consumer()
    .when(command)
    .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'FIRST_PAYMENT_INVALID' }] })
})
