import type { WriteBatch } from './store.ts'

type Waiting = { readonly batch: WriteBatch; readonly resolve: () => void; readonly reject: (error: unknown) => void }

/** Writes that may pass each other, under way at a time: one is handed over while the store works on the other. */
const PASSING_MAX = 2

/**
 * Puts writes that arrive while another one runs into one write, in the order they came: many applications that share
 * a store then cost it no more than one. Each is still all or nothing, because the whole is; a failure fails them all.
 * Those that may pass each other run beside each other; any other waits for all before it, and all wait for it.
 */
export class WriteQueue {
  private readonly writeAll: (batches: readonly WriteBatch[]) => Promise<void>
  private waiting: Waiting[] = []
  private readonly running = new Set<Promise<void>>()
  private isOrderedRunning = false

  constructor(writeAll: (batches: readonly WriteBatch[]) => Promise<void>) {
    this.writeAll = writeAll
  }

  write(batch: WriteBatch): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.waiting.push({ batch, resolve, reject })
    this.start()
    return promise
  }

  /** Resolves when all that was asked for is written or has failed. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }

  /** Begins the next write, where what runs lets it. */
  private start(): void {
    if (this.waiting.length === 0 || this.isOrderedRunning) return
    const firstOrdered = this.waiting.findIndex(({ batch }) => batch.mayPass !== true)
    // While nothing runs, what waits goes together, whatever it is: within one write the order holds.
    if (this.running.size === 0) this.run(this.waiting.splice(0), firstOrdered >= 0)
    else if (firstOrdered !== 0 && this.running.size < PASSING_MAX) {
      this.run(this.waiting.splice(0, firstOrdered < 0 ? Infinity : firstOrdered), false)
    }
  }

  private run(group: readonly Waiting[], isOrdered: boolean): void {
    this.isOrderedRunning = isOrdered
    // Never rejects: whoever waits for a write hears of its failure, once the next one has begun.
    const run: Promise<void> = this.writeAll(group.map(({ batch }) => batch)).then(
      () => this.ended(run, group, ({ resolve }) => resolve()),
      (error: unknown) => this.ended(run, group, ({ reject }) => reject(error)),
    )
    this.running.add(run)
  }

  private ended(run: Promise<void>, group: readonly Waiting[], tell: (waiting: Waiting) => void): void {
    this.running.delete(run)
    if (this.running.size === 0) this.isOrderedRunning = false
    this.start()
    for (const waiting of group) tell(waiting)
  }
}
