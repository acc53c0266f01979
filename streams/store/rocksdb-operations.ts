import type { RocksDB, RocksWriteBatch } from '../rocksdb.ts'
import type { WriteBatch } from './store.ts'

/** What the native side of the module reads of one change. */
type Model = { readonly type: number; readonly columnFamily: unknown }

/** What a batch of the module is inside; its native side reads the operations when it is flushed. */
type Inside = { readonly _operations: object[]; _resize: () => void }

/**
 * Adds changes to batches of RocksDB by operations of our own. Those of the module have their type behind a getter, and
 * its native side calls it for each key: a fifth of what a key costs the thread that runs everything. Where the module
 * is another one inside than the one we know, its own functions do it.
 */
export class RocksOperations {
  private readonly put: Model | null
  private readonly remove: Model | null

  constructor(db: RocksDB) {
    const nothing = Buffer.alloc(0)
    this.put = modelOf(db, (batch) => batch.tryPut(nothing, nothing))
    this.remove = modelOf(db, (batch) => batch.tryDelete(nothing))
  }

  /** Whether the module is inside as we know it. */
  get areOurs(): boolean {
    return this.put !== null && this.remove !== null
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
      operations.push(value === null ? new Delete(remove, entry[0]) : new Put(put, entry[0], value))
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

class Delete {
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
function modelOf(db: RocksDB, call: (batch: RocksWriteBatch) => void): Model | null {
  const batch = db.write({ capacity: 1 })
  call(batch)
  const { _operations, _resize } = batch as unknown as Partial<Inside>
  const one = _operations?.[0] as Partial<Model & { readonly key: unknown }> | undefined
  batch.destroy()
  if (typeof _resize !== 'function' || one === undefined) return null
  const { type, key, columnFamily } = one
  return typeof type === 'number' && key !== undefined && columnFamily !== undefined ? { type, columnFamily } : null
}

function addByModule(batch: RocksWriteBatch, entries: WriteBatch['entries']): void {
  for (const [key, value] of entries) {
    if (value === null) batch.tryDelete(key)
    else batch.tryPut(key, value)
  }
}
