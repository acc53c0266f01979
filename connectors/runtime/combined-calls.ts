import type { Circuit, ProviderCalls } from './provider-calls.ts'

/** The calls to several providers, as their connector tells of them. */
export class CombinedCalls {
  readonly #calls: readonly ProviderCalls[]

  constructor(calls: readonly ProviderCalls[]) {
    this.#calls = calls
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#calls.reduce((sum, { inFlight }) => sum + inFlight, 0)
  }

  /** Tries that failed since the start. */
  get failures(): number {
    return this.#calls.reduce((sum, { failures }) => sum + failures, 0)
  }

  /** Closed while one of them is called. */
  get circuit(): Circuit {
    const circuits = this.#calls.map(({ circuit }) => circuit)
    return (['closed', 'half-open'] as const).find((state) => circuits.includes(state)) ?? 'open'
  }
}
