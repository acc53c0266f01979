import { safeMinor } from '#domain/money.ts'

/**
 * Sums by measure and currency: `add('captures', 'USD', 500)`. The measures have the same names in every source, so
 * that what must be equal can be laid side by side.
 */
export class Sums {
  readonly #byMeasure = new Map<string, Map<string, number>>()

  add(measure: string, currency: string, amountMinor: number): void {
    const byCurrency = this.#byMeasure.get(measure) ?? new Map<string, number>()
    this.#byMeasure.set(measure, byCurrency)
    byCurrency.set(currency, safeMinor((byCurrency.get(currency) ?? 0) + amountMinor))
  }

  /** 0 where nothing was added. */
  get(measure: string, currency: string): number {
    return this.#byMeasure.get(measure)?.get(currency) ?? 0
  }

  /** All of them, to be added up with others. */
  entries(): readonly (readonly [measure: string, currency: string, amountMinor: number])[] {
    return [...this.#byMeasure].flatMap(([measure, byCurrency]) =>
      [...byCurrency].map(([currency, amountMinor]) => [measure, currency, amountMinor] as const),
    )
  }

  currencies(): readonly string[] {
    return [...new Set([...this.#byMeasure.values()].flatMap((byCurrency) => [...byCurrency.keys()]))].sort()
  }
}

/** The part of an account's name that all owners share: `assets:consumer-receivable`. */
export function accountClass(account: string): string {
  return account.split(':').slice(0, 2).join(':')
}
