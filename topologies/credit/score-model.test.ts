import { describe, expect, test } from 'vitest'
import { scoreAttributes } from './score-attributes.ts'
import { openScoreModel, ScoreModelError } from './score-model.ts'

const savings = {
  attribute: 'savings',
  reason: 'SCORE_SAVINGS',
  bins: [
    { values: ['NONE', 'LITTLE'], points: -30 },
    { values: ['MUCH'], points: 40 },
  ],
}
const months = {
  attribute: 'durationMonths',
  reason: 'SCORE_CREDIT_DURATION',
  bins: [
    { upTo: 6, points: 50 },
    { upTo: 24, points: 0 },
    { upTo: null, points: -45 },
  ],
}
const scale = { score: 600, odds: 16, pointsToDoubleOdds: 50 }
const file = { format: 1, version: 'm9', scale, basePoints: 460, knownMin: 1, characteristics: [savings, months] }

describe('a model file', () => {
  test('is read as a whole', () => {
    expect(openScoreModel(file)).toMatchObject({ version: 'm9', basePoints: 460, knownMin: 1 })
  })

  test.each([
    ['of another format', { ...file, format: 2 }, 'SCORE_MODEL_FORMAT_UNKNOWN', /format 2, and this release reads/],
    ['without a format', { version: 'm9' }, 'SCORE_MODEL_FORMAT_UNKNOWN', /format null/],
    ['that is none', 'm9', 'SCORE_MODEL_INVALID', /The file must be an object/],
    ['without a version', { ...file, version: '' }, 'SCORE_MODEL_INVALID', /version must be a text/],
    ['without a scale', { ...file, scale: undefined }, 'SCORE_MODEL_INVALID', /scale must be an object/],
    ['with odds of 0', { ...file, scale: { ...scale, odds: 0 } }, 'SCORE_MODEL_INVALID', /scale.odds must be a number/],
    ['with half points', { ...file, basePoints: 1.5 }, 'SCORE_MODEL_INVALID', /basePoints must be a whole number/],
    ['with nothing in it', { ...file, characteristics: [] }, 'SCORE_MODEL_INVALID', /knownMin must be 1 to 0/],
    [
      'with an attribute twice',
      withCharacteristics(savings, savings),
      'SCORE_MODEL_INVALID',
      /savings stands there twice/,
    ],
    ['with a reason nobody knows', withSavings({ reason: 'BAD' }), 'SCORE_MODEL_INVALID', /BAD of savings/],
    ['with no bins', withSavings({ bins: [] }), 'SCORE_MODEL_INVALID', /savings has no bins/],
    ['with a value in two bins', withBins(savings.bins[0], savings.bins[0]), 'SCORE_MODEL_INVALID', /NONE of savings/],
    ['with mixed bins', withBins(savings.bins[0], months.bins[2]), 'SCORE_MODEL_INVALID', /numbers and of labels/],
    ['with bins that fall', withBins({ upTo: 9, points: 1 }, ...months.bins), 'SCORE_MODEL_INVALID', /6 comes after 9/],
    ['with an end', withBins({ upTo: 9, points: 1 }), 'SCORE_MODEL_INVALID', /the last bin of savings/],
    ['open in the middle', withBins(months.bins[2], months.bins[0]), 'SCORE_MODEL_INVALID', /the last bin of savings/],
    ['that can score below 0', { ...file, basePoints: 74 }, 'SCORE_MODEL_INVALID', /go from -1 to 164/],
    ['that can score above 1000', { ...file, basePoints: 911 }, 'SCORE_MODEL_INVALID', /to 1001/],
  ])('%s is refused, and the message says why', (_what, given, code, message) => {
    const error = thrownBy(() => openScoreModel(given))
    expect(error).toBeInstanceOf(ScoreModelError)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('a score', () => {
  const model = openScoreModel(file)
  test.each([
    ['the best of all', { savings: 'MUCH', durationMonths: 6 }, 550, [40, 50]],
    ['the worst of all', { savings: 'NONE', durationMonths: 25 }, 385, [-30, -45]],
    ['the end of a bin', { savings: 'LITTLE', durationMonths: 24 }, 430, [-30, 0]],
    ['a label nobody has seen', { savings: 'GOLD', durationMonths: 7 }, 460, [0, 0]],
    ['a fact that is unknown', { savings: null, durationMonths: 99 }, 415, [0, -45]],
    ['a fact that is missing', { durationMonths: 99 }, 415, [0, -45]],
    ['a number where there are labels', { savings: 7, durationMonths: 7 }, 460, [0, 0]],
    ['a number that is none', { savings: 'MUCH', durationMonths: Number.NaN }, 500, [40, 0]],
    ['a label where there are numbers', { savings: 'MUCH', durationMonths: 'LONG' }, 500, [40, 0]],
  ])('of %s is the sum of its points', (_what, attributes, score, points) => {
    const scored = scoreAttributes(model, attributes)
    expect(scored).toMatchObject({ score, base: 460, factors: points.map((value) => ({ points: value })) })
  })

  test('needs as many known facts as the model says', () => {
    const strict = openScoreModel({ ...file, knownMin: 2 })
    expect(scoreAttributes(strict, { savings: 'MUCH', durationMonths: null })).toBeNull()
    expect(scoreAttributes(strict, {})).toBeNull()
    // What no bin has is not known, however it is spelt.
    for (const durationMonths of ['LONG', Number.NaN]) {
      expect(scoreAttributes(strict, { savings: 'MUCH', durationMonths })).toBeNull()
    }
    expect(scoreAttributes(strict, { savings: 'GOLD', durationMonths: 3 })).toBeNull()
    expect(scoreAttributes(strict, { savings: 'MUCH', durationMonths: 3 })?.score).toBe(550)
  })

  test('says of each fact what it was and what it did', () => {
    expect(scoreAttributes(model, { savings: 'NONE', durationMonths: 3 })?.factors).toEqual([
      { attribute: 'savings', value: 'NONE', points: -30, code: 'SCORE_SAVINGS' },
      { attribute: 'durationMonths', value: '3', points: 50, code: 'SCORE_CREDIT_DURATION' },
    ])
  })
})

function withCharacteristics(...characteristics: readonly object[]) {
  return { ...file, characteristics }
}

function withSavings(over: object) {
  return withCharacteristics({ ...savings, ...over }, months)
}

function withBins(...bins: readonly (object | undefined)[]) {
  return withSavings({ bins })
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return null
}
