import { expect, test } from 'vitest'
import { expectCode, type LogKit, record } from './log-suite-kit.ts'
import { seededRandom, testSeed } from './seed.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** What is let go, and what outlives a restart. */
export function logKeepingSuite(kit: LogKit): void {
  if (kit.features.maintains) {
    retention(kit)
    compaction(kit)
  }
  if (kit.features.persistent) restart(kit)
}

function retention(kit: LogKit): void {
  test('drops what is older than its retention, and says where the rest begins', async () => {
    const topic = await kit.topic(1, { retentionMs: 1000 })
    const offsets: number[] = []
    for (const timestampMs of [1000, 2000, 3000, 4000]) {
      offsets.push(...(await kit.log().append([record(topic, `${timestampMs}`, { timestampMs })])))
    }
    const end = await kit.end(topic)
    await kit.log().maintain(4000)
    expect(await kit.values(topic)).toEqual(['3000', '4000'])
    const [begin] = await kit.log().beginningOffsets([{ topic, partition: 0 }])
    expect(begin?.offset).toBeLessThanOrEqual(offsets[2] as number)
    expect(begin?.offset).toBeGreaterThan(offsets[1] as number)
    const below = { positions: [{ topic, partition: 0, offset: offsets[0] as number }], maxBytes: 1000, maxWaitMs: 0 }
    const error = await expectCode(kit.log().fetch(below), 'LOG_OFFSET_OUT_OF_RANGE')
    expect(error.message).toContain(String(begin?.offset))
    expect(await kit.end(topic)).toBe(end)
  })

  test('goes on with its offsets after everything has been dropped', async () => {
    const topic = await kit.topic(1, { retentionMs: 0 })
    await kit.log().append([record(topic, 'a', { timestampMs: 1 }), record(topic, 'b', { timestampMs: 2 })])
    await kit.log().maintain(1000)
    expect(await kit.values(topic)).toEqual([])
    const end = await kit.end(topic)
    if (kit.features.persistent) await kit.reopen()
    expect(await kit.end(topic)).toBe(end)
    expect(await kit.log().append([record(topic, 'c')])).toEqual([end])
    expect(await kit.values(topic)).toEqual(['c'])
  })

  test('keeps for ever what is to be kept for ever', async () => {
    const topic = await kit.topic(1)
    await kit.log().append([record(topic, 'a', { timestampMs: 0 })])
    await kit.log().maintain(1e15)
    expect(await kit.values(topic)).toEqual(['a'])
  })
}

function compaction(kit: LogKit): void {
  const compacted = () => kit.topic(1, { cleanup: 'compact' })
  const put = (topic: string, key: string, value: string | null) => {
    return kit.log().append([record(topic, value, { key: Buffer.from(key) })])
  }
  const content = async (topic: string) => {
    return (await kit.read(topic)).map(({ key, value }) => `${key}=${value ?? 'gone'}`)
  }

  test('keeps the newest record of each key, where it was', async () => {
    const topic = await compacted()
    for (const [key, value] of ['a1', 'b1', 'a2', 'c1', 'b2', 'a3'].map((text) => [text[0], text[1]] as const)) {
      await put(topic, String(key), String(value))
    }
    const [lastOfC] = await put(topic, 'c', '2')
    const before = await kit.read(topic)
    await kit.log().maintain(Date.now())
    const after = await kit.read(topic)
    // The last batch stays as it is; below it there is one record a key.
    expect(after.map(({ key, value }) => `${key}${value}`).slice(-3)).toEqual(['b2', 'a3', 'c2'])
    expect(after.length).toBeLessThan(before.length)
    for (const one of after) expect(before).toContainEqual(one)
    expect(after.at(-1)?.offset).toBe(lastOfC)
    expect(await kit.read(topic, 0, lastOfC)).toEqual(after.slice(-1))
  })

  test('keeps a tombstone for those who have seen the value, and drops it in a later pass', async () => {
    const topic = await compacted()
    await put(topic, 'a', '1')
    await put(topic, 'a', null)
    await put(topic, 'b', '1')
    await put(topic, 'end', '1')
    const nowMs = Date.now()
    await kit.log().maintain(nowMs)
    expect(await content(topic)).toEqual(['a=gone', 'b=1', 'end=1'])
    await put(topic, 'end', '2')
    await kit.log().maintain(nowMs + 1)
    expect((await content(topic))[0]).toBe('a=gone')
    await put(topic, 'end', '3')
    await kit.log().maintain(nowMs + 400 * DAY_MS)
    expect(await content(topic)).toEqual(['b=1', 'end=2', 'end=3'])
  })

  test('never changes what a table built from it holds, however writes and passes alternate', async () => {
    const random = seededRandom(testSeed())
    console.info(`seed ${random.seed}`)
    const topic = await compacted()
    const model = new Map<string, string>()
    let nowMs = Date.now()
    let written = 0
    for (let round = 0; round < 12; round++) {
      const batch = Array.from({ length: 1 + random.int(60) }, () => {
        const key = `k${random.int(25)}`
        const value = random.chance(0.2) ? null : `v${++written}`
        if (value === null) model.delete(key)
        else model.set(key, value)
        return record(topic, value, { key: Buffer.from(key) })
      })
      await kit.log().append(batch)
      nowMs += random.int(3) * DAY_MS
      if (random.chance(0.6)) await kit.log().maintain(nowMs)
      if (kit.features.persistent && random.chance(0.2)) await kit.reopen()
      const table = new Map<string, string>()
      for (const { key, value } of await kit.read(topic)) {
        if (value === null) table.delete(String(key))
        else table.set(String(key), String(value))
      }
      expect(table).toEqual(model)
    }
  })
}

function restart(kit: LogKit): void {
  test('has its topics, records, ends and positions after it was closed and opened', async () => {
    const topic = await kit.topic(3)
    const group = kit.name('group')
    await kit.log().append(Array.from({ length: 3000 }, (_, i) => record(topic, `${i}`, { partition: i % 2 })))
    const one = await kit.join(group, [topic])
    const producer = await kit.log().producer(kit.name('tx'))
    const positions = [{ topic, partition: 1, offset: 700 }]
    await producer.commit({ records: [], consumed: { epoch: one.member.epoch(), positions } })
    const before = [await kit.read(topic, 0), await kit.read(topic, 1), await kit.read(topic, 2)]
    const ends = await kit.log().endOffsets([0, 1, 2].map((partition) => ({ topic, partition })))
    await one.member.leave()
    await kit.reopen()
    expect([await kit.read(topic, 0), await kit.read(topic, 1), await kit.read(topic, 2)]).toEqual(before)
    expect(await kit.log().endOffsets([0, 1, 2].map((partition) => ({ topic, partition })))).toEqual(ends)
    expect(
      await kit.log().committed(
        group,
        [0, 1, 2].map((partition) => ({ topic, partition })),
      ),
    ).toEqual(positions)
    expect(kit.log().partitionCount(topic)).toBe(3)
    expect((await kit.log().groups()).map((each) => each.group)).toContain(group)
    // From the middle of a large batch, too.
    expect((await kit.read(topic, 1, 701))[0]).toEqual(before[1]?.find(({ offset }) => offset >= 701))
  })

  test('takes new records where it had stopped', async () => {
    const topic = await kit.topic(1)
    await kit.log().append([record(topic, 'a')])
    const end = await kit.end(topic)
    await kit.reopen()
    const [offset] = await kit.log().append([record(topic, 'b')])
    expect(offset).toBeGreaterThanOrEqual(end)
    expect(await kit.values(topic)).toEqual(['a', 'b'])
  })
}
