import { expect, test } from 'vitest'
import { expectCode, type LogKit, pause, record } from './log-suite-kit.ts'
import { seededRandom, testSeed } from './seed.ts'

/** Topics, appends, fetches and what they say of offsets. */
export function logReadingSuite(kit: LogKit): void {
  test('makes missing topics, and takes one that is there with the same count', async () => {
    const topic = kit.name('made')
    const spec = { name: topic, partitions: 3, cleanup: 'compact' as const, retentionMs: -1 }
    await kit.log().createTopics([spec])
    await kit.log().createTopics([spec])
    expect((await kit.log().topics()).find(({ name }) => name === topic)).toEqual(spec)
    expect(kit.log().partitionCount(topic)).toBe(3)
  })

  test('refuses another partition count, names both, and makes nothing of what was asked with it', async () => {
    const topic = await kit.topic(2)
    const beside = kit.name('beside')
    const spec = { partitions: 5, cleanup: 'delete' as const, retentionMs: -1 }
    const wanted = [
      { ...spec, name: beside },
      { ...spec, name: topic },
    ]
    const error = await expectCode(kit.log().createTopics(wanted), 'LOG_PARTITIONS_DIFFER')
    expect(error.message).toContain(topic)
    expect(error.message).toMatch(/2.*5/)
    expect((await kit.log().topics()).map(({ name }) => name)).not.toContain(beside)
  })

  test('knows no topic and no partition that was not made, and then writes nothing', async () => {
    const topic = await kit.topic(1)
    const unknown = kit.name('unknown')
    expect(() => kit.log().partitionCount(unknown)).toThrow(unknown)
    await expectCode(kit.log().append([record(topic, 'a'), record(unknown, 'b')]), 'LOG_UNKNOWN_TOPIC')
    await expectCode(kit.log().append([record(topic, 'a', { partition: 1 })]), 'LOG_UNKNOWN_TOPIC')
    expect(await kit.read(topic)).toEqual([])
  })

  test('gives records back as they were written: nulls, empty bytes, headers, timestamps', async () => {
    const topic = await kit.topic(2)
    const written = [
      record(topic, 'plain', { key: Buffer.from('k'), timestampMs: 1 }),
      record(topic, null, { key: Buffer.from('tombstone') }),
      record(topic, '', { key: Buffer.alloc(0) }),
      record(topic, 'headers', {
        headers: [
          ['a', Buffer.from([0, 255])],
          ['größe', Buffer.alloc(0)],
          ['a', Buffer.from('twice')],
        ],
      }),
      record(topic, 'elsewhere', { partition: 1, timestampMs: 253_402_300_799_999 }),
    ]
    const offsets = await kit.log().append(written)
    const read = [...(await kit.read(topic, 0)), ...(await kit.read(topic, 1))]
    expect(read).toEqual(written.map((one, index) => ({ headers: [], ...one, offset: offsets[index] })))
  })

  test('gives each record a higher offset than the one before, and finds it there', async () => {
    const topic = await kit.topic(1)
    const offsets: number[] = []
    for (let i = 0; i < 20; i++) {
      offsets.push(...(await kit.log().append([record(topic, `${i}-a`), record(topic, `${i}-b`)])))
    }
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
    for (const index of [0, 7, 39]) {
      const [first] = await kit.read(topic, 0, offsets[index])
      expect(first).toMatchObject({ offset: offsets[index] })
      expect(first?.value?.toString()).toBe(`${index >> 1}-${index % 2 === 0 ? 'a' : 'b'}`)
    }
    expect(await kit.end(topic)).toBeGreaterThan(offsets.at(-1) as number)
  })

  test('answers every position asked, in that order, also where there is nothing', async () => {
    const topic = await kit.topic(3)
    const [offset = -1] = await kit.log().append([record(topic, 'x', { partition: 1 })])
    const positions = [2, 1, 0].map((partition) => ({ topic, partition, offset: 0 }))
    const fetched = await kit.log().fetch({ positions, maxBytes: 1000, maxWaitMs: 0 })
    expect(fetched.map(({ partition, records }) => [partition, records.length])).toEqual([
      [2, 0],
      [1, 1],
      [0, 0],
    ])
    expect(fetched[0]).toMatchObject({ nextOffset: 0, endOffset: 0 })
    expect(fetched[1]?.nextOffset).toBeGreaterThan(offset)
    expect(fetched[1]?.endOffset).toBe(await kit.end(topic, 1))
  })

  test('gives one record at least, and all of them in small bites', async () => {
    const topic = await kit.topic(1)
    const values = Array.from({ length: 30 }, (_, i) => `${i}-${'x'.repeat(i * 10)}`)
    await kit.log().append(values.slice(0, 17).map((value) => record(topic, value)))
    for (const value of values.slice(17)) await kit.log().append([record(topic, value)])
    const end = await kit.end(topic)
    const read: string[] = []
    for (let offset = 0; offset < end; ) {
      const [one] = await kit.log().fetch({ positions: [{ topic, partition: 0, offset }], maxBytes: 1, maxWaitMs: 0 })
      expect(one?.nextOffset).toBeGreaterThan(offset)
      read.push(...(one?.records ?? []).map(({ value }) => String(value)))
      offset = one?.nextOffset ?? end
    }
    expect(read).toEqual(values)
  })

  test('gives entries as it gives records, from the asked offset on', async () => {
    const topic = await kit.topic(1)
    const records = ['a', 'b', null].map((value, i) => record(topic, value, { key: Buffer.from(`key-${i}`) }))
    const [, second = -1] = await kit.log().append([record(topic, 'before'), ...records])
    await kit.log().append([record(topic, 'x'.repeat(500), { key: null })])
    const request = { positions: [{ topic, partition: 0, offset: second }], maxBytes: 10_000, maxWaitMs: 0 }
    const [asRecords] = await kit.log().fetch(request)
    const [asEntries] = await kit.log().fetchEntries(request)
    const read: unknown[] = []
    while (asEntries?.entries.next()) {
      const { entries } = asEntries
      read.push([entries.offset, entries.keyBehind(Buffer.from('store/'))?.toString(), entries.value()?.toString()])
    }
    const keys = [...records.map((_, i) => `store/key-${i}`), undefined]
    expect(read).toEqual(asRecords?.records.map(({ offset, value }, i) => [offset, keys[i], value?.toString()]))
    expect(read).toHaveLength(4)
    expect(asEntries).toMatchObject({ nextOffset: asRecords?.nextOffset, endOffset: asRecords?.endOffset })
  })

  test('gives what it reads after a release its own bytes, and leaves those of records alone', async () => {
    const topic = await kit.topic(1)
    const values = Array.from({ length: 6 }, (_, i) => Buffer.alloc(400_000, i + 1))
    const offsets: number[] = []
    for (const value of values) offsets.push(...(await kit.log().append([{ ...record(topic, null), value }])))
    const request = (index: number) => {
      return { positions: [{ topic, partition: 0, offset: offsets[index] ?? 0 }], maxBytes: 1, maxWaitMs: 0 }
    }
    const [kept] = await kit.log().fetch(request(0))
    const [held] = await kit.log().fetchEntries(request(1))
    expect(held?.entries.next()).toBe(true)
    const heldValue = held?.entries.value()
    for (const [index, value] of [...values.entries()].slice(2)) {
      const [one] = await kit.log().fetchEntries(request(index))
      expect(one?.entries.next()).toBe(true)
      expect(one?.entries.value()?.equals(value)).toBe(true)
      one?.release()
    }
    expect(heldValue?.equals(values[1] as Buffer)).toBe(true)
    held?.release()
    expect(kept?.records[0]?.value?.equals(values[0] as Buffer)).toBe(true)
  })

  test('does not let a full partition keep another from being read', async () => {
    const topic = await kit.topic(2)
    await kit.log().append(Array.from({ length: 200 }, () => record(topic, 'x'.repeat(1000))))
    await kit.log().append([record(topic, 'small', { partition: 1 })])
    const positions = [0, 1].map((partition) => ({ topic, partition, offset: 0 }))
    const seen = new Set<number>()
    // Where another broker leads it, its answer may take longer than some fetches of the full one.
    for (const untilMs = performance.now() + 2_000; seen.size < 2 && performance.now() < untilMs; ) {
      for (const { partition, records } of await kit.log().fetch({ positions, maxBytes: 500, maxWaitMs: 0 })) {
        if (records.length > 0) seen.add(partition)
      }
    }
    expect([...seen].sort()).toEqual([0, 1])
  })

  test('lets a fetch wait, and wakes it with the first record', async () => {
    const topic = await kit.topic(2)
    const positions = [0, 1].map((partition) => ({ topic, partition, offset: 0 }))
    const waiting = kit.log().fetch({ positions, maxBytes: 1000, maxWaitMs: 10_000 })
    await pause(20)
    await kit.log().append([record(topic, 'hello', { partition: 1 })])
    const records = (await waiting).flatMap((one) => one.records)
    expect(records.map(({ value }) => String(value))).toEqual(['hello'])
  })

  test('does not wake a fetch for a partition it did not ask for, and ends its wait in time', async () => {
    const topic = await kit.topic(2)
    const startMs = performance.now()
    const waiting = kit.log().fetch({ positions: [{ topic, partition: 0, offset: 0 }], maxBytes: 1000, maxWaitMs: 150 })
    await kit.log().append([record(topic, 'other', { partition: 1 })])
    expect((await waiting).flatMap((one) => one.records)).toEqual([])
    expect(performance.now() - startMs).toBeGreaterThan(100)
  })

  test('ends a wait early when its signal says so', async () => {
    const topic = await kit.topic(1)
    const positions = [{ topic, partition: 0, offset: 0 }]
    const stop = new AbortController()
    const waiting = kit.log().fetch({ positions, maxBytes: 1000, maxWaitMs: 60_000, signal: stop.signal })
    await pause(10)
    stop.abort()
    expect((await waiting).flatMap((one) => one.records)).toEqual([])
    const late = await kit.log().fetch({ positions, maxBytes: 1000, maxWaitMs: 60_000, signal: stop.signal })
    expect(late.flatMap((one) => one.records)).toEqual([])
  })

  test('refuses a position behind the end', async () => {
    const topic = await kit.topic(1)
    await kit.log().append([record(topic, 'a')])
    const positions = [{ topic, partition: 0, offset: 1000 }]
    await expectCode(kit.log().fetch({ positions, maxBytes: 1000, maxWaitMs: 0 }), 'LOG_OFFSET_OUT_OF_RANGE')
  })

  test('takes large records, and refuses one that is too large with all that came with it', async () => {
    const topic = await kit.topic(1)
    const large = Buffer.alloc(900_000, 7)
    await kit.log().append([record(topic, null, { value: large }), record(topic, 'small')])
    const [first, second] = await kit.read(topic)
    expect(first?.value?.equals(large)).toBe(true)
    expect(second?.value?.toString()).toBe('small')
    const tooLarge = record(topic, null, { value: Buffer.alloc(kit.features.refusedRecordBytes) })
    await expectCode(kit.log().append([record(topic, 'with it'), tooLarge]), 'LOG_RECORD_TOO_LARGE')
    expect(await kit.values(topic)).toHaveLength(2)
  })

  test('gives back large appends and many partitions unchanged', async () => {
    const topic = await kit.topic(4)
    const written = Array.from({ length: 8000 }, (_, i) => {
      return record(topic, `${i}`.padEnd(i % 300, '.'), { partition: i % 4, key: Buffer.from(`key-${i % 100}`) })
    })
    await kit.log().append(written)
    for (let partition = 0; partition < 4; partition++) {
      const expected = written.filter((one) => one.partition === partition).map(({ value }) => String(value))
      expect(await kit.values(topic, partition)).toEqual(expected)
    }
  })

  test('keeps the order of each writer while several write and one reads', async () => {
    const random = seededRandom(testSeed())
    console.info(`seed ${random.seed}`)
    const topic = await kit.topic(1)
    const perWriter = 40
    const write = async (writer: number) => {
      for (let i = 0; i < perWriter; i++) {
        await kit.log().append([record(topic, `${writer}:${i}`)])
        if (random.chance(0.2)) await pause(1)
      }
    }
    const writers = [0, 1, 2, 3].map(write)
    const read: string[] = []
    let offset = 0
    let last = -1
    while (read.length < 4 * perWriter) {
      const [one] = await kit
        .log()
        .fetch({ positions: [{ topic, partition: 0, offset }], maxBytes: 300, maxWaitMs: 5000 })
      for (const { offset: at, value } of one?.records ?? []) {
        expect(at).toBeGreaterThan(last)
        last = at
        read.push(String(value))
      }
      offset = one?.nextOffset ?? offset
    }
    await Promise.all(writers)
    for (let writer = 0; writer < 4; writer++) {
      const mine = read.filter((value) => value.startsWith(`${writer}:`))
      expect(mine).toEqual(Array.from({ length: perWriter }, (_, i) => `${writer}:${i}`))
    }
  })

  test('finds the first record at or after a time, and the end where there is none', async () => {
    const topic = await kit.topic(2)
    const times = [1000, 3000, 2000, 5000]
    const offsets = await kit.log().append(times.map((timestampMs) => record(topic, `${timestampMs}`, { timestampMs })))
    const at = async (timestampMs: number) => {
      return (
        await kit.log().offsetsForTime(
          [
            { topic, partition: 0 },
            { topic, partition: 1 },
          ],
          timestampMs,
        )
      ).map(({ offset }) => offset)
    }
    expect(await at(0)).toEqual([offsets[0], 0])
    expect(await at(1001)).toEqual([offsets[1], 0])
    expect(await at(3001)).toEqual([offsets[3], 0])
    expect(await at(5001)).toEqual([await kit.end(topic), 0])
  })
}
