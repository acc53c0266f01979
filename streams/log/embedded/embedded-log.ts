import { mkdir } from 'node:fs/promises'
import { loadRocksDb, type RocksDB } from '../../rocksdb.ts'
import { LOCAL_LOG_DEFAULTS, LocalLog, type LocalLogOptions, type ShareableLog } from '../local/local-log.ts'
import { openTrouble } from './log-trouble.ts'
import { RocksDbStorage } from './rocksdb-storage.ts'
import { WalSync } from './wal-sync.ts'

/** How the embedded log is opened; all but the directory has defaults. */
export type EmbeddedLogOptions = Partial<Omit<LocalLogOptions, 'offsetGap'>> & {
  /** Made where it is missing. One process at a time. */
  readonly directory: string
  /**
   * What a commit that was acknowledged survives. `process` (the default): kill -9 and every other end of the process,
   * for the operating system has it. `power`: also a power failure, for it is synced to the disk; each write then takes
   * as long as the disk does.
   */
  readonly durability?: 'process' | 'power'
  /** Bytes of changes RocksDB keeps in memory before it writes them out as a file; two such buffers at most. */
  readonly writeBufferBytes?: number
}

/**
 * Opens a log that lives in this process and keeps its records in RocksDB.
 * @throws StreamsError LOG_DIRECTORY_IN_USE, LOG_DIRECTORY_UNUSABLE, LOG_FORMAT, LOG_CORRUPT, LOG_STORAGE_FULL,
 *   ROCKSDB_UNAVAILABLE
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<ShareableLog> {
  const { directory, durability = 'process', writeBufferBytes = 64 * 1024 * 1024, ...rest } = options
  const Rocks = await loadRocksDb()
  let db: RocksDB
  try {
    await mkdir(directory, { recursive: true })
    db = new Rocks(directory, { writeBufferSize: writeBufferBytes })
    await db.ready()
  } catch (error) {
    throw openTrouble(directory, error)
  }
  const storage = new RocksDbStorage(db, directory, durability === 'power' ? new WalSync(db, directory) : null)
  try {
    return await LocalLog.open(storage, { ...LOCAL_LOG_DEFAULTS, ...rest })
  } catch (error) {
    await storage.close()
    throw openTrouble(directory, error)
  }
}
