import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamsError } from '../errors.ts'
import { loadRocksDb, type RocksDB, type RocksOptions, type RocksWriteBatch, rocksTrouble } from '../rocksdb.ts'
import { StalledWrite, unlessStalled } from '../rocksdb-stall.ts'
import { checkFormat } from './format-marker.ts'
import { ReadQueue } from './read-queue.ts'
import { RocksOperations } from './rocksdb-operations.ts'
import type { Entry, KeyRange, ScanOptions, StoreBackend, WriteBatch } from './store.ts'
import { WriteQueue } from './write-queue.ts'

/** How the store on RocksDB is opened. */
export type RocksDbBackendOptions = {
  /** Made where it is missing. One process at a time. */
  readonly directory: string
  /** Bytes of changes kept in memory before they are written out as a file; two such buffers at most. 32 MB. */
  readonly writeBufferBytes?: number
}

/** Entries an iterator hands over at a time: the cost of a crossing is shared, and a page stays small. */
const SCAN_PAGE = 1_000

/** Batches that are kept, as many as are under way at a time, and up to how many entries: they take 48 bytes each. */
const SPARES_MAX = 2
const SPARE_ENTRIES_MAX = 10_000

/**
 * Opens the store on RocksDB. A write is in the operating system's hands when it resolves: it survives the death of
 * the process, and that of the machine after `flush`.
 * @throws StreamsError ROCKSDB_UNAVAILABLE, STORE_DIRECTORY_IN_USE, STORE_DIRECTORY_UNUSABLE, STORE_FORMAT, STORE_FULL,
 *   STORE_CORRUPT, STORE_FAILED
 */
export async function openRocksDbBackend(options: RocksDbBackendOptions): Promise<StoreBackend> {
  const { directory } = options
  const Rocks = await loadRocksDb()
  await prepareDirectory(directory)
  const settings: RocksOptions = { writeBufferSize: options.writeBufferBytes ?? 32 * 1024 * 1024 }
  const db = new Rocks(join(directory, 'rocksdb'), settings)
  try {
    await db.ready()
  } catch (cause) {
    throw trouble(directory, cause, 'cannot be opened')
  }
  return new RocksDbBackend(db, directory)
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await checkFormat(directory)
  } catch (cause) {
    if (cause instanceof StreamsError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    if (message.startsWith('ENOSPC')) throw full(directory, cause)
    throw new StreamsError(
      'STORE_DIRECTORY_UNUSABLE',
      `The store's directory ${directory} cannot be used: ${message}. Check the path and its permissions.`,
      { cause },
    )
  }
}

class RocksDbBackend implements StoreBackend {
  readonly persistent = true
  private readonly db: RocksDB
  private readonly directory: string
  private readonly operations: RocksOperations
  private readonly reads = new ReadQueue((keys) => this.readAll(keys))
  private readonly writes = new WriteQueue((batches) => this.writeAll(batches))
  /** Batches to be filled again: a new one has memory of its own for each of its entries. */
  private readonly spares: RocksWriteBatch[] = []
  private closing: Promise<void> | undefined
  /** The first failed write. What RocksDB holds in memory after it may not be on disk, so nothing follows it. */
  private poison: StreamsError | undefined

  constructor(db: RocksDB, directory: string) {
    this.db = db
    this.directory = directory
    this.operations = new RocksOperations(db)
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    this.assertOpen()
    return keys.length === 0 ? [] : await this.reads.read(keys)
  }

  private async readAll(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    const batch = this.db.read({ capacity: keys.length, autoDestroy: true })
    try {
      return await this.operations.read(batch, keys)
    } catch (cause) {
      throw trouble(this.directory, cause, 'cannot be read')
    }
  }

  async scan({ range, limit = Infinity, reverse = false }: ScanOptions): Promise<Entry[]> {
    this.assertOpen()
    if (limit <= 0 || isEmpty(range)) return []
    // One more than the limit, so that the first page is short and the iterator knows it has ended.
    const page = { reverse, limit, capacity: Math.min(limit + 1, SCAN_PAGE) }
    const entries: Entry[] = []
    try {
      for await (const { key, value } of this.db.iterator(range, page)) entries.push([key, value as Buffer])
    } catch (cause) {
      throw trouble(this.directory, cause, 'cannot be read')
    }
    return entries
  }

  async write(batch: WriteBatch): Promise<void> {
    this.assertOpen()
    await this.writes.write(batch)
  }

  private async writeAll(batches: readonly WriteBatch[]): Promise<void> {
    if (this.poison !== undefined) throw poisoned(this.directory, this.poison)
    // Never 0: the module doubles the capacity until it is enough.
    const capacity = batches.reduce(
      (sum, { deleteRanges, entries }) => sum + (deleteRanges?.length ?? 0) + entries.length,
      1,
    )
    const together = this.spares.pop() ?? this.db.write({ capacity })
    for (const { deleteRanges = [], entries } of batches) {
      for (const range of deleteRanges) if (!isEmpty(range)) together.tryDeleteRange(range.gte, range.lt)
      this.operations.add(together, entries)
    }
    const written = together.flush()
    // However it ends, and also where nobody waits for it any more: a batch that is left over would keep RocksDB open.
    const end = () => this.end(together, capacity)
    void written.then(end, end)
    try {
      await unlessStalled(written, this.db)
    } catch (cause) {
      this.poison = trouble(this.directory, cause, 'cannot be written')
      throw this.poison
    }
  }

  /** A batch that is written is filled again, unless it has become too large to be kept. */
  private end(batch: RocksWriteBatch, capacity: number): void {
    const isKept = capacity <= SPARE_ENTRIES_MAX && this.spares.length < SPARES_MAX && this.closing === undefined
    if (isKept) this.spares.push(batch)
    else batch.destroy()
  }

  async approximateBytes(range: KeyRange): Promise<number> {
    this.assertOpen()
    if (isEmpty(range)) return 0
    return await this.db.approximateSize(range.gte, range.lt, { includeMemtables: true, includeFiles: true })
  }

  async flush(): Promise<void> {
    this.assertOpen()
    if (this.poison !== undefined) throw poisoned(this.directory, this.poison)
    try {
      await this.db.flush()
    } catch (cause) {
      this.poison = trouble(this.directory, cause, 'cannot be written')
      throw this.poison
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  /** What was asked for before is still done. */
  private async shutDown(): Promise<void> {
    await Promise.all([this.writes.idle(), this.reads.idle()])
    for (const batch of this.spares.splice(0)) batch.destroy()
    await this.db.close()
  }

  private assertOpen(): void {
    if (this.closing === undefined) return
    throw new StreamsError('STORE_CLOSED', `The store in ${this.directory} is closed. Open it again before it is used.`)
  }
}

function isEmpty(range: KeyRange): boolean {
  return Buffer.compare(range.gte, range.lt) >= 0
}

/** An error of RocksDB as one of ours, with what to do about it. */
function trouble(directory: string, cause: unknown, what: string): StreamsError {
  if (cause instanceof StalledWrite) return full(directory, cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  switch (rocksTrouble(cause)) {
    case 'in-use':
      return new StreamsError(
        'STORE_DIRECTORY_IN_USE',
        `The store in ${directory} is open in another process. Stop that one, or give this one its own directory.`,
        { cause },
      )
    case 'full':
      return full(directory, cause)
    case 'damaged':
      return new StreamsError(
        'STORE_CORRUPT',
        `The store in ${directory} is damaged (${message}). Move the directory away and start again: the stores are ` +
          'rebuilt from their changelogs.',
        { cause },
      )
    case 'other':
      return new StreamsError('STORE_FAILED', `The store in ${directory} ${what}: ${message}`, { cause })
  }
}

function full(directory: string, cause: unknown): StreamsError {
  return new StreamsError(
    'STORE_FULL',
    `There is no space left for the store in ${directory}. Free some and start again: nothing committed is lost, the ` +
      'changelogs hold it.',
    { cause },
  )
}

function poisoned(directory: string, first: StreamsError): StreamsError {
  return new StreamsError(
    'STORE_POISONED',
    `The store in ${directory} takes no writes since one of them failed (${first.code}: ${first.message}). ` +
      'Remove the cause and open it again.',
    { cause: first },
  )
}
