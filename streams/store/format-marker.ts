import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamsError } from '../errors.ts'

/** The version of the layout on disk: what the keys look like, and which options the database must have. */
const STORE_FORMAT_VERSION = 1

const FILE = 'FORMAT'

/**
 * Holds a store's directory to the layout this version knows: writes the marker into a new directory, and refuses one
 * that holds something else or was written by a newer version. It stands beside the database, so that it can be read
 * without opening it.
 * @throws StreamsError STORE_FORMAT
 */
export async function checkFormat(directory: string): Promise<void> {
  const marker = await readMarker(directory)
  if (marker === undefined) {
    const found = (await readdir(directory)).filter((name) => !name.startsWith(FILE))
    if (found.length > 0) throw foreign(directory, `it holds ${found.slice(0, 3).join(', ')} and no file ${FILE}`)
    await writeMarker(directory)
    return
  }
  const version = /^streams-store (\d+)\n$/.exec(marker)?.[1]
  if (version === undefined) throw foreign(directory, `its file ${FILE} says ${JSON.stringify(marker.slice(0, 40))}`)
  if (Number(version) > STORE_FORMAT_VERSION) {
    throw new StreamsError(
      'STORE_FORMAT',
      `The store in ${directory} has format ${version}; this version knows format ${STORE_FORMAT_VERSION} and older ` +
        'ones. Start the newer version again, or move the directory away: the stores are then rebuilt from their ' +
        'changelogs.',
    )
  }
}

async function readMarker(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, FILE), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** By a rename, so that a crash leaves a whole marker or none. */
async function writeMarker(directory: string): Promise<void> {
  const draft = join(directory, `${FILE}.new`)
  await writeFile(draft, `streams-store ${STORE_FORMAT_VERSION}\n`, { flush: true })
  await rename(draft, join(directory, FILE))
}

function foreign(directory: string, why: string): StreamsError {
  return new StreamsError(
    'STORE_FORMAT',
    `${directory} is not a store of this library: ${why}. Choose an empty directory.`,
  )
}
