import { MemoryBackend } from '../store/memory-backend.ts'
import type { Entry, KeyRange, ScanOptions, StoreBackend, WriteBatch } from '../store/store.ts'

/** A store in memory whose accesses take a while: they happen at some moment in between. */
export class SlowBackend implements StoreBackend {
  readonly persistent = false
  private readonly inner = new MemoryBackend()
  private readonly pauses: () => number

  /** @param pauses how many turns of the loop an access waits, before and after */
  constructor(pauses: () => number) {
    this.pauses = pauses
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return this.slowly(() => this.inner.getMany(keys))
  }

  async scan(options: ScanOptions): Promise<Entry[]> {
    return this.slowly(() => this.inner.scan(options))
  }

  async write(batch: WriteBatch): Promise<void> {
    await this.slowly(() => this.inner.write(batch))
  }

  approximateBytes(range: KeyRange): Promise<number> {
    return this.inner.approximateBytes(range)
  }

  flush(): Promise<void> {
    return this.inner.flush()
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  private async slowly<T>(step: () => Promise<T>): Promise<T> {
    for (let left = this.pauses(); left > 0; left--) await Promise.resolve()
    const result = await step()
    for (let left = this.pauses(); left > 0; left--) await Promise.resolve()
    return result
  }
}
