/** What is wrong with a policy that has the right form: parts that contradict each other, or leave somebody out. */
import { currencies } from '#domain/money.ts'
import type { CreditPolicy, LimitBand } from './credit-policy.ts'
import { SCORE_MAX } from './score-model.ts'

/** Every contradiction, with the names of the parts; none where the policy can be used. */
export function coherenceProblems(policy: CreditPolicy): readonly string[] {
  return [
    ...bandProblems(policy.bands),
    ...limitProblems(policy.bands),
    ...velocityProblems(policy),
    ...countryProblems(policy),
    ...repeated('band', policy.bands),
    ...repeated('velocity rule', policy.velocity),
    ...repeated('example', policy.examples),
  ]
}

/** Each score from 0 to 1000 is in one band. */
function bandProblems(bands: readonly LimitBand[]): readonly string[] {
  const upsideDown = bands
    .filter(({ scoreMin, scoreMax }) => scoreMin > scoreMax)
    .map((band) => `the band ${band.name} ends (${band.scoreMax}) before it begins (${band.scoreMin})`)
  if (upsideDown.length > 0) return upsideDown
  const problems: string[] = []
  let reached: { readonly name: string; readonly scoreMax: number } = { name: '', scoreMax: -1 }
  for (const band of bands.toSorted(
    (left, right) => left.scoreMin - right.scoreMin || left.scoreMax - right.scoreMax,
  )) {
    const from = reached.scoreMax + 1
    if (band.scoreMin > from)
      problems.push(`no band has the scores ${from} to ${band.scoreMin - 1}, before ${band.name}`)
    if (band.scoreMin < from) {
      const to = Math.min(band.scoreMax, reached.scoreMax)
      problems.push(
        `the bands ${reached.name} and ${band.name} overlap: both have the scores ${band.scoreMin} to ${to}`,
      )
    }
    if (band.scoreMax > reached.scoreMax) reached = band
  }
  if (reached.scoreMax < SCORE_MAX) {
    problems.push(`no band has the scores ${reached.scoreMax + 1} to ${SCORE_MAX}, after ${reached.name}`)
  }
  return problems
}

/** A better score never has a lower limit. */
function limitProblems(bands: readonly LimitBand[]): readonly string[] {
  const rising = bands.toSorted((left, right) => left.scoreMin - right.scoreMin)
  return rising.flatMap((band, index) => {
    const below = rising[index - 1]
    return below !== undefined && below.limit > band.limit
      ? [`the band ${band.name} has a lower limit (${band.limit}) than ${below.name} (${below.limit}) below it`]
      : []
  })
}

function velocityProblems({ velocity }: CreditPolicy): readonly string[] {
  return velocity
    .filter(({ purchasesMax, amountMax }) => purchasesMax === null && amountMax === null)
    .map(({ name }) => `the velocity rule ${name} limits nothing: give it a purchasesMax or an amountMax`)
}

function countryProblems({ countries, unitsPerDollar }: CreditPolicy): readonly string[] {
  const known = new Set(currencies)
  return [
    ...Object.entries(countries)
      .filter(([, { currency }]) => !known.has(currency))
      .map(([country, { currency }]) => `countries.${country} has the currency ${currency}, which is not taken here`),
    ...Object.keys(unitsPerDollar)
      .filter((currency) => !known.has(currency))
      .map((currency) => `unitsPerDollar has the currency ${currency}, which is not taken here`),
  ]
}

function repeated(what: string, parts: readonly { readonly name: string }[]): readonly string[] {
  const names = parts.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) < index))
  return [...twice].map((name) => `the ${what} ${name} stands there twice`)
}
