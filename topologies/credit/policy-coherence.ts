/** What is wrong with a policy that has the right form: parts that contradict each other, or leave somebody out. */
import { currencies } from '#domain/money.ts'
import type { CreditPolicy, LimitBand } from './credit-policy.ts'
import { SCORE_MAX } from './score-model.ts'

/** What is wrong with a policy: a stable code, and the names of the parts in words. */
export type PolicyProblem = { readonly code: PolicyProblemCode; readonly text: string }

/** The codes of what can be wrong with a policy file. */
export type PolicyProblemCode =
  | 'POLICY_FORM'
  | 'POLICY_BAND_UPSIDE_DOWN'
  | 'POLICY_BAND_GAP'
  | 'POLICY_BAND_OVERLAP'
  | 'POLICY_BAND_LIMIT_FALLS'
  | 'POLICY_RULE_EMPTY'
  | 'POLICY_CURRENCY_UNKNOWN'
  | 'POLICY_NAME_TWICE'
  | 'POLICY_BEHAVIOUR_TURNED'
  | 'POLICY_BUREAUS'
  | 'POLICY_CHALLENGER_EMPTY'
  | 'POLICY_EXAMPLE_FAILS'
  | 'POLICY_MODEL_UNKNOWN'
  | 'POLICY_CHALLENGER_UNKNOWN'

/** Every contradiction, with the names of the parts; none where the policy can be used. */
export function coherenceProblems(policy: CreditPolicy): readonly PolicyProblem[] {
  return [
    ...bandProblems(policy.bands),
    ...limitProblems(policy.bands),
    ...velocityProblems(policy),
    ...countryProblems(policy),
    ...challengerProblems(policy),
    ...behaviourProblems(policy),
    ...lateProblems(policy),
    ...bureauProblems(policy),
    ...repeated('bureau', policy.bureau.bureaus),
    ...repeated(
      'required contact',
      policy.requiredContacts.map((name) => ({ name })),
    ),
    ...repeated('behaviour rule', policy.behaviour?.rules ?? []),
    ...repeated('band', policy.bands),
    ...repeated('velocity rule', policy.velocity),
    ...repeated('example', policy.examples),
  ]
}

/** Each score from 0 to 1000 is in one band. */
function bandProblems(bands: readonly LimitBand[]): readonly PolicyProblem[] {
  const upsideDown = bands
    .filter(({ scoreMin, scoreMax }) => scoreMin > scoreMax)
    .map((band) => `the band ${band.name} ends (${band.scoreMax}) before it begins (${band.scoreMin})`)
    .map((text) => ({ code: 'POLICY_BAND_UPSIDE_DOWN' as const, text }))
  if (upsideDown.length > 0) return upsideDown
  const problems: PolicyProblem[] = []
  let reached: { readonly name: string; readonly scoreMax: number } = { name: '', scoreMax: -1 }
  for (const band of bands.toSorted(
    (left, right) => left.scoreMin - right.scoreMin || left.scoreMax - right.scoreMax,
  )) {
    const from = reached.scoreMax + 1
    if (band.scoreMin > from) {
      const text = `no band has the scores ${from} to ${band.scoreMin - 1}, before ${band.name}`
      problems.push({ code: 'POLICY_BAND_GAP', text })
    }
    if (band.scoreMin < from) {
      const to = Math.min(band.scoreMax, reached.scoreMax)
      const text = `the bands ${reached.name} and ${band.name} overlap: both have the scores ${band.scoreMin} to ${to}`
      problems.push({ code: 'POLICY_BAND_OVERLAP', text })
    }
    if (band.scoreMax > reached.scoreMax) reached = band
  }
  if (reached.scoreMax < SCORE_MAX) {
    const text = `no band has the scores ${reached.scoreMax + 1} to ${SCORE_MAX}, after ${reached.name}`
    problems.push({ code: 'POLICY_BAND_GAP', text })
  }
  return problems
}

/** A better score never has a lower limit. */
function limitProblems(bands: readonly LimitBand[]): readonly PolicyProblem[] {
  const rising = bands.toSorted((left, right) => left.scoreMin - right.scoreMin)
  return rising.flatMap((band, index) => {
    const below = rising[index - 1]
    if (below === undefined || below.limit <= band.limit) return []
    const text = `the band ${band.name} has a lower limit (${band.limit}) than ${below.name} (${below.limit}) below it`
    return [{ code: 'POLICY_BAND_LIMIT_FALLS', text }]
  })
}

function velocityProblems({ velocity }: CreditPolicy): readonly PolicyProblem[] {
  return velocity
    .filter(({ purchasesMax, amountMax }) => purchasesMax === null && amountMax === null)
    .map(({ name }) => `the velocity rule ${name} limits nothing: give it a purchasesMax or an amountMax`)
    .map((text) => ({ code: 'POLICY_RULE_EMPTY', text }))
}

function countryProblems({ countries, unitsPerDollar }: CreditPolicy): readonly PolicyProblem[] {
  const known = new Set(currencies)
  return [
    ...Object.entries(countries)
      .filter(([, { currency }]) => !known.has(currency))
      .map(([country, { currency }]) => `countries.${country} has the currency ${currency}, which is not taken here`),
    ...Object.keys(unitsPerDollar)
      .filter((currency) => !known.has(currency))
      .map((currency) => `unitsPerDollar has the currency ${currency}, which is not taken here`),
  ].map((text) => ({ code: 'POLICY_CURRENCY_UNKNOWN', text }))
}

/** Who pays well is never punished for it, and who pays badly never rewarded. */
function behaviourProblems({ behaviour }: CreditPolicy): readonly PolicyProblem[] {
  return (behaviour?.rules ?? []).flatMap(({ name, on, percent }): PolicyProblem[] => {
    if (percent === 0) return [{ code: 'POLICY_RULE_EMPTY', text: `the behaviour rule ${name} moves nothing` }]
    if (GOOD.includes(on) === percent > 0) return []
    return [{ code: 'POLICY_BEHAVIOUR_TURNED', text: `the behaviour rule ${name} moves the limit the wrong way` }]
  })
}

const GOOD: readonly string[] = ['PAID_EARLY', 'PAID_ON_TIME', 'PAID_OFF']

function lateProblems({ bureau: { whenLate, lateCap } }: CreditPolicy): readonly PolicyProblem[] {
  if ((whenLate === 'LOWER_CAP') === (lateCap !== null)) return []
  return [{ code: 'POLICY_RULE_EMPTY', text: 'bureau.lateCap is needed for LOWER_CAP, and for nothing else' }]
}

/** Somebody is asked at once, and whoever waits for a report waits longer than for a silent bureau. */
function bureauProblems({ bureau: { bureaus, silentMinutes, waitMinutes } }: CreditPolicy): readonly PolicyProblem[] {
  const code = 'POLICY_BUREAUS'
  const texts = [
    bureaus[0]?.role === 'FALLBACK' ? 'bureau.bureaus begins with a FALLBACK: nobody would be asked before it' : null,
    bureaus.length > 1 && waitMinutes > 0 && silentMinutes >= waitMinutes
      ? `bureau.silentMinutes (${silentMinutes}) must be below waitMinutes (${waitMinutes}), or none has a second`
      : null,
  ]
  return texts.filter((text) => text !== null).map((text) => ({ code, text }))
}

/** A challenger is another one: with neither a policy nor a model of its own it would only repeat the champion. */
function challengerProblems({ version, scoring: { model, challenger } }: CreditPolicy): readonly PolicyProblem[] {
  if (challenger === null) return []
  const samePolicy = challenger.policy === null || challenger.policy === version
  const sameModel = challenger.model === null || (samePolicy && challenger.model === model)
  if (!samePolicy || !sameModel) return []
  const text = `the challenger ${challenger.name} is no other: give it a policy or a model that differs`
  return [{ code: 'POLICY_CHALLENGER_EMPTY', text }]
}

function repeated(what: string, parts: readonly { readonly name: string }[]): readonly PolicyProblem[] {
  const names = parts.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) < index))
  return [...twice].map((name) => ({ code: 'POLICY_NAME_TWICE', text: `the ${what} ${name} stands there twice` }))
}
