import { join } from 'node:path'
import { type Log, openEmbeddedLog, openRocksDbBackend, type StoreBackend } from '#streams'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'

/** The log and the state of this process. */
export type Storage = { readonly log: Log; readonly backend: StoreBackend }

/**
 * Opens the log and the state inside DATA_DIR. The log is opened first: its lock is what keeps a second process out.
 * `onFailure` is told where the log takes no writes any more.
 * @throws StreamsError LOG_DIRECTORY_IN_USE, STORE_DIRECTORY_IN_USE, LOG_STORAGE_FULL, ROCKSDB_UNAVAILABLE …
 */
export async function openStorage(
  settings: Settings,
  closers: Closers,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<Storage> {
  const log = await openEmbeddedLog({
    directory: join(settings.DATA_DIR, 'log'),
    durability: settings.DURABILITY,
    // Without its log nothing of the platform can go on: better it ends, and says why, than refuses every request.
    onPoisoned: onFailure,
  })
  closers.add('the log', () => log.close())
  const backend = await openRocksDbBackend({ directory: join(settings.DATA_DIR, 'state') })
  closers.add('the state', () => backend.close())
  return { log, backend }
}
