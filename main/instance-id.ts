import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Settings } from './settings-table.ts'

/**
 * The name of this process among those that share the work. It is the same again after a restart, so that the group
 * gives back what it had: a new name at each start would move every task twice.
 */
export function instanceId({ INSTANCE_ID, DATA_DIR }: Settings): string {
  if (INSTANCE_ID !== null) return INSTANCE_ID
  const path = join(DATA_DIR, 'instance-id')
  const made = `${hostname()}-${randomBytes(3).toString('hex')}`
  try {
    mkdirSync(DATA_DIR, { recursive: true })
    writeFileSync(path, `${made}\n`, { flag: 'wx', flush: true })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFileSync(path, 'utf8').trim() || made
  }
}
