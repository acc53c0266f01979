import { expect, test } from 'vitest'
import { defaultProbability, expectedLossMinor } from './default-probability.ts'

const scale = { score: 600, odds: 16, pointsToDoubleOdds: 50 }

test.each([
  [600, 1 / 17, 588],
  [650, 1 / 33, 303],
  [550, 1 / 9, 1_111],
  [400, 1 / 2, 5_000],
  [0, 1 / (1 + 16 / 4_096), 9_961],
  [1_000, 1 / 4_097, 2],
])('a score of %i goes bad with %d, which is %i of 100.00', (score, probability, lossMinor) => {
  expect(defaultProbability(scale, score)).toBeCloseTo(probability, 12)
  expect(expectedLossMinor(scale, score, 10_000)).toBe(lossMinor)
})
