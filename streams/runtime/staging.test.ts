import { expect, test } from 'vitest'
import { jsonSerde, SerdeNotReady, stringSerde } from '../serde/serde.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { Staging } from './staging.ts'
import { StagingStore } from './staging-store.ts'

test('a rollback takes back everything that was staged since its savepoint', () => {
  const staging = new Staging(new MemoryBackend())
  const handle = { name: 'store', key: stringSerde, value: jsonSerde<unknown>() }
  const store = new StagingStore(handle, Buffer.from('p\0'), 'changelog', staging)
  staging.stores.push(store)
  staging.begin()
  store.put('kept', 1)
  let other = 'before'
  const savepoint = staging.savepoint()
  staging.records.push({ topic: 't', partition: 0, timestampMs: 0, key: null, value: null })
  staging.deadLetters.push({} as never)
  staging.bytes += 10
  staging.repeats++
  staging.skipped++
  other = 'after'
  staging.onRollback(() => {
    other = 'before'
  })
  store.put('kept', 2)
  store.put('new', 3)
  staging.rollback(savepoint)
  expect(staging).toMatchObject({ records: [], deadLetters: [], bytes: 0, repeats: 0, skipped: 0 })
  expect(other).toBe('before')
  expect(store.get('kept')).toBe(1)
  expect(() => store.get('new')).toThrow('State must be loaded')
  expect(staging.open.versions).toHaveLength(1)
})

test('a failure to load says so and leaves the batches before as they were', async () => {
  const backend = new MemoryBackend()
  const staging = new Staging(backend)
  const handle = { name: 'store', key: stringSerde, value: jsonSerde<unknown>() }
  const store = new StagingStore(handle, Buffer.from('p\0'), 'changelog', staging)
  staging.stores.push(store)
  staging.begin().state = 'staged'
  staging.begin()
  store.put('a', 1)
  store.want('b')
  await backend.close()
  await expect(staging.load()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  staging.dropOpen()
  expect(staging.layers).toHaveLength(1)
  expect([store.slots.size, store.wanted.size]).toEqual([0, 0])
})

test('loads values beside one whose serde must wait for its schema, and says which cannot be read', async () => {
  const backend = new MemoryBackend()
  const full = (key: string) => Buffer.from(`p\0${key}`)
  const stored = ['a', 'b', 'c', 'd'].map((key) => [full(key), Buffer.from(key)] as const)
  await backend.write({ entries: stored })
  let isReady = false
  const ready = async () => {
    isReady = true
  }
  const deserialize = (bytes: Buffer) => {
    const text = bytes.toString()
    if (text === 'b' && !isReady) throw new SerdeNotReady('not yet', ready)
    if (text === 'd') throw new Error('broken')
    return text
  }
  const value = { serialize: (text: string) => Buffer.from(text), deserialize }
  const staging = new Staging(backend)
  const store = new StagingStore({ name: 's', key: stringSerde, value }, Buffer.from('p\0'), 'changelog', staging)
  staging.stores.push(store)
  staging.begin()
  for (const key of ['a', 'b', 'none', 'c']) store.want(key)
  await staging.load()
  expect(['a', 'b', 'none', 'c'].map((key) => store.get(key))).toEqual(['a', 'b', undefined, 'c'])
  store.want('d')
  await expect(staging.load()).rejects.toMatchObject({ code: 'STREAMS_STATE_UNREADABLE' })
})
