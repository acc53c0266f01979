import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RocksDB } from '../../rocksdb.ts'

/**
 * Makes what RocksDB has written survive a power failure. The binding has no synced writes, but each write is in the
 * write-ahead log's file, in the operating system's hands, before it is acknowledged: syncing that file, through a
 * descriptor of our own, does what RocksDB's own sync would do.
 */
export class WalSync {
  private readonly db: RocksDB
  private readonly directory: string
  private current: { readonly number: number; readonly file: FileHandle } | null = null

  constructor(db: RocksDB, directory: string) {
    this.db = db
    this.directory = directory
  }

  /** Resolves when every write acknowledged before the call is on the disk. */
  async sync(): Promise<void> {
    const { number, path } = await this.db.currentWalFile()
    if (this.current?.number !== number) await this.follow(number, path)
    await this.current?.file.datasync()
  }

  async close(): Promise<void> {
    await this.current?.file.close()
    this.current = null
  }

  /** RocksDB has begun a new file: the last writes may stand in the one before, and the new name must last too. */
  private async follow(number: number, path: string): Promise<void> {
    const last = this.current?.number ?? -1
    const files = (await readdir(this.directory))
      .map((name) => /^(\d+)\.log$/.exec(name)?.[1])
      .filter((one) => one !== undefined)
    for (const one of files)
      if (Number(one) >= last && Number(one) < number) await syncIfThere(join(this.directory, `${one}.log`), 'r+')
    await this.close()
    // Windows has no descriptor of a directory; its file system keeps names by itself.
    if (process.platform !== 'win32') await syncIfThere(this.directory, 'r')
    this.current = { number, file: await open(join(this.directory, path), 'r+') }
  }
}

/** A file that has gone was written out in full, and synced, by RocksDB before. */
async function syncIfThere(path: string, flags: 'r' | 'r+'): Promise<void> {
  let file: FileHandle
  try {
    file = await open(path, flags)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
