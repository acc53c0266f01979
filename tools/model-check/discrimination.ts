/** How well scores tell good from bad. */

/** A score and what came of it. */
export type Outcome = { readonly score: number; readonly good: boolean }

/** `auc`: how often a good one scores higher than a bad one, ties counting half. `ks`: Kolmogorov-Smirnov distance. */
export type Discrimination = { readonly auc: number; readonly ks: number }

/** AUC and KS of the outcomes; both need a good one and a bad one. */
export function discrimination(outcomes: readonly Outcome[]): Discrimination {
  const counts = new Map<number, { good: number; bad: number }>()
  for (const { score, good } of outcomes) {
    const at = counts.get(score) ?? { good: 0, bad: 0 }
    counts.set(score, { good: at.good + (good ? 1 : 0), bad: at.bad + (good ? 0 : 1) })
  }
  const goodAll = outcomes.filter(({ good }) => good).length
  const badAll = outcomes.length - goodAll
  let [goodBelow, badBelow, pairs, ks] = [0, 0, 0, 0]
  for (const [, { good, bad }] of [...counts].sort(([left], [right]) => left - right)) {
    pairs += good * (badBelow + bad / 2)
    goodBelow += good
    badBelow += bad
    ks = Math.max(ks, Math.abs(badBelow / badAll - goodBelow / goodAll))
  }
  return { auc: pairs / (goodAll * badAll), ks }
}
