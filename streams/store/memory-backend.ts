import { StreamsError } from '../errors.ts'
import { SortedKeys } from './sorted-keys.ts'
import type { Entry, KeyRange, ScanOptions, StoreBackend, WriteBatch } from './store.ts'

/**
 * The store in memory, for tests and for applications that may read their changelogs again at each start. Bytes are
 * copied on the way in and out, as RocksDB does, so that a caller that reuses a buffer changes nothing here.
 */
export class MemoryBackend implements StoreBackend {
  readonly persistent = false
  private readonly values = new Map<string, Buffer>()
  private readonly order = new SortedKeys()
  private closed = false

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.assertOpen()
    return keys.map((key) => {
      const value = this.values.get(text(key))
      return value === undefined ? undefined : Buffer.from(value)
    })
  }

  async scan(options: ScanOptions): Promise<Entry[]> {
    this.assertOpen()
    const keys = this.keysOf(options.range, options.limit, options.reverse)
    return keys.map((key) => [bytes(key), Buffer.from(this.values.get(key) as Buffer)])
  }

  async write(batch: WriteBatch): Promise<void> {
    this.assertOpen()
    for (const range of batch.deleteRanges ?? []) {
      for (const key of this.keysOf(range)) this.remove(key)
    }
    for (const [key, value] of batch.entries) {
      if (value === null) this.remove(text(key))
      else this.put(text(key), value)
    }
  }

  async approximateBytes(range: KeyRange): Promise<number> {
    this.assertOpen()
    let sum = 0
    for (const key of this.keysOf(range)) sum += key.length + (this.values.get(key) as Buffer).length
    return sum
  }

  /** Nothing to do: memory does not survive a power failure. */
  async flush(): Promise<void> {
    this.assertOpen()
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private keysOf(range: KeyRange, limit = Infinity, reverse = false): string[] {
    return this.order.range(text(range.gte), text(range.lt), limit, reverse)
  }

  private put(key: string, value: Buffer): void {
    if (!this.values.has(key)) this.order.add(key)
    this.values.set(key, Buffer.from(value))
  }

  private remove(key: string): void {
    if (this.values.delete(key)) this.order.delete(key)
  }

  private assertOpen(): void {
    if (this.closed) throw new StreamsError('STORE_CLOSED', 'The store is closed. Open it again before it is used.')
  }
}

const text = (key: Buffer): string => key.toString('latin1')
const bytes = (key: string): Buffer => Buffer.from(key, 'latin1')
