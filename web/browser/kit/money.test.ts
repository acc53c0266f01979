import { describe, expect, test } from 'vitest'
import { formatMoney, parseAmount, plainAmount } from './money.ts'

describe('parseAmount', () => {
  test.each([
    ['57.27', 'USD', 5727],
    ['57,27', 'EUR', 5727],
    ['57', 'USD', 5700],
    ['57.2', 'USD', 5720],
    [' 1 057.27 ', 'USD', 105727],
    ['1,057.27', 'USD', 105727],
    ['1.057,27', 'EUR', 105727],
    ['1,234,567.89', 'USD', 123456789],
    ['1057', 'JPY', 1057],
    ['1.234', 'TND', 1234],
    ['0', 'USD', 0],
  ])('takes %s %s as %i', (typed, currency, minor) => {
    expect(parseAmount(typed, currency)).toBe(minor)
  })

  test.each([
    ['', 'USD'],
    ['.', 'USD'],
    ['-5', 'USD'],
    ['5.-', 'USD'],
    ['1e3', 'USD'],
    ['57.275', 'USD'],
    ['1,234', 'USD'],
    ['12,34,567.89', 'USD'],
    ['1.5', 'JPY'],
    ['99999999999999999', 'USD'],
  ])('refuses %s %s', (typed, currency) => {
    expect(parseAmount(typed, currency)).toBeNull()
  })
})

test.each([
  [5727, 'USD', '$57.27', '57.27'],
  [-479, 'USD', '-$4.79', '-4.79'],
  [1057, 'JPY', '¥1,057', '1057'],
  [1234, 'TND', 'TND 1.234', '1.234'],
])('writes %i %s', (minor, currency, formatted, plain) => {
  expect(formatMoney(minor, currency).replaceAll('\u00a0', ' ')).toBe(formatted)
  expect(plainAmount(minor, currency)).toBe(plain)
})
