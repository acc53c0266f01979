import { expect, test } from 'vitest'
import { expectCode, type LogKit, pause, record } from './log-suite-kit.ts'

/** All or nothing, and who may commit. */
export function logTransactionSuite(kit: LogKit): void {
  test('commits several topics, partitions and positions as one', async () => {
    const [input, left, right] = [await kit.topic(2), await kit.topic(2), await kit.topic(1)]
    const group = kit.name('group')
    await kit.log().append([record(input, 'i0'), record(input, 'i1', { partition: 1 })])
    const { member } = await kit.join(group, [input])
    const producer = await kit.log().producer(kit.name('tx'))
    const receipt = await producer.commit({
      records: [record(left, 'l1', { partition: 1 }), record(right, 'r'), record(left, 'l2', { partition: 1 })],
      consumed: {
        epoch: member.epoch(),
        positions: [0, 1].map((partition) => ({ topic: input, partition, offset: 1 })),
      },
    })
    expect(await kit.values(left, 1)).toEqual(['l1', 'l2'])
    expect(await kit.values(right)).toEqual(['r'])
    const committed = await kit.log().committed(
      group,
      [0, 1].map((partition) => ({ topic: input, partition })),
    )
    expect(committed.map(({ offset }) => offset)).toEqual([1, 1])
    const landed = new Map(receipt.positions.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]))
    const last = (await kit.read(left, 1)).at(-1)?.offset as number
    expect([...landed.keys()].sort()).toEqual([`${left}/1`, `${right}/0`].sort())
    expect(landed.get(`${left}/1`)).toBe(last + 1)
    await member.leave()
    await producer.close()
  })

  test('writes nothing of a transaction that cannot be written in whole', async () => {
    const topic = await kit.topic(1)
    const producer = await kit.log().producer(kit.name('tx'))
    const half = { records: [record(topic, 'a'), record(kit.name('unknown'), 'b')], consumed: null }
    await expectCode(producer.commit(half), 'LOG_UNKNOWN_TOPIC')
    expect(await kit.values(topic)).toEqual([])
    await producer.commit({ records: [record(topic, 'c')], consumed: null })
    expect(await kit.values(topic)).toEqual(['c'])
    await producer.close()
  })

  test('takes a transaction of nothing, and one of positions only', async () => {
    const input = await kit.topic(1)
    await kit.log().append([record(input, 'a')])
    const { member } = await kit.join(kit.name('group'), [input])
    const producer = await kit.log().producer(kit.name('tx'))
    expect(await producer.commit({ records: [], consumed: null })).toEqual({ positions: [] })
    const positions = [{ topic: input, partition: 0, offset: 1 }]
    await producer.commit({ records: [], consumed: { epoch: member.epoch(), positions } })
    expect(await kit.log().committed(member.epoch().group, positions)).toEqual(positions)
    await member.leave()
    await producer.close()
  })

  test('fences the older producer of an id, and takes nothing of it', async () => {
    const topic = await kit.topic(1)
    const id = kit.name('tx')
    const older = await kit.log().producer(id)
    await older.commit({ records: [record(topic, 'old')], consumed: null })
    const newer = await kit.log().producer(id)
    await expectCode(older.commit({ records: [record(topic, 'zombie')], consumed: null }), 'LOG_FENCED')
    await newer.commit({ records: [record(topic, 'new')], consumed: null })
    await expectCode(older.commit({ records: [record(topic, 'zombie')], consumed: null }), 'LOG_FENCED')
    expect(await kit.values(topic)).toEqual(['old', 'new'])
    await Promise.all([older.close(), newer.close()])
  })

  test('decides what an older producer has on its way before a newer one is there', async () => {
    const topic = await kit.topic(1)
    const id = kit.name('tx')
    const older = await kit.log().producer(id)
    const onItsWay = older.commit({ records: [record(topic, 'old')], consumed: null }).then(
      () => true,
      () => false,
    )
    const newer = await kit.log().producer(id)
    const seen = await kit.values(topic)
    expect(seen.length > 0).toBe(await onItsWay)
    expect(await kit.values(topic)).toEqual(seen)
    await Promise.all([older.close(), newer.close()])
  })

  test('keeps transactions of many producers whole and in the order each was given', async () => {
    const [left, right] = [await kit.topic(1), await kit.topic(1)]
    const run = async (who: number) => {
      const producer = await kit.log().producer(kit.name('tx'))
      for (let i = 0; i < 15; i++) {
        const records = [record(left, `${who}:${i}`), record(left, `${who}:${i}+`), record(right, `${who}:${i}`)]
        await producer.commit({ records, consumed: null })
      }
      await producer.close()
    }
    await Promise.all([0, 1, 2, 3].map(run))
    const [lefts, rights] = [await kit.values(left), await kit.values(right)]
    for (let who = 0; who < 4; who++) {
      const mine = (all: (string | null)[]) => all.filter((value) => value?.startsWith(`${who}:`))
      const expected = Array.from({ length: 15 }, (_, i) => `${who}:${i}`)
      expect(mine(rights)).toEqual(expected)
      expect(mine(lefts)).toEqual(expected.flatMap((value) => [value, `${value}+`]))
    }
  })

  test('shows a reader both sides of a transaction, or neither', async () => {
    const [left, right] = [await kit.topic(1), await kit.topic(1)]
    const producer = await kit.log().producer(kit.name('tx'))
    let writing = true
    const writer = (async () => {
      for (let i = 0; i < 40; i++) {
        await producer.commit({ records: [record(right, `${i}`), record(left, `${i}`)], consumed: null })
      }
      writing = false
    })()
    while (writing) {
      // What is in the left one now must be in the right one when that is read afterwards.
      const lefts = await kit.values(left)
      const rights = await kit.values(right)
      expect(rights.slice(0, lefts.length)).toEqual(lefts)
      await pause(0)
    }
    await writer
    expect(await kit.values(left)).toHaveLength(40)
    await producer.close()
  })

  if (!kit.features.faults) return

  test('has nothing of an aborted transaction, and takes it again', async () => {
    const topic = await kit.topic(1)
    const producer = await kit.log().producer(kit.name('tx'))
    const transaction = { records: [record(topic, 'a')], consumed: null }
    kit.under().failNextCommit?.('aborted')
    await expectCode(producer.commit(transaction), 'LOG_ABORTED')
    expect(await kit.values(topic)).toEqual([])
    await producer.commit(transaction)
    expect(await kit.values(topic)).toEqual(['a'])
  })

  test.each([
    ['unknown-committed', ['a']],
    ['unknown-aborted', []],
  ] as const)('shows by its contents what became of a transaction of unknown outcome: %s', async (fault, expected) => {
    const topic = await kit.topic(1)
    const id = kit.name('tx')
    const producer = await kit.log().producer(id)
    kit.under().failNextCommit?.(fault)
    await expectCode(producer.commit({ records: [record(topic, 'a')], consumed: null }), 'LOG_OUTCOME_UNKNOWN')
    const next = await kit.log().producer(id)
    expect(await kit.values(topic)).toEqual(expected)
    await next.commit({ records: [record(topic, 'b')], consumed: null })
    expect(await kit.values(topic)).toEqual([...expected, 'b'])
  })
}
