import { expect, test } from 'vitest'
import { given } from '#streams/testing'
import { addCard, CARD, on } from './payment-samples.ts'
import { METHODS_MAX, walletDecider } from './wallet.ts'

const empty = given(walletDecider, 'con_1')

test('keeps a card, and tells all of it but the token', () => {
  const decided = empty.when(addCard())
  decided.gives({ type: 'MethodKept' }, { type: 'PaymentMethodAdded', paymentMethodId: 'pm_1', last4: '4242' })
  expect(decided.state.methods).toEqual([CARD])
  expect(JSON.stringify(decided.events[1])).not.toContain(CARD.token)
})

test('answers a card that is kept already as it is', () => {
  const again = addCard({ meta: on(3, 'cmd_again'), token: 'tok_other', last4: '0000' })
  const decided = empty.after(addCard()).when(again)
  decided.gives({ type: 'PaymentMethodAdded', paymentMethodId: 'pm_1', last4: '4242' })
  expect(decided.state.methods).toEqual([CARD])
})

test.each([
  ['in its last month', 1, 2026, null],
  ['a month later', 12, 2025, 'CARD_EXPIRED'],
  ['years later', 12, 2019, 'CARD_EXPIRED'],
  ['with a month that is none', 13, 2030, 'CARD_EXPIRY_INVALID'],
  ['with month 0', 0, 2030, 'CARD_EXPIRY_INVALID'],
])('a card %s', (_title, expiryMonth, expiryYear, code) => {
  const decided = empty.when(addCard({ expiryMonth, expiryYear }))
  if (code === null) decided.gives({ type: 'MethodKept' }, { type: 'PaymentMethodAdded' })
  else decided.gives({ type: 'PaymentCommandRefused', command: 'AddPaymentMethod', code })
})

test('refuses a card beyond the most there may be', () => {
  const cards = Array.from({ length: METHODS_MAX }, (_, index) => addCard({ paymentMethodId: `pm_${index}` }))
  const full = empty.after(...cards)
  full
    .when(addCard({ paymentMethodId: 'pm_new' }))
    .gives({ type: 'PaymentCommandRefused', code: 'PAYMENT_METHODS_FULL' })
  full.when(addCard({ paymentMethodId: 'pm_0' })).gives({ type: 'PaymentMethodAdded' })
})
