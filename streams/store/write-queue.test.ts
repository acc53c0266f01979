import { expect, test } from 'vitest'
import type { WriteBatch } from './store.ts'
import { WriteQueue } from './write-queue.ts'

const batch = (name: string): WriteBatch => ({ entries: [[Buffer.from(name), null]] })
const passing = (name: string): WriteBatch => ({ ...batch(name), mayPass: true })
const namesOf = (batches: readonly WriteBatch[]) => batches.map(({ entries }) => entries[0]?.[0].toString())

/** A store whose writes end when the test says so. */
function heldStore() {
  const written: (string | undefined)[][] = []
  const ends: { resolve: () => void; reject: (error: unknown) => void }[] = []
  const queue = new WriteQueue((batches) => {
    written.push(namesOf(batches))
    return new Promise((resolve, reject) => ends.push({ resolve, reject }))
  })
  return { queue, written, ends }
}

test('writes at once where nothing runs, and together what arrives meanwhile, in order', async () => {
  const { queue, written, ends } = heldStore()
  const first = queue.write(batch('a'))
  const others = [queue.write(batch('b')), queue.write(batch('c'))]
  expect(written).toEqual([['a']])
  ends[0]?.resolve()
  await first
  expect(written).toEqual([['a'], ['b', 'c']])
  ends[1]?.resolve()
  await Promise.all(others)
})

test('fails everybody whose write was in the group that failed, and goes on with the next', async () => {
  const { queue, written, ends } = heldStore()
  const first = queue.write(batch('a'))
  const second = queue.write(batch('b'))
  ends[0]?.reject(new Error('disk'))
  await expect(first).rejects.toThrow('disk')
  const third = queue.write(batch('c'))
  ends[1]?.resolve()
  await second
  ends[2]?.resolve()
  await third
  expect(written).toEqual([['a'], ['b'], ['c']])
})

test('is idle when the last write has ended', async () => {
  const { queue, ends } = heldStore()
  await queue.idle()
  const first = queue.write(batch('a'))
  let isIdle = false
  const idle = queue.idle().then(() => {
    isIdle = true
  })
  await Promise.resolve()
  expect(isIdle).toBe(false)
  ends[0]?.resolve()
  await Promise.all([first, idle])
})

test('lets two writes that may pass each other run, and the others wait for both', async () => {
  const { queue, written, ends } = heldStore()
  const writes = [passing('a'), passing('b'), passing('c'), passing('d'), batch('e'), passing('f')].map((one) => {
    return queue.write(one)
  })
  expect(written).toEqual([['a'], ['b']])
  ends[1]?.resolve()
  await writes[1]
  expect(written).toEqual([['a'], ['b'], ['c', 'd']])
  ends[2]?.resolve()
  await Promise.all(writes.slice(2, 4))
  expect(written).toHaveLength(3)
  ends[0]?.resolve()
  await writes[0]
  expect(written).toEqual([['a'], ['b'], ['c', 'd'], ['e', 'f']])
  const last = queue.write(passing('g'))
  expect(written).toHaveLength(4)
  ends[3]?.resolve()
  await Promise.all(writes)
  expect(written).toHaveLength(5)
  ends[4]?.resolve()
  await last
})

test('goes on with the others where one that may be passed has failed', async () => {
  const { queue, written, ends } = heldStore()
  const [first, second] = [queue.write(passing('a')), queue.write(passing('b'))]
  const third = queue.write(batch('c'))
  ends[0]?.reject(new Error('disk'))
  await expect(first).rejects.toThrow('disk')
  expect(written).toHaveLength(2)
  ends[1]?.resolve()
  await second
  expect(written).toEqual([['a'], ['b'], ['c']])
  ends[2]?.resolve()
  await third
  await queue.idle()
})
