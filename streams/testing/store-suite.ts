/**
 * What every state store must do. An adapter's test calls `storeSuite` with a way to open a fresh store, and with
 * `reopen` where the store keeps its contents; the random test prints the seed it can be run again with (TEST_SEED).
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KeyRange, StoreBackend } from '../store/store.ts'
import { type Random, seededRandom, testSeed } from './seed.ts'

/** A store under test. */
export type StoreUnderTest = {
  readonly backend: StoreBackend
  /** Opens the same contents again, after the suite has closed the store; left out by stores that keep nothing. */
  readonly reopen?: () => Promise<StoreBackend>
  /** Removes what the test left behind. The suite has closed the store before. */
  readonly remove: () => Promise<void>
}

const k = (text: string) => Buffer.from(text, 'latin1')
const ALL: KeyRange = { gte: Buffer.alloc(0), lt: Buffer.alloc(64, 0xff) }
const range = (gte: string, lt: string): KeyRange => ({ gte: k(gte), lt: k(lt) })

async function keysOf(backend: StoreBackend, of: KeyRange, limit?: number, reverse = false): Promise<string[]> {
  const entries = await backend.scan({ range: of, reverse, ...(limit === undefined ? {} : { limit }) })
  return entries.map(([key]) => key.toString('latin1'))
}

/** Registers the tests of the store port for one adapter; `keeps` says whether its contents outlive a close. */
export function storeSuite(name: string, keeps: boolean, open: () => Promise<StoreUnderTest>): void {
  describe(`the ${name} store`, () => {
    let under: StoreUnderTest
    let backend: StoreBackend
    beforeEach(async () => {
      under = await open()
      backend = under.backend
    })
    afterEach(async () => {
      await backend.close()
      await under.remove()
    })
    const reopen = async () => {
      if (under.reopen === undefined) return
      await backend.close()
      backend = await under.reopen()
    }

    pointTests(() => backend)
    scanTests(() => backend)
    batchTests(() => backend)

    const keepsContents = async () => {
      await backend.write({
        entries: [
          [k('a'), k('1')],
          [k('b'), Buffer.alloc(0)],
        ],
      })
      await backend.flush()
      await reopen()
      expect(await backend.getMany([k('a'), k('b'), k('c')])).toEqual([k('1'), Buffer.alloc(0), undefined])
    }
    if (keeps) test('keeps its contents when it is closed and opened again', keepsContents)

    test('refuses every use after it was closed, and lets itself be closed twice', async () => {
      await backend.close()
      await backend.close()
      const closed = { code: 'STORE_CLOSED' }
      await expect(backend.getMany([k('a')])).rejects.toMatchObject(closed)
      await expect(backend.scan({ range: ALL })).rejects.toMatchObject(closed)
      await expect(backend.write({ entries: [[k('a'), k('1')]] })).rejects.toMatchObject(closed)
      await expect(backend.approximateBytes(ALL)).rejects.toMatchObject(closed)
      await expect(backend.flush()).rejects.toMatchObject(closed)
    })

    test('does what a plain ordered map does, over random changes', async () => {
      const random = seededRandom(testSeed())
      await compareWithModel(random, () => backend, reopen)
    })
  })
}

function pointTests(store: () => StoreBackend): void {
  test('answers keys in the order asked, and tells a missing key from an empty value', async () => {
    await store().write({
      entries: [
        [k('a'), k('1')],
        [k('e'), Buffer.alloc(0)],
        [k('z'), k('26')],
      ],
    })
    const answers = await store().getMany([k('z'), k('missing'), k('e'), k('a'), k('z')])
    expect(answers).toEqual([k('26'), undefined, Buffer.alloc(0), k('1'), k('26')])
    expect(await store().getMany([])).toEqual([])
  })

  test('keeps what was written when the caller changes its buffers afterwards', async () => {
    const key = k('key')
    const value = k('value')
    await store().write({ entries: [[key, value]] })
    key.fill(0)
    value.fill(0)
    const [found] = await store().getMany([k('key')])
    expect(found).toEqual(k('value'))
    found?.fill(0)
    expect(await store().getMany([k('key')])).toEqual([k('value')])
  })

  test('takes keys and values of any bytes and of large sizes', async () => {
    const key = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const value = Buffer.alloc(2_000_000, 0xab)
    await store().write({ entries: [[key, value]] })
    expect((await store().getMany([key]))[0]?.equals(value)).toBe(true)
  })

  test('reads ten thousand keys at once', async () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => k(`key-${i}`))
    await store().write({ entries: keys.filter((_, i) => i % 2 === 0).map((key) => [key, key] as const) })
    const values = await store().getMany(keys)
    expect(values.every((value, i) => (i % 2 === 0 ? value?.equals(keys[i] as Buffer) : value === undefined))).toBe(
      true,
    )
  })
}

function scanTests(store: () => StoreBackend): void {
  test('scans from the low end, from the high end, and no further than the limit', async () => {
    await store().write({ entries: ['d', 'b', 'a', 'c', 'e'].map((key) => [k(key), k(key)] as const) })
    expect(await keysOf(store(), range('b', 'e'))).toEqual(['b', 'c', 'd'])
    expect(await keysOf(store(), range('b', 'e'), 2)).toEqual(['b', 'c'])
    expect(await keysOf(store(), range('b', 'e'), undefined, true)).toEqual(['d', 'c', 'b'])
    expect(await keysOf(store(), range('b', 'e'), 1, true)).toEqual(['d'])
    expect(await keysOf(store(), range('b', 'e'), 0)).toEqual([])
    expect(await keysOf(store(), range('b', 'e'), 3)).toEqual(['b', 'c', 'd'])
  })

  test('finds nothing in an empty range and in one that ends before it begins', async () => {
    await store().write({ entries: [[k('a'), k('1')]] })
    expect(await keysOf(store(), range('a', 'a'))).toEqual([])
    expect(await keysOf(store(), range('b', 'a'))).toEqual([])
    expect(await keysOf(store(), range('b', 'c'))).toEqual([])
  })

  test('orders keys by their bytes as unsigned numbers, a shorter one before its extensions', async () => {
    const keys = ['\x00', '\x00\x00', '\x7f', '\x80', '\xfe\xff', '\xff', '\xff\x00']
    await store().write({ entries: [...keys].reverse().map((key) => [k(key), Buffer.alloc(0)] as const) })
    expect(await keysOf(store(), ALL)).toEqual(keys)
  })

  test('scans thousands of entries in order', async () => {
    const keys = Array.from({ length: 5_000 }, (_, i) => String((i * 7919) % 5_000).padStart(5, '0'))
    await store().write({ entries: keys.map((key) => [k(key), k(key)] as const) })
    expect(await keysOf(store(), ALL)).toEqual([...keys].sort())
    expect(await keysOf(store(), ALL, 1_000)).toEqual([...keys].sort().slice(0, 1_000))
  })

  test('says about how many bytes a range takes', async () => {
    const entries = Array.from({ length: 2_000 }, (_, i) => [k(`a-${i}`), Buffer.alloc(1_000, i)] as const)
    await store().write({ entries })
    const bytes = await store().approximateBytes(range('a', 'b'))
    expect(bytes).toBeGreaterThan(500_000)
    expect(bytes).toBeLessThan(8_000_000)
    expect(await store().approximateBytes(range('x', 'y'))).toBeLessThan(100_000)
    expect(await store().approximateBytes(range('y', 'x'))).toBe(0)
  })
}

function batchTests(store: () => StoreBackend): void {
  test('deletes keys, also ones that are not there', async () => {
    await store().write({
      entries: [
        [k('a'), k('1')],
        [k('b'), k('2')],
      ],
    })
    await store().write({
      entries: [
        [k('a'), null],
        [k('never'), null],
      ],
    })
    expect(await keysOf(store(), ALL)).toEqual(['b'])
  })

  test('applies the entries of a batch in order: the last one of a key stands', async () => {
    await store().write({
      entries: [
        [k('a'), k('1')],
        [k('a'), null],
        [k('a'), k('3')],
        [k('b'), k('1')],
        [k('b'), null],
      ],
    })
    expect(await store().getMany([k('a'), k('b')])).toEqual([k('3'), undefined])
  })

  test('deletes ranges before it applies the entries, and only the keys in them', async () => {
    await store().write({ entries: ['a', 'b', 'b\xff', 'c', 'd'].map((key) => [k(key), k('old')] as const) })
    await store().write({ deleteRanges: [range('b', 'c'), range('d', 'e')], entries: [[k('b'), k('new')]] })
    expect(await keysOf(store(), ALL)).toEqual(['a', 'b', 'c'])
    expect(await store().getMany([k('b')])).toEqual([k('new')])
    await store().write({ deleteRanges: [range('z', 'a')], entries: [] })
    expect(await keysOf(store(), ALL)).toEqual(['a', 'b', 'c'])
  })

  test('shows a reader all of a batch or nothing of it', async () => {
    const keys = Array.from({ length: 500 }, (_, i) => k(`key-${i}`))
    await store().write({ entries: keys.map((key) => [key, k('0')] as const) })
    const torn: string[] = []
    for (let round = 1; round <= 20; round++) {
      const written = store().write({ entries: keys.map((key) => [key, k(String(round))] as const) })
      const seen = new Set((await store().scan({ range: ALL })).map(([, value]) => value.toString()))
      if (seen.size !== 1) torn.push([...seen].join())
      await written
    }
    expect(torn).toEqual([])
  })
}

async function compareWithModel(random: Random, store: () => StoreBackend, reopen: () => Promise<void>): Promise<void> {
  const model = new Map<string, string>()
  const key = () => `${random.pick(['a', 'b', '\x00', '\xff'])}${random.int(30)}`
  for (let step = 0; step < 150; step++) {
    const message = `seed ${random.seed}, step ${step}`
    const from = key()
    const until = key()
    const deleteRanges = random.chance(0.1) ? [range(from, until)] : []
    const entries = Array.from({ length: random.int(12) }, () => {
      return [key(), random.chance(0.3) ? null : 'v'.repeat(random.int(5))] as const
    })
    await store().write({
      deleteRanges,
      entries: entries.map(([name, value]) => [k(name), value === null ? null : k(value)]),
    })
    for (const name of model.keys()) if (deleteRanges.length > 0 && name >= from && name < until) model.delete(name)
    for (const [name, value] of entries) value === null ? model.delete(name) : model.set(name, value)
    if (random.chance(0.03)) await reopen()
    await compareScan(random, store(), model, message)
    const asked = [key(), key(), key()]
    const got = await store().getMany(asked.map(k))
    expect(
      got.map((value) => value?.toString()),
      message,
    ).toEqual(asked.map((name) => model.get(name)))
  }
}

async function compareScan(random: Random, store: StoreBackend, model: Map<string, string>, message: string) {
  const [gte, lt] = [
    `${random.pick(['', 'a', 'b', '\xff'])}${random.int(30)}`,
    random.pick(['a2', 'b', 'c', '\xff\xff']),
  ]
  const reverse = random.chance(0.5)
  const limit = random.chance(0.5) ? random.int(20) : undefined
  const expected = [...model.keys()].filter((name) => name >= gte && name < lt).sort()
  if (reverse) expected.reverse()
  expect(await keysOf(store, range(gte, lt), limit, reverse), message).toEqual(expected.slice(0, limit))
}
