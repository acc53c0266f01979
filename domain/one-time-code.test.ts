import { expect, test } from 'vitest'
import { oneTimeCode, oneTimeCodeHash } from './one-time-code.ts'

test('a code has six digits, is the same again, and another one for another id or secret', () => {
  const codes = Array.from({ length: 2_000 }, (_, no) => oneTimeCode('secret', `cod_${no}`))
  for (const code of codes) expect(code).toMatch(/^\d{6}$/)
  expect(oneTimeCode('secret', 'cod_7')).toBe(codes[7])
  expect(oneTimeCode('another secret', 'cod_7')).not.toBe(codes[7])
  // Of 2,000 draws from a million some two are equal: far fewer, or far more, would be no draws.
  expect(new Set(codes).size).toBeGreaterThan(1_985)
})

test('the digits are spread evenly', () => {
  const counts = Array<number>(10).fill(0)
  for (let no = 0; no < 5_000; no += 1) {
    for (const digit of oneTimeCode('secret', `cod_${no}`)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 3_000)).toBeLessThan(300)
})

test('what is kept of a code tells it from every other code, id and secret', () => {
  const kept = oneTimeCodeHash('secret', 'cod_1', '123456')
  expect(oneTimeCodeHash('secret', 'cod_1', '123456')).toBe(kept)
  expect(oneTimeCodeHash('secret', 'cod_1', '123457')).not.toBe(kept)
  expect(oneTimeCodeHash('secret', 'cod_2', '123456')).not.toBe(kept)
  expect(oneTimeCodeHash('other', 'cod_1', '123456')).not.toBe(kept)
  expect(kept).not.toContain('123456')
})
