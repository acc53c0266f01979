import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { NO_SMALL_DISK, smallDisk } from '../../testing/small-disk.ts'
import { openEmbeddedLog } from './embedded-log.ts'
import type { FilledUp } from './full-disk.child.ts'

const CHILD = join(import.meta.dirname, 'full-disk.child.ts')

/** Lets a process of its own fill the disk, and kills it: RocksDB may keep one that found it full from ending. */
async function fillUp(directory: string): Promise<FilledUp> {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  try {
    for await (const line of createInterface(child.stdout)) return JSON.parse(line) as FilledUp
    throw new Error('The process ended without a word.')
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

test('a log whose disk is full says so, and with space it goes on where it was', { timeout: 60_000 }, async ({
  skip,
}) => {
  const disk = smallDisk(24) ?? skip(NO_SMALL_DISK)
  const directory = join(disk.path, 'log')
  const ballast = join(disk.path, 'ballast')
  try {
    writeFileSync(ballast, Buffer.alloc(12_000_000, 1))
    const { written, code, message, nextCode, seen } = await fillUp(directory)
    // Most times the write itself finds no space. Where RocksDB found none for earlier ones, it makes the write wait,
    // and whether that one is there is not known: it may come as soon as there is room.
    expect(message).toContain(`There is no space left for the log in ${directory}`)
    expect([
      ['LOG_STORAGE_FULL', 'LOG_STORAGE_FULL'],
      ['LOG_OUTCOME_UNKNOWN', 'LOG_POISONED'],
    ]).toContainEqual([code, nextCode])
    expect(written).toBeGreaterThan(5)
    expect(seen).toBe(written)

    await rm(ballast)
    const log = await openEmbeddedLog({ directory })
    const readAll = async (partition: number) => {
      const positions = [{ topic: 'orders', partition, offset: 0 }]
      const fetched = await log.fetch({ positions, maxBytes: 100_000_000, maxWaitMs: 0 })
      return fetched.flatMap(({ records }) => records)
    }
    const kept = (await readAll(1)).map(({ value }) => value?.[0])
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => n))
    expect(kept.length - written).toBeOneOf(code === 'LOG_STORAGE_FULL' ? [0] : [0, 1])
    expect(await readAll(0)).toHaveLength(kept.length)
    await log.append([{ topic: 'orders', partition: 1, timestampMs: 1, key: null, value: Buffer.from('more') }])
    expect(await readAll(1)).toHaveLength(kept.length + 1)
    await log.close()
  } finally {
    disk.remove()
  }
})
