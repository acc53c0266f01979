import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { StartError } from './start-error.ts'

/**
 * Makes DATA_DIR where it is missing, with the directories above it.
 * @throws StartError DATA_DIR_UNUSABLE where it cannot be made, is no directory, or cannot be written to.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await make(resolve(directory))
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(
      'DATA_DIR_UNUSABLE',
      `The data directory ${directory} cannot be used (${why}). Name another one, or give this user the right to ` +
        'write there.',
      { cause },
    )
  }
}

/** One level after the other: `mkdir` with `recursive` never comes back where a file system refuses new directories. */
async function make(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found?.isDirectory()) return
  if (found !== null) throw new Error(`${path} is a file`)
  await make(dirname(path))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
