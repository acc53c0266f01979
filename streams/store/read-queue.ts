type Values = (Buffer | undefined)[]

type Waiting = {
  readonly keys: readonly Buffer[]
  readonly resolve: (values: Values) => void
  readonly reject: (error: unknown) => void
}

/** Reads under way at a time: a second one, so that a small read does not wait for a large one. */
const RUNNING_MAX = 2

/**
 * Puts reads that arrive while others run into one. Handing a read over to the store's threads and back costs the event
 * loop more than the reading of another key, and most reads are of one.
 */
export class ReadQueue {
  private readonly readAll: (keys: readonly Buffer[]) => Promise<Values>
  private waiting: Waiting[] = []
  private readonly running = new Set<Promise<Values>>()

  constructor(readAll: (keys: readonly Buffer[]) => Promise<Values>) {
    this.readAll = readAll
  }

  /** The values in the order of the keys. A write that had ended before the call is seen. */
  read(keys: readonly Buffer[]): Promise<Values> {
    if (this.running.size < RUNNING_MAX) return this.run(keys)
    return new Promise((resolve, reject) => this.waiting.push({ keys, resolve, reject }))
  }

  /** Resolves when all that was asked for is read or has failed. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running)
  }

  private async run(keys: readonly Buffer[]): Promise<Values> {
    const reading = this.readAll(keys)
    this.running.add(reading)
    try {
      return await reading
    } finally {
      this.running.delete(reading)
      if (this.waiting.length > 0) void this.runWaiting(this.waiting.splice(0))
    }
  }

  /** Never rejects: whoever waits hears of a failure. */
  private async runWaiting(group: readonly Waiting[]): Promise<void> {
    try {
      const values = await this.run(group.flatMap(({ keys }) => keys))
      let from = 0
      for (const { keys, resolve } of group) {
        resolve(values.slice(from, from + keys.length))
        from += keys.length
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
}
