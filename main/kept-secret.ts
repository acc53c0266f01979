/** Secrets the platform makes for itself once and keeps: the operations token, the sandbox gateway's webhook secret. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** A secret, and whether it was made just now (then a start prints it as new). */
export type KeptSecret = { readonly secret: string; readonly isNew: boolean }

/**
 * Reads the file `name` of `dataDir`, or makes it with 32 random bytes that only this user may read. Throws
 * a StartError (SECRET_FILE_EMPTY) where the file is there and holds none.
 */
export function keptSecret(dataDir: string, name: string): KeptSecret {
  const path = join(dataDir, name)
  const made = randomBytes(32).toString('base64url')
  try {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true })
    return { secret: made, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { secret: readKept(path), isNew: false }
  }
}

function readKept(path: string): string {
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length >= 16) return secret
  throw new StartError(
    'SECRET_FILE_EMPTY',
    `${path} holds no secret. Remove the file, and a new one is made at the next start.`,
  )
}
