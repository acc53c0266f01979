import type { RocksDB, RocksReadBatch, RocksWriteBatch } from '../rocksdb.ts'
import type { WriteBatch } from './store.ts'

/** What the native side of the module reads of one change. */
type Model = { readonly type: number; readonly columnFamily: unknown }

/** What a batch of the module is inside; its native side reads the operations when it is flushed. */
type Inside = { readonly _operations: object[]; _resize: () => void }

/** What hears of the values that a batch has read, one after the other in the order of its operations. */
type Reader = { readonly resolve: (value: Buffer | null) => void; readonly reject: (error: unknown) => void }

/** What a batch of reads is inside: one reader for each operation. */
type ReadInside = Inside & { readonly _promises: Reader[] }

/**
 * Adds changes and reads to batches of RocksDB by operations of our own. Those of the module have their type behind a
 * getter, and its native side calls it for each key: a fifth of what a key costs the thread that runs everything; and
 * its reads make a promise for each key. Where the module is another one inside than the one we know, its own functions
 * do it.
 */
export class RocksOperations {
  private readonly put: Model | null
  private readonly remove: Model | null
  private readonly get: Model | null

  constructor(db: RocksDB) {
    const nothing = Buffer.alloc(0)
    this.put = modelOf(db.write({ capacity: 1 }), (batch) => batch.tryPut(nothing, nothing))
    this.remove = modelOf(db.write({ capacity: 1 }), (batch) => batch.tryDelete(nothing))
    this.get = modelOf(db.read({ capacity: 1 }), (batch) => void batch.get(nothing).catch(() => undefined))
  }

  /** Whether the module is inside as we know it. */
  get areOurs(): boolean {
    return this.put !== null && this.remove !== null && this.get !== null
  }

  /** Reads keys by a batch that is not on its way, in their order; undefined where there is none. */
  async read(batch: RocksReadBatch, keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    const { get } = this
    if (get === null) return readByModule(batch, keys)
    const inside = batch as unknown as ReadInside
    const values: (Buffer | undefined)[] = []
    let failure: unknown
    const reader: Reader = {
      resolve: (value) => values.push(value ?? undefined),
      reject: (error) => (failure ??= error),
    }
    for (const key of keys) {
      inside._operations.push(new OfKey(get, key))
      inside._promises.push(reader)
    }
    inside._resize()
    try {
      await batch.flush()
    } catch (error) {
      throw failure ?? error
    }
    return values
  }

  /** Adds entries to a batch that is not on its way. */
  add(batch: RocksWriteBatch, entries: WriteBatch['entries']): void {
    const { put, remove } = this
    if (put === null || remove === null) {
      addByModule(batch, entries)
      return
    }
    const inside = batch as unknown as Inside
    const operations = inside._operations
    // By index: taking a pair apart by a pattern makes an iterator for each.
    for (const entry of entries) {
      const value = entry[1]
      operations.push(value === null ? new OfKey(remove, entry[0]) : new Put(put, entry[0], value))
    }
    inside._resize()
  }
}

class Put {
  readonly type: number
  readonly key: Buffer
  readonly value: Buffer
  readonly columnFamily: unknown

  constructor({ type, columnFamily }: Model, key: Buffer, value: Buffer) {
    this.type = type
    this.key = key
    this.value = value
    this.columnFamily = columnFamily
  }
}

/** A delete or a get. */
class OfKey {
  readonly type: number
  readonly key: Buffer
  readonly columnFamily: unknown

  constructor({ type, columnFamily }: Model, key: Buffer) {
    this.type = type
    this.key = key
    this.columnFamily = columnFamily
  }
}

/** The operation that a call leaves in a batch; null where it leaves none that we know. */
function modelOf<Batch extends RocksReadBatch | RocksWriteBatch>(
  batch: Batch,
  call: (batch: Batch) => void,
): Model | null {
  call(batch)
  const { _operations, _resize, _promises } = batch as unknown as Partial<ReadInside>
  const one = _operations?.[0] as Partial<Model & { readonly key: unknown }> | undefined
  const isKnown = typeof _resize === 'function' && Array.isArray(_promises) && _promises.length === 1
  batch.destroy()
  if (!isKnown || one === undefined) return null
  const { type, key, columnFamily } = one
  return typeof type === 'number' && key !== undefined && columnFamily !== undefined ? { type, columnFamily } : null
}

function addByModule(batch: RocksWriteBatch, entries: WriteBatch['entries']): void {
  for (const [key, value] of entries) {
    if (value === null) batch.tryDelete(key)
    else batch.tryPut(key, value)
  }
}

async function readByModule(batch: RocksReadBatch, keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
  const values = keys.map((key) => batch.get(key))
  batch.tryFlush()
  return (await Promise.all(values)).map((value) => value ?? undefined)
}
