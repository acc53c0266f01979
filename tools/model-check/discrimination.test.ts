import { expect, test } from 'vitest'
import { discrimination } from './discrimination.ts'

const outcomes = (good: readonly number[], bad: readonly number[]) => [
  ...good.map((score) => ({ score, good: true })),
  ...bad.map((score) => ({ score, good: false })),
]

test.each([
  ['tells them apart', [3, 4], [1, 2], 1, 1],
  ['has it backwards', [1, 2], [3, 4], 0, 1],
  ['says the same of all', [5, 5], [5, 5, 5], 0.5, 0],
  ['is right in three of four pairs', [2, 4], [1, 3], 0.75, 0.5],
  ['counts a tie half', [2, 3], [2], 0.75, 0.5],
])('a score that %s', (_what, good, bad, auc, ks) => {
  expect(discrimination(outcomes(good, bad))).toEqual({ auc, ks })
})
