import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, to be filled up. */
export type SmallDisk = {
  readonly path: string
  /** Takes it away with all that is on it, even if something still has a file there open. */
  remove(): void
}

/** What a test says that could get none. */
export const NO_SMALL_DISK =
  'a small disk is made by mounting a tmpfs, which needs root on Linux and is not permitted here: run the tests as root'

/** Mounts a file system of so many megabytes in memory; null where this user may not, as in many containers. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch {
    rmdirSync(path)
    return null
  }
  return {
    path,
    remove: () => {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}
