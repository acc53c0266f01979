import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadRocksDb, type RocksDB, type RocksWriteBatch } from '../rocksdb.ts'
import { RocksOperations } from './rocksdb-operations.ts'

const key = (text: string | number) => Buffer.from(String(text))

test('writes what the functions of the module would, and finds it inside as it knows it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'operations-'))
  const Rocks = await loadRocksDb()
  const db = new Rocks(folder)
  await db.ready()
  const operations = new RocksOperations(db)
  // Where a new version fails here, writes are slower and as right as before: adapt the operations to it.
  expect(operations.areOurs).toBe(true)
  const write = async (capacity: number, entries: readonly (readonly [Buffer, Buffer | null])[]) => {
    const batch = db.write({ capacity, autoDestroy: true })
    batch.tryPut(key('beside'), key(capacity))
    operations.add(batch, entries)
    await batch.flush()
  }
  const many = Array.from({ length: 3_000 }, (_, i) => [key(`many-${i}`), key(i)] as const)
  await write(1, many)
  await write(3_000, [...many.slice(0, 1_500).map(([one]) => [one, null] as const), [key('empty'), key('')]])
  const kept: Record<string, string> = {}
  for await (const entry of db.iterator({ gte: key('a'), lt: key('z') })) kept[String(entry.key)] = String(entry.value)
  const left = Object.fromEntries(many.slice(1_500).map(([one, value]) => [String(one), String(value)]))
  expect(kept).toEqual({ beside: '3000', empty: '', ...left })
  await db.close()
  await rm(folder, { recursive: true })
})

test('leaves it to the functions of a module that it does not know', () => {
  const calls: string[] = []
  const batch = {
    tryPut: (one: Buffer, value: Buffer) => calls.push(`put ${one} ${value}`),
    tryDelete: (one: Buffer) => calls.push(`delete ${one}`),
    destroy: () => undefined,
  }
  const operations = new RocksOperations({ write: () => batch } as unknown as RocksDB)
  calls.length = 0
  operations.add(batch as unknown as RocksWriteBatch, [
    [key('a'), key(1)],
    [key('b'), null],
  ])
  expect([operations.areOurs, calls]).toEqual([false, ['put a 1', 'delete b']])
})
