import { StreamsError } from '../../errors.ts'
import { rocksTrouble } from '../../rocksdb.ts'
import { StalledWrite } from '../../rocksdb-stall.ts'
import type { PartitionAddress } from '../local/log-storage.ts'

/** An error of RocksDB while a log was opened, as one of ours that names the directory and what to do. */
export function openTrouble(directory: string, cause: unknown): StreamsError {
  if (cause instanceof StreamsError) return cause
  const message = textOf(cause)
  switch (isFull(cause) ? 'full' : rocksTrouble(cause)) {
    case 'in-use':
      return new StreamsError(
        'LOG_DIRECTORY_IN_USE',
        `The log in ${directory} is open already, here or in another process. Stop that one, or give this one a ` +
          'directory of its own.',
        { cause },
      )
    case 'full':
      return full(directory, cause)
    case 'damaged':
      return new StreamsError(
        'LOG_CORRUPT',
        `The log in ${directory} is damaged and cannot be opened: ${message}. Restore the directory from a backup.`,
        { cause },
      )
    case 'other':
      return new StreamsError(
        'LOG_DIRECTORY_UNUSABLE',
        `The log's directory ${directory} cannot be used: ${message}. Check the path and its permissions.`,
        { cause },
      )
  }
}

/** An error of a write: without space nothing of it is there; else that is not known. */
export function writeTrouble(directory: string, cause: unknown): StreamsError {
  if (cause instanceof StalledWrite) {
    return new StreamsError(
      'LOG_OUTCOME_UNKNOWN',
      `There is no space left for the log in ${directory}: RocksDB could not write earlier records out and keeps a ` +
        'write waiting. Free some space, end this process and open the log again: all that was acknowledged is ' +
        'there, and whether that write is shows then.',
      { cause },
    )
  }
  if (isFull(cause)) return full(directory, cause)
  return new StreamsError(
    'LOG_OUTCOME_UNKNOWN',
    `A write to the log in ${directory} failed: ${textOf(cause)}. Whether it is there shows when ` +
      'the log is opened again.',
    { cause },
  )
}

/** An error of a sync: what was written is there, and may be gone after a power failure. */
export function syncTrouble(directory: string, cause: unknown): StreamsError {
  return new StreamsError(
    'LOG_OUTCOME_UNKNOWN',
    `A write to the log in ${directory} could not be synced: ${textOf(cause)}. Check the disk, and open the log again.`,
    { cause },
  )
}

/** An error of a read, with the place. */
export function readTrouble(at: PartitionAddress, offset: number, cause: unknown): StreamsError {
  if (cause instanceof StreamsError) return cause
  if (rocksTrouble(cause) === 'damaged') return corrupt(at, offset, textOf(cause), cause)
  return new StreamsError(
    'LOG_READ_FAILED',
    `${at.topic}/${at.partition} cannot be read at offset ${offset}: ${textOf(cause)}.`,
    { cause },
  )
}

/** A batch that is not what was written. */
export function corrupt(at: PartitionAddress, offset: number, why: string, cause?: unknown): StreamsError {
  return new StreamsError(
    'LOG_CORRUPT',
    `${at.topic}/${at.partition} is damaged at offset ${offset}: ${why}. It is not read over. Restore ` +
      "the log's directory from a backup.",
    { cause },
  )
}

function full(directory: string, cause: unknown): StreamsError {
  return new StreamsError(
    'LOG_STORAGE_FULL',
    `There is no space left for the log in ${directory}. Nothing of what failed was written. Free some space and ` +
      'open the log again: all that was acknowledged is there.',
    { cause },
  )
}

function isFull(cause: unknown): boolean {
  return rocksTrouble(cause) === 'full' || /ENOSPC|EDQUOT/.test(textOf(cause))
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${textOf(error.cause)}`
}
