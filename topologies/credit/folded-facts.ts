import type { CreditState } from '#schemas'
import type { CreditFact } from './facts.ts'

/** A decision has a few facts; what is folded without a decision, as in a replay of facts, is not gathered for ever. */
const STEPS_MAX = 16

type Step = { readonly before: CreditState; readonly fact: CreditFact; readonly after: CreditState }

/**
 * Folds facts, and remembers what came out since the last decision began: a decision folds its own facts to see what
 * they come to, and whoever runs it folds the very same ones again.
 */
export class FoldedFacts {
  readonly #fold: (state: CreditState, fact: CreditFact) => CreditState
  #steps: Step[] = []

  constructor(fold: (state: CreditState, fact: CreditFact) => CreditState) {
    this.#fold = fold
  }

  /** The state after a fact. */
  after(before: CreditState, fact: CreditFact): CreditState {
    for (const step of this.#steps) if (step.before === before && step.fact === fact) return step.after
    const after = this.#fold(before, fact)
    if (this.#steps.length === STEPS_MAX) this.forget()
    this.#steps.push({ before, fact, after })
    return after
  }

  /** Another decision begins. */
  forget(): void {
    this.#steps = []
  }
}
