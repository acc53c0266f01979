import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadRocksDb, type RocksDB, type RocksReadBatch, type RocksWriteBatch } from '../rocksdb.ts'
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
  const asked = ['many-2999', 'many-0', 'empty', 'nowhere', 'many-2999'].map(key)
  for (const capacity of [1, asked.length]) {
    const values = await operations.read(db.read({ capacity, autoDestroy: true }), asked)
    expect(values.map((value) => value?.toString())).toEqual(['2999', undefined, '', undefined, '2999'])
  }
  await db.close()
  await rm(folder, { recursive: true })
})

test('leaves it to the functions of a module that it does not know', async () => {
  const calls: string[] = []
  const batch = {
    tryPut: (one: Buffer, value: Buffer) => calls.push(`put ${one} ${value}`),
    tryDelete: (one: Buffer) => calls.push(`delete ${one}`),
    destroy: () => undefined,
  }
  const reads = {
    get: async (one: Buffer) => (String(one) === 'a' ? key(1) : null),
    tryFlush: () => calls.push('read'),
    destroy: () => undefined,
  }
  const operations = new RocksOperations({ write: () => batch, read: () => reads } as unknown as RocksDB)
  calls.length = 0
  operations.add(batch as unknown as RocksWriteBatch, [
    [key('a'), key(1)],
    [key('b'), null],
  ])
  expect(await operations.read(reads as unknown as RocksReadBatch, [key('a'), key('b')])).toEqual([key(1), undefined])
  expect([operations.areOurs, calls]).toEqual([false, ['put a 1', 'delete b', 'read']])
})
