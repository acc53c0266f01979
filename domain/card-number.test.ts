import { expect, test } from 'vitest'
import { holdsCardNumber } from './card-number.ts'

test.each([
  ['4242424242424242', true],
  ['my card is 4000-0000-0000-0002, thanks', true],
  ['5555 5555 5555 4444', true],
  ['378282246310005', true],
  ['4242424242424241', false],
  ['order-1001', false],
  ['1767225600000', false],
  ['pur_4242424242424242abc', false],
  ['acct 12345678', false],
  ['00424242424242424242', false],
])('%j holds a card number: %s', (text, holds) => expect(holdsCardNumber(text)).toBe(holds))
