/**
 * Where RocksDB comes from: loads the native module when it is first needed, so that a process that keeps its state
 * elsewhere runs without it, and sorts its errors, which arrive as text.
 */
import type RocksDB from 'rocksdb-native'
import { StreamsError } from './errors.ts'

export type { default as RocksDB, RocksOptions, RocksReadBatch, RocksWriteBatch } from 'rocksdb-native'

/**
 * The RocksDB class.
 * @throws StreamsError ROCKSDB_UNAVAILABLE where the native module cannot be loaded, with the remedy.
 */
export async function loadRocksDb(
  load: () => Promise<{ default: typeof RocksDB }> = () => import('rocksdb-native'),
): Promise<typeof RocksDB> {
  try {
    return (await load()).default
  } catch (cause) {
    throw new StreamsError('ROCKSDB_UNAVAILABLE', `RocksDB cannot be loaded: ${remedyOf(cause)}`, { cause })
  }
}

function remedyOf(cause: unknown): string {
  const message = textOf(cause)
  if (message.includes('libatomic')) {
    return (
      'the system library libatomic is missing. Install it (Debian, Ubuntu: apt-get install libatomic1; ' +
      'Alpine: apk add libatomic; Fedora: dnf install libatomic) and start again.'
    )
  }
  if (message.includes('Cannot find')) {
    return (
      `there is no build of it for ${process.platform}-${process.arch}. Run npm install on this machine, ` +
      `or use the in-memory store. (${message})`
    )
  }
  return message
}

/** What an error of RocksDB is about. */
export type RocksTrouble = 'in-use' | 'full' | 'damaged' | 'other'

/** Sorts an error of RocksDB by its text, which names the failed system call. */
export function rocksTrouble(error: unknown): RocksTrouble {
  const text = textOf(error)
  if (/lock hold by current process|While lock file|Resource temporarily unavailable/i.test(text)) return 'in-use'
  if (/No space left on device|Disk quota exceeded|Max allowed space was reached/i.test(text)) return 'full'
  if (/Corruption|checksum/i.test(text)) return 'damaged'
  return 'other'
}

/** The messages of an error and of what caused it: the reason of a failed batch stands in its cause. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors.map(textOf).join('; ') : ''
  return [error.message, inner, error.cause === undefined ? '' : textOf(error.cause)].filter(Boolean).join(': ')
}
