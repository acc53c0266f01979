import { describe, expect, test } from 'vitest'
import { gatewayAfter, type RouteRule, routeOf, routeProblem } from './gateway-routes.ts'

const rule = (name: string, shares: Readonly<Record<string, number>>, over: Partial<RouteRule> = {}): RouteRule => ({
  ...{ name, brands: [], currencies: [], minMinor: null, maxMinor: null },
  shares: Object.entries(shares).map(([gateway, percent]) => ({ gateway, percent })),
  ...over,
})
const PRIMARY_FIRST = { primary: 100, secondary: 0 }
const SECONDARY_FIRST = { primary: 0, secondary: 100 }

const RULES = [
  rule('mastercard', SECONDARY_FIRST, { brands: ['mastercard'] }),
  rule('large euros', { secondary: 100 }, { currencies: ['EUR', 'GBP'], minMinor: 500_00 }),
  rule('small', PRIMARY_FIRST, { maxMinor: 10_00 }),
  rule('visa', { primary: 100 }, { brands: ['visa'] }),
]

test.each([
  ['the first rule that fits holds', 'mastercard', 'EUR', 900_00, ['secondary', 'primary']],
  ['a network is the same in capitals', 'MasterCard', 'USD', 1, ['secondary', 'primary']],
  ['an amount at its lower end fits', 'visa', 'EUR', 500_00, ['secondary']],
  ['an amount below it does not', 'visa', 'EUR', 499_99, ['primary']],
  ['another currency does not', 'visa', 'USD', 500_00, ['primary']],
  ['an amount at its upper end fits', 'amex', 'USD', 10_00, ['primary', 'secondary']],
  ['where none fits, the primary is asked alone', 'amex', 'USD', 10_01, ['primary']],
])('%s', (_, brand, currency, amountMinor, route) => {
  expect(routeOf(RULES, { paymentId: 'pay_1', brand, currency, amountMinor })).toEqual(route)
})

test('shares are kept over many payments, and each payment keeps its own', () => {
  const rules = [rule('both', { primary: 70, secondary: 30 })]
  const charge = { brand: 'visa', currency: 'EUR', amountMinor: 1 }
  const routes = Array.from({ length: 5_000 }, (_, no) => routeOf(rules, { ...charge, paymentId: `pay_${no}` }))
  const toSecond = routes.filter(([first]) => first === 'secondary')
  expect(toSecond.length / routes.length).toBeCloseTo(0.3, 1)
  expect(toSecond[0]).toEqual(['secondary', 'primary'])
  expect(routeOf(rules, { ...charge, paymentId: 'pay_7' })).toEqual(routes[7])
})

test('after the last gateway there is none', () => {
  expect(gatewayAfter(['secondary', 'primary'], 'secondary')).toBe('primary')
  expect(gatewayAfter(['secondary', 'primary'], 'primary')).toBeNull()
  expect(gatewayAfter([], 'primary')).toBeNull()
})

describe('routeProblem', () => {
  test('accepts these rules', () => expect(routeProblem(RULES)).toBeNull())

  test.each([
    ['percents that are not a whole', [rule('a', { primary: 50, secondary: 49 })], 'Rule a: its percents sum to 99'],
    ['no share', [rule('a', {})], 'sum to 0'],
    ['a gateway that is none', [rule('a', { third: 100 })], 'there is no gateway third'],
    ['a gateway twice', [{ ...rule('a', {}), shares: [half('primary'), half('primary')] }], 'two shares'],
    ['a percent below 0', [rule('a', { primary: 101, secondary: -1 })], 'not a whole number'],
    ['a name twice', [rule('a', PRIMARY_FIRST), rule('a', PRIMARY_FIRST)], 'Two rules are named a'],
    ['ends that are swapped', [rule('a', PRIMARY_FIRST, { minMinor: 2, maxMinor: 1 })], 'above maxMinor'],
    ['too many', Array.from({ length: 51 }, (_, no) => rule(`r${no}`, PRIMARY_FIRST)), 'There are 51 rules'],
  ])('refuses %s', (_, rules, problem) => {
    expect(routeProblem(rules)).toContain(problem)
  })
})

function half(gateway: string) {
  return { gateway, percent: 50 }
}
