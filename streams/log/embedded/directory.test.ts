import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadRocksDb } from '../../rocksdb.ts'
import type { Log, ProducerRecord } from '../log.ts'
import { type EmbeddedLogOptions, openEmbeddedLog } from './embedded-log.ts'
import { batchKey } from './keys.ts'

const TOPIC = { name: 'orders', partitions: 2, cleanup: 'delete' as const, retentionMs: -1 }
const record = (value: Buffer | string, partition = 1): ProducerRecord => {
  return { topic: 'orders', partition, timestampMs: 1, key: null, value: Buffer.from(value) }
}
const readAll = async (log: Log, offset = 0, partition = 1) => {
  const positions = [{ topic: 'orders', partition, offset }]
  const fetched = await log.fetch({ positions, maxBytes: 100_000_000, maxWaitMs: 0 })
  return fetched.flatMap(({ records }) => records)
}

describe('the directory of an embedded log', () => {
  let directory: string
  let logs: Log[] = []
  const open = async (options: Partial<EmbeddedLogOptions> = {}) => {
    const log = await openEmbeddedLog({ directory, ...options })
    logs.push(log)
    return log
  }
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'embedded-log-'))
  })
  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()))
    logs = []
    await rm(directory, { recursive: true })
  })

  test('is for one log at a time, in one process', async () => {
    const first = await open()
    await expect(open()).rejects.toMatchObject({
      code: 'LOG_DIRECTORY_IN_USE',
      message: expect.stringContaining(directory),
    })
    await first.close()
    await open()
  })

  test('is refused while another process has it, with what to do', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'embedded-log.child.ts'), directory, 'hold'])
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await expect(open()).rejects.toMatchObject({
        code: 'LOG_DIRECTORY_IN_USE',
        message: expect.stringMatching(/another process.*Stop that one/),
      })
    } finally {
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('close', resolve))
    }
    await open()
  })

  test('must be one', async () => {
    const file = join(directory, 'file')
    await writeFile(file, 'x')
    await expect(open({ directory: join(file, 'log') })).rejects.toMatchObject({
      code: 'LOG_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(file),
    })
  })

  test('must hold a log, and not another database', async () => {
    await changeStored(directory, () => [[Buffer.from('a'), Buffer.from('b')]])
    await expect(open()).rejects.toMatchObject({ code: 'LOG_FORMAT', message: expect.stringContaining(directory) })
  })

  test('is opened with the end it had, and damage in the middle is named and not read over', async () => {
    const log = await open()
    await log.createTopics([TOPIC])
    for (const value of ['a', 'b', 'c']) await log.append([record(value)])
    await log.close()
    await damageBatch(directory, 1)
    const damaged = await open()
    const positions = [{ topic: 'orders', partition: 1, offset: 1 }]
    await expect(damaged.fetch({ positions, maxBytes: 1000, maxWaitMs: 0 })).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringMatching(/orders\/1 is damaged at offset 1/),
    })
    expect((await readAll(damaged, 2)).map(({ value }) => String(value))).toEqual(['c'])
  })

  test('is not opened where the end of a partition is damaged: it would be written again', async () => {
    const log = await open()
    await log.createTopics([TOPIC])
    for (const value of ['a', 'b']) await log.append([record(value)])
    await log.close()
    await damageBatch(directory, 1)
    await expect(open()).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringMatching(/orders\/1 is damaged at offset 1/),
    })
  })

  test('follows the files RocksDB begins, where every write is synced', async () => {
    const log = await open({ durability: 'power', writeBufferBytes: 64 * 1024 })
    await log.createTopics([TOPIC])
    for (let i = 0; i < 60; i++) await log.append([record(Buffer.alloc(10_000, i))])
    await log.close()
    const values = (await readAll(await open())).map(({ value }) => value?.[0])
    expect(values).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })
})

/** Flips a byte in the batch of orders/1 at an offset, behind the log's back. */
async function damageBatch(directory: string, offset: number): Promise<void> {
  const key = batchKey({ topicId: 1, topic: 'orders', partition: 1 }, offset)
  await changeStored(directory, (get) => [[key, flipped(get(key))]])
}

function flipped(value: Buffer | undefined): Buffer {
  if (value === undefined) throw new Error('There is no such batch.')
  const changed = Buffer.from(value)
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
  return changed
}

async function changeStored(
  directory: string,
  change: (get: (key: Buffer) => Buffer | undefined) => [Buffer, Buffer][],
): Promise<void> {
  const Rocks = await loadRocksDb()
  const db = new Rocks(directory)
  await db.ready()
  const stored = new Map<string, Buffer>()
  for await (const { key, value } of db.iterator({ gte: Buffer.alloc(1) }))
    stored.set(key.toString('hex'), value as Buffer)
  const batch = db.write({ autoDestroy: true })
  for (const [key, value] of change((wanted) => stored.get(wanted.toString('hex')))) batch.tryPut(key, value)
  await batch.flush()
  await db.close()
}
