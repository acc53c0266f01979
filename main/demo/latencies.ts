/** Collects latencies, in milliseconds, and tells their quantiles. */
export class Latencies {
  readonly #values: number[] = []

  add(ms: number): void {
    this.#values.push(ms)
  }

  /** The smallest value that at least this share of all values does not exceed; null without any. */
  quantile(share: number): number | null {
    if (this.#values.length === 0) return null
    const sorted = this.#values.toSorted((a, b) => a - b)
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
  }
}
