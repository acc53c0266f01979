import { expect, test } from 'vitest'
import { ReadQueue } from './read-queue.ts'

const keys = (...names: readonly string[]) => names.map((name) => Buffer.from(name))

/** A store whose reads end when the test says so; a value is its key twice, and a key of its own has none. */
function heldStore() {
  const asked: string[][] = []
  const ends: { resolve: () => void; reject: (error: unknown) => void }[] = []
  const queue = new ReadQueue((wanted) => {
    asked.push(wanted.map(String))
    return new Promise((resolve, reject) => {
      const values = wanted.map((key) => (String(key) === 'none' ? undefined : Buffer.concat([key, key])))
      ends.push({ resolve: () => resolve(values), reject })
    })
  })
  const read = async (...names: readonly string[]) =>
    (await queue.read(keys(...names))).map((value) => value?.toString())
  return { read, asked, ends }
}

test('reads at once while few run, and together what arrives meanwhile, each with its own values', async () => {
  const { read, asked, ends } = heldStore()
  const reads = [read('a'), read('b', 'c'), read('d', 'none'), read(), read('e')]
  expect(asked).toEqual([['a'], ['b', 'c']])
  ends[1]?.resolve()
  expect(await reads[1]).toEqual(['bb', 'cc'])
  expect(asked[2]).toEqual(['d', 'none', 'e'])
  ends[2]?.resolve()
  expect(await Promise.all(reads.slice(2))).toEqual([['dd', undefined], [], ['ee']])
  ends[0]?.resolve()
  expect(await reads[0]).toEqual(['aa'])
})

test('fails everybody whose read was in the one that failed, and goes on', async () => {
  const { read, asked, ends } = heldStore()
  const reads = [read('a'), read('b'), read('c'), read('d')]
  const told = Promise.allSettled(reads)
  ends[0]?.reject(new Error('disk'))
  await expect(reads[0]).rejects.toThrow('disk')
  ends[2]?.reject(new Error('disk again'))
  ends[1]?.resolve()
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected'])
  const later = read('e')
  ends[3]?.resolve()
  expect(await later).toEqual(['ee'])
  expect(asked).toEqual([['a'], ['b'], ['c', 'd'], ['e']])
})
