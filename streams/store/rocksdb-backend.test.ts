import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { NO_SMALL_DISK, smallDisk } from '../testing/small-disk.ts'
import { storeSuite } from '../testing/store-suite.ts'
import { openRocksDbBackend } from './rocksdb-backend.ts'
import type { StoreBackend } from './store.ts'

const temporary = () => mkdtemp(join(tmpdir(), 'store-'))
const remove = (directory: string) => rm(directory, { recursive: true, force: true })
const ALL = { gte: Buffer.alloc(0), lt: Buffer.alloc(8, 0xff) }

storeSuite('rocksdb', true, async () => {
  const directory = await temporary()
  return {
    backend: await openRocksDbBackend({ directory }),
    reopen: () => openRocksDbBackend({ directory }),
    remove: () => remove(directory),
  }
})

describe('the rocksdb store', () => {
  let directory: string
  let open: StoreBackend[] = []
  const opened = async (at: string) => {
    const backend = await openRocksDbBackend({ directory: at })
    open.push(backend)
    return backend
  }
  afterEach(async () => {
    await Promise.all(open.map((backend) => backend.close()))
    open = []
    await remove(directory)
  })

  test('refuses a directory that is open, and opens it once it was closed', async () => {
    directory = await temporary()
    const first = await opened(directory)
    await expect(opened(directory)).rejects.toMatchObject({ code: 'STORE_DIRECTORY_IN_USE' })
    await first.close()
    await opened(directory)
  })

  test('refuses a directory that another process has open', async () => {
    directory = await temporary()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'rocksdb-backend.child.ts'), directory, 'hold'])
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await expect(opened(directory)).rejects.toMatchObject({ code: 'STORE_DIRECTORY_IN_USE' })
    } finally {
      child.kill('SIGKILL')
    }
  })

  test('refuses the format of a newer version and says what to do', async () => {
    directory = await temporary()
    await writeFile(join(directory, 'FORMAT'), 'streams-store 2\n')
    await expect(opened(directory)).rejects.toMatchObject({
      code: 'STORE_FORMAT',
      message: expect.stringMatching(/format 2.*Start the newer version again/s),
    })
  })

  test('refuses a directory that holds something else', async () => {
    directory = await temporary()
    await writeFile(join(directory, 'holiday.jpg'), 'x')
    await expect(opened(directory)).rejects.toMatchObject({ code: 'STORE_FORMAT' })
  })

  test('says which path cannot be used', async () => {
    directory = await temporary()
    const file = join(directory, 'file')
    await writeFile(file, 'x')
    await expect(opened(join(file, 'store'))).rejects.toMatchObject({
      code: 'STORE_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(file),
    })
  })

  test('says that the store is damaged, not that it is empty', async () => {
    directory = await temporary()
    const backend = await opened(directory)
    await backend.write({ entries: [[Buffer.from('a'), Buffer.from('1')]] })
    await backend.close()
    await writeFile(join(directory, 'rocksdb', 'CURRENT'), 'MANIFEST-999999\n')
    await expect(opened(directory)).rejects.toMatchObject({ code: 'STORE_FAILED' })
  })

  test('keeps every write it answered, and no half of one, when its process is killed', async () => {
    directory = await temporary()
    for (let round = 0; round < 3; round++) {
      const acknowledged = await writeUntilKilled(directory, round)
      const backend = await opened(directory)
      const rounds = (await backend.scan({ range: ALL })).map(([, value]) => value.readUInt32BE())
      expect(new Set(rounds).size, 'all keys of a batch carry its number').toBe(1)
      expect(rounds).toHaveLength(100)
      expect(rounds[0]).toBeGreaterThanOrEqual(acknowledged)
      await backend.close()
    }
  })
})

/** Runs a process that writes batch after batch, kills it in the middle, and gives the last batch it reported. */
async function writeUntilKilled(directory: string, round: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'rocksdb-backend.child.ts'), directory, 'write'])
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (output.length > 500 + round * 777) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  expect(child.signalCode).toBe('SIGKILL')
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))
}

test('a store whose disk is full refuses all writes until it is opened again, and keeps what it had', async ({
  skip,
}) => {
  const disk = smallDisk(12) ?? skip(NO_SMALL_DISK)
  try {
    await fillAndRecover(disk.path)
  } finally {
    disk.remove()
  }
})

async function fillAndRecover(disk: string): Promise<void> {
  const directory = join(disk, 'store')
  const ballast = join(disk, 'ballast')
  await mkdir(directory)
  await writeFile(ballast, Buffer.alloc(6_000_000, 1))
  const backend = await openRocksDbBackend({ directory })
  const chunk = (i: number) => [[Buffer.from(`key-${i}`), Buffer.alloc(500_000, i)]] as const
  let written = 0
  const fill = async () => {
    for (; written < 50; written++) await backend.write({ entries: chunk(written) })
  }
  await expect(fill()).rejects.toMatchObject({ code: 'STORE_FULL' })
  expect(written).toBeGreaterThan(0)
  await expect(backend.write({ entries: [] })).rejects.toMatchObject({ code: 'STORE_POISONED' })
  await rm(ballast)
  await expect(backend.write({ entries: chunk(99) })).rejects.toMatchObject({ code: 'STORE_POISONED' })
  await expect(backend.flush()).rejects.toMatchObject({ code: 'STORE_POISONED' })
  await backend.close()

  const again = await openRocksDbBackend({ directory })
  const kept = await again.scan({ range: ALL })
  expect(kept.length).toBe(written)
  expect(kept.every(([key, value]) => key.toString() === `key-${value[0]}` && value.length === 500_000)).toBe(true)
  await again.write({ entries: chunk(99) })
  await again.close()
}

test('reads that were asked for before it was closed are answered', async () => {
  const directory = await temporary()
  try {
    const backend = await openRocksDbBackend({ directory })
    const keys = Array.from({ length: 20 }, (_, i) => Buffer.from(`key-${i}`))
    await backend.write({ entries: keys.map((key) => [key, key] as const) })
    const reads = keys.map((key) => backend.getMany([key]))
    await backend.close()
    expect(await Promise.all(reads)).toEqual(keys.map((key) => [key]))
  } finally {
    await remove(directory)
  }
})
