/**
 * Notices a write that RocksDB will not come back from. A write whose own file finds no space fails; but where earlier
 * changes could not be written out, because the disk is full, RocksDB holds further writes back until it has
 * recovered, without a word. That takes until there is space, and where a write waited already when the disk became
 * full it never ends: the recovery then waits for that write (seen in RocksDB 10 by the stacks of both).
 */
import type { RocksDB } from './rocksdb.ts'

/** A write is looked at so often, once it is that old. */
const LOOK_MS = 1_000
/** So many looks in a row must find the same: a slow disk holds writes back too, but it does end. */
const LOOKS = 5

/** A write that was given up. RocksDB may still go on with it before the process ends. */
export class StalledWrite extends Error {
  constructor() {
    super('RocksDB holds writes back since it could not write earlier ones out, as on a full disk')
    this.name = 'StalledWrite'
  }
}

/**
 * Waits for a write, but not for ever.
 * @throws StalledWrite where RocksDB holds it back after an error; else whatever `written` fails with.
 */
export async function unlessStalled(
  written: Promise<void>,
  db: Pick<RocksDB, 'getProperty'>,
  lookMs: number = LOOK_MS,
): Promise<void> {
  const stalled = Promise.withResolvers<never>()
  let looks = 0
  let isOver = false
  async function look(): Promise<void> {
    looks = (await isHeldBack(db)) ? looks + 1 : 0
    if (isOver) return
    if (looks < LOOKS) timer = lookLater()
    else stalled.reject(new StalledWrite())
  }
  const lookLater = () => setTimeout(() => void look(), lookMs)
  let timer = lookLater()
  try {
    await Promise.race([written, stalled.promise])
  } finally {
    isOver = true
    clearTimeout(timer)
  }
}

async function isHeldBack(db: Pick<RocksDB, 'getProperty'>): Promise<boolean> {
  try {
    if ((await db.getProperty('rocksdb.is-write-stopped')) !== '1') return false
    return (await db.getProperty('rocksdb.background-errors')) !== '0'
  } catch {
    // A database that is being closed cannot be asked; its writes end by themselves.
    return false
  }
}
