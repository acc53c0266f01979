import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StalledWrite, unlessStalled } from './rocksdb-stall.ts'

const LOOK_MS = 5
const STOPPED = { 'rocksdb.is-write-stopped': '1', 'rocksdb.background-errors': '2' }

/** A database that says of itself what a test wants. */
function saying(properties: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const getProperty = async (name: string) => {
    asked.push(name)
    return properties[name] ?? ''
  }
  return { getProperty, asked }
}

test('gives up a write that RocksDB holds back after an error', async () => {
  const never = new Promise<void>(() => undefined)
  await expect(unlessStalled(never, saying(STOPPED), LOOK_MS)).rejects.toThrow(StalledWrite)
})

test.each([
  ['writes are not held back', { ...STOPPED, 'rocksdb.is-write-stopped': '0' }],
  ['nothing has failed', { ...STOPPED, 'rocksdb.background-errors': '0' }],
])('goes on waiting where %s', async (_, properties) => {
  const db = saying(properties)
  const slow = (async () => {
    while (db.asked.filter((name) => name === 'rocksdb.is-write-stopped').length < 8) await sleep(1)
  })()
  await unlessStalled(slow, db, LOOK_MS)
})

test('looks at no write that is quick, and passes on why one failed', async () => {
  const db = saying(STOPPED)
  await unlessStalled(Promise.resolve(), db, LOOK_MS)
  await expect(unlessStalled(Promise.reject(new Error('torn')), db, LOOK_MS)).rejects.toThrow('torn')
  await sleep(4 * LOOK_MS)
  expect(db.asked).toEqual([])
})

test('a database that cannot be asked is no reason to give a write up', async () => {
  const getProperty = () => Promise.reject(new Error('closed'))
  await unlessStalled(sleep(10 * LOOK_MS), { getProperty }, LOOK_MS)
})
