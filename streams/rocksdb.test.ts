import { expect, test } from 'vitest'
import { loadRocksDb, rocksTrouble } from './rocksdb.ts'

const failing = (error: Error) => () => Promise.reject(error)

test('names the package to install where libatomic is missing', async () => {
  const cause = new Error('libatomic.so.1: cannot open shared object file: No such file or directory')
  const load = failing(new Error("Cannot load addon 'file:///app/rocksdb-native.node'", { cause }))
  await expect(loadRocksDb(load)).rejects.toMatchObject({
    code: 'ROCKSDB_UNAVAILABLE',
    message: expect.stringContaining('apt-get install libatomic1'),
  })
})

test('says for which platform there is no build', async () => {
  const load = failing(new Error("Cannot find addon '.' imported from 'file:///app/binding.js'"))
  await expect(loadRocksDb(load)).rejects.toThrow(`${process.platform}-${process.arch}`)
})

test('loads the real module', async () => {
  expect(typeof (await loadRocksDb())).toBe('function')
})

test('tells a locked directory, a full disk and damage apart, also where the reason is the cause', () => {
  expect(rocksTrouble(new Error('lock hold by current process, acquire time 1'))).toBe('in-use')
  expect(rocksTrouble(new Error('While lock file: x/LOCK: Resource temporarily unavailable'))).toBe('in-use')
  const full = new Error('Batch was not applied', { cause: new Error('No space left on device') })
  expect(rocksTrouble(full)).toBe('full')
  expect(rocksTrouble(new AggregateError([new Error('Corruption: block checksum mismatch')]))).toBe('damaged')
  expect(rocksTrouble(new Error('else'))).toBe('other')
})
