import type { WriteBatch } from './store.ts'

type Waiting = { readonly batch: WriteBatch; readonly resolve: () => void; readonly reject: (error: unknown) => void }

/**
 * Puts writes that arrive while another one runs into one write, in the order they came: many applications that share
 * a store then cost it no more than one. Each is still all or nothing, because the whole is; a failure fails them all.
 */
export class WriteQueue {
  private readonly writeAll: (batches: readonly WriteBatch[]) => Promise<void>
  private waiting: Waiting[] = []
  private draining: Promise<void> | undefined

  constructor(writeAll: (batches: readonly WriteBatch[]) => Promise<void>) {
    this.writeAll = writeAll
  }

  write(batch: WriteBatch): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.waiting.push({ batch, resolve, reject })
    this.draining ??= this.drain()
    return promise
  }

  /** Resolves when all that was asked for is written or has failed. */
  async idle(): Promise<void> {
    await this.draining
  }

  /** Never rejects: whoever waits for a write hears of its failure. */
  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting
      this.waiting = []
      try {
        await this.writeAll(group.map(({ batch }) => batch))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.draining = undefined
  }
}
