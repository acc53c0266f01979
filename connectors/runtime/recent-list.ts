/** The last so many things, by their id; one that comes again takes the place of its earlier self. */
export class RecentList<T> {
  readonly #items = new Map<string, T>()
  readonly #max: number
  #total = 0

  constructor(max: number) {
    this.#max = max
  }

  add(id: string, item: T): void {
    if (!this.#items.has(id)) this.#total++
    this.#items.delete(id)
    this.#items.set(id, item)
    if (this.#items.size <= this.#max) return
    const [oldest] = this.#items.keys()
    if (oldest !== undefined) this.#items.delete(oldest)
  }

  get(id: string): T | undefined {
    return this.#items.get(id)
  }

  /** Oldest first. */
  list(): T[] {
    return [...this.#items.values()]
  }

  /** How many different ones have been added, those already dropped included. */
  get total(): number {
    return this.#total
  }
}
