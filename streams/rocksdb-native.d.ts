/** The part of rocksdb-native 3.x that we use; the package brings no types. */
declare module 'rocksdb-native' {
  export type RocksRange = { gt?: Buffer; gte?: Buffer; lt?: Buffer; lte?: Buffer }

  export type RocksOptions = {
    createIfMissing?: boolean
    readOnly?: boolean
    maxBackgroundJobs?: number
    maxOpenFiles?: number
    bytesPerSync?: number
    writeBufferSize?: number
    maxWriteBufferNumber?: number
    tableBlockSize?: number
    blockCache?: boolean
    avoidFlushDuringShutdown?: boolean
    optimizeFiltersForHits?: boolean
  }

  export interface RocksReadBatch {
    /** Null where there is no such key; an empty buffer where its value is empty. */
    get(key: Buffer): Promise<Buffer | null>
    flush(): Promise<void>
    tryFlush(): void
    destroy(): void
  }

  export interface RocksWriteBatch {
    tryPut(key: Buffer, value: Buffer): void
    tryDelete(key: Buffer): void
    /** From `start` (included) to `end` (not included). */
    tryDeleteRange(start: Buffer, end: Buffer): void
    flush(): Promise<void>
    destroy(): void
  }

  type BatchOptions = { capacity?: number; autoDestroy?: boolean; fillCache?: boolean }
  type IteratorOptions = { reverse?: boolean; limit?: number; capacity?: number; values?: boolean }

  export default class RocksDB {
    constructor(path: string, options?: RocksOptions)
    readonly opened: boolean
    readonly closed: boolean
    ready(): Promise<void>
    close(options?: { force?: boolean }): Promise<void>
    read(options?: BatchOptions): RocksReadBatch
    write(options?: BatchOptions): RocksWriteBatch
    iterator(range: RocksRange, options?: IteratorOptions): AsyncIterable<{ key: Buffer; value: Buffer | null }>
    /** Writes the memtables to files, which are synced. */
    flush(): Promise<void>
    snapshot(): RocksDB
    approximateSize(
      start: Buffer,
      end: Buffer,
      options?: { includeMemtables?: boolean; includeFiles?: boolean },
    ): Promise<number>
    compactRange(start?: Buffer, end?: Buffer): Promise<void>
    getProperty(name: string): Promise<string>
    /** The file new writes go to; the path is relative to the database, with a slash before it. */
    currentWalFile(): Promise<{ path: string; number: number }>
  }
}
