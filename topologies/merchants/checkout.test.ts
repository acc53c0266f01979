import { describe, expect, test } from 'vitest'
import { given } from '#streams/testing'
import { checkout } from './checkout.ts'
import type { AccountCommand, CheckoutCommand, CheckoutInput } from './facts.ts'
import { merchant } from './merchant.ts'
import { changeStatus, claim, createCheckout, HOUR, meta, onboard, T0, tick } from './merchant-samples.ts'

const merchantAfter = (...commands: readonly AccountCommand[]) => given(merchant, 'mer_1').after(...commands).state
const active = merchantAfter(onboard())
const ask = (command: CheckoutCommand, of = active): CheckoutInput => ({
  type: 'CheckoutRequest',
  command,
  merchant: of,
})
const at = (...inputs: readonly CheckoutInput[]) => given(checkout, 'chk_1').after(...inputs)
const open = at(ask(createCheckout()))
const claimed = open.after(ask(claim('con_1')))
const expired = open.after(tick(T0 + 24 * HOUR))

describe('creating a checkout', () => {
  test('freezes the terms of the merchant, for 24 hours', () => {
    at()
      .when(ask(createCheckout()))
      .gives({
        type: 'CheckoutCreated',
        merchantName: 'Kiosk',
        amountMinor: 10_000,
        terms: { feeBps: 400, feeFixedMinor: 30, settlementDays: 2 },
        payoutAccount: 'acct_1',
        consumerId: null,
        expiresAt: T0 + 24 * HOUR,
      })
      .leaves({ status: 'OPEN', consumerId: null, offer: { createdAt: T0, expiresAt: T0 + 24 * HOUR } })
  })

  test('for a consumer whom the merchant knows is theirs from the start', () => {
    const known = at(ask(createCheckout({ consumerId: 'con_1' })))
    expect(known.state).toMatchObject({ status: 'CLAIMED', consumerId: 'con_1' })
    known.when(ask(claim('con_1'))).gives({ type: 'CheckoutClaimed', consumerId: 'con_1' })
    known.when(ask(claim('con_2'))).gives({ type: 'MerchantCommandRefused', code: 'CHECKOUT_CLAIMED_BY_ANOTHER' })
  })

  test.each([
    ['499 of 500 to 100000', 499, 'TICKET_TOO_SMALL'],
    ['500 of 500 to 100000', 500, null],
    ['100000 of 500 to 100000', 100_000, null],
    ['100001 of 500 to 100000', 100_001, 'TICKET_TOO_LARGE'],
    ['nothing', 0, 'TICKET_TOO_SMALL'],
    ['less than nothing', -1, 'TICKET_TOO_SMALL'],
  ])('of %s', (_what, amountMinor, code) => {
    const [event] = at().when(ask(createCheckout({ amountMinor }))).events
    expect(event).toMatchObject(code === null ? { type: 'CheckoutCreated' } : { type: 'MerchantCommandRefused', code })
  })

  test.each([
    ['by a merchant that is not there', null, createCheckout(), 'MERCHANT_UNKNOWN'],
    ['by a merchant that was never taken on', merchantAfter(), createCheckout(), 'MERCHANT_UNKNOWN'],
    [
      'by a suspended merchant',
      merchantAfter(onboard(), changeStatus('SUSPENDED')),
      createCheckout(),
      'MERCHANT_NOT_ACTIVE',
    ],
    ['by a closed merchant', merchantAfter(onboard(), changeStatus('CLOSED')), createCheckout(), 'MERCHANT_NOT_ACTIVE'],
    ['in another currency', active, createCheckout({ currency: 'USD' }), 'CURRENCY_MISMATCH'],
  ])('is refused %s', (_what, of, command, code) => {
    const decided = at().when({ type: 'CheckoutRequest', command, merchant: of })
    decided.gives({ type: 'MerchantCommandRefused', command: 'CreateCheckout', code, checkoutId: 'chk_1' })
    expect(decided.state).toEqual(at().state)
  })

  test('is refused for an id that is taken', () => {
    open
      .when(ask(createCheckout({ meta: meta('again') })))
      .gives({ type: 'MerchantCommandRefused', code: 'CHECKOUT_EXISTS' })
  })
})

describe('claiming a checkout', () => {
  test('gives it to the first consumer, and to them again', () => {
    open
      .when(ask(claim('con_1')))
      .gives({ type: 'CheckoutClaimed', checkoutId: 'chk_1', merchantId: 'mer_1', consumerId: 'con_1' })
      .leaves({ status: 'CLAIMED', consumerId: 'con_1' })
    claimed.when(ask(claim('con_1', T0 + HOUR))).gives({ type: 'CheckoutClaimed', consumerId: 'con_1' })
  })

  test.each([
    ['it went to another', claimed, ask(claim('con_2')), 'CHECKOUT_CLAIMED_BY_ANOTHER'],
    ['it is not there', at(), ask(claim('con_1')), 'CHECKOUT_UNKNOWN'],
    ['it is of another merchant', open, ask({ ...claim('con_1'), merchantId: 'mer_2' }), 'CHECKOUT_UNKNOWN'],
    ['it has expired', expired, ask(claim('con_1', T0 + 25 * HOUR)), 'CHECKOUT_EXPIRED'],
    ['its time is over, though no tick has come', open, ask(claim('con_1', T0 + 24 * HOUR)), 'CHECKOUT_EXPIRED'],
    ['it was theirs, but its time is over', claimed, ask(claim('con_1', T0 + 24 * HOUR)), 'CHECKOUT_EXPIRED'],
    [
      'the merchant may not sell any more',
      open,
      ask(claim('con_1'), merchantAfter(onboard(), changeStatus('CLOSED'))),
      'MERCHANT_NOT_ACTIVE',
    ],
  ])('is refused where %s', (_what, state, input, code) => {
    const decided = state.when(input).gives({ type: 'MerchantCommandRefused', command: 'ClaimCheckout', code })
    expect(decided.state).toEqual(state.state)
  })
})

describe('time', () => {
  test('lets a checkout expire that nobody has taken', () => {
    expect(open.dueAt).toBe(T0 + 24 * HOUR)
    open.when(tick(T0 + 24 * HOUR - 1)).givesNothing()
    open
      .when(tick(T0 + 24 * HOUR))
      .gives({ type: 'CheckoutExpired', merchantId: 'mer_1' })
      .leaves({ status: 'EXPIRED' })
  })

  test('leaves alone what was taken, has expired or is not there', () => {
    for (const state of [claimed, expired, at()]) {
      expect(state.dueAt).toBeNull()
      state.when(tick(T0 + 99 * HOUR)).givesNothing()
    }
  })
})
