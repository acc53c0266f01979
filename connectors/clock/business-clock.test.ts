import { expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type MemoryLog, memoryLog } from '#streams'
import { BusinessClock } from './business-clock.ts'

const { clock: topic } = testSchemas().topics

async function emptyLog(): Promise<MemoryLog> {
  const log = memoryLog()
  await log.createTopics([topic])
  return log
}

function openClock(log: MemoryLog, date = '2031-03-03', settle = () => Promise.resolve(true)): Promise<BusinessClock> {
  return BusinessClock.open({ log, topic, mode: 'manual', startMs: dateToMs(date), wallMs: () => 0, settle })
}

test('a manual clock starts and moves where it is told, and goes on there when it is opened again', async () => {
  const log = await emptyLog()
  const clock = await openClock(log)
  expect(clock.now().date).toBe('2031-03-03')
  expect(await clock.moveTo(dateToMs('2031-03-06'))).toEqual({ settled: true })
  expect(clock.now()).toEqual({ timeMs: dateToMs('2031-03-06'), date: '2031-03-06' })
  await expect(clock.moveTo(dateToMs('2031-03-05'))).rejects.toThrow(RangeError)
  await clock.close()
  expect((await openClock(log, '2040-01-01')).now().date).toBe('2031-03-06')
})

test('every day on the way has its own tick, in every partition', async () => {
  const log = await emptyLog()
  const clock = await openClock(log)
  await clock.moveTo(dateToMs('2031-03-06'))
  for (let partition = 0; partition < topic.partitions; partition += 1) {
    const positions = [{ topic: topic.name, partition, offset: 0 }]
    const [fetched] = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 0 })
    const dates = fetched?.records.map(({ value }) => topic.value.deserialize(value as Buffer).date)
    expect(dates).toEqual(['2031-03-03', '2031-03-04', '2031-03-05', '2031-03-06'])
  }
})

test('comes to rest before a move and after each day of it, and says where it did not', async () => {
  const log = await emptyLog()
  const ticksWhenAsked: number[] = []
  const clock = await openClock(log, '2031-03-03', async () => {
    const [end] = await log.endOffsets([{ topic: topic.name, partition: 0 }])
    ticksWhenAsked.push(end?.offset ?? 0)
    return ticksWhenAsked.length !== 1
  })
  expect(await clock.moveTo(dateToMs('2031-03-05'))).toEqual({ settled: false })
  expect(ticksWhenAsked).toEqual([1, 2, 3])
  expect(await clock.moveTo(dateToMs('2031-03-06'))).toEqual({ settled: true })
})

test.each([3, 100])('goes on behind %i records that nobody can read', async (count) => {
  const log = await emptyLog()
  const clock = await openClock(log)
  await clock.moveTo(dateToMs('2031-03-04'))
  await clock.close()
  const bad = { topic: topic.name, partition: 0, timestampMs: 0, key: null, value: Buffer.from('no tick') }
  await log.append(Array.from({ length: count }, () => bad))
  expect((await openClock(log)).now().date).toBe('2031-03-04')
})

/** The dates of the ticks of a partition, in their order. */
async function ticked(log: MemoryLog, partition = 0): Promise<string[]> {
  const positions = [{ topic: topic.name, partition, offset: 0 }]
  const [fetched] = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 0 })
  return (fetched?.records ?? []).map(({ value }) => topic.value.deserialize(value as Buffer).date)
}

test('of clocks that open at the same time one begins, and all go with it', async () => {
  const log = await emptyLog()
  const clocks = await Promise.all([openClock(log), openClock(log, '2031-04-01'), openClock(log, '2031-05-01')])
  expect(await ticked(log)).toHaveLength(1)
  const [first] = await ticked(log)
  for (const clock of clocks) await expect.poll(() => clock.now().date).toBe(first)
  await clocks[1]?.moveTo(dateToMs('2031-05-03'))
  for (const clock of clocks) await expect.poll(() => clock.now().date).toBe('2031-05-03')
  await Promise.all(clocks.map((clock) => clock.close()))
})

test('of two that move time at once one wins, the other says so, and no day is ticked twice', async () => {
  const log = await emptyLog()
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>()
  const { promise: goOn, resolve: release } = Promise.withResolvers<boolean>()
  let asked = 0
  // In the middle of its move: the first day is ticked, and the platform has not come to rest.
  const slow = await openClock(log, '2031-03-03', () => {
    asked += 1
    if (asked !== 2) return Promise.resolve(true)
    hold()
    return goOn
  })
  const fast = await openClock(log)
  const moving = slow.moveTo(dateToMs('2031-03-09'))
  const failed = expect(moving).rejects.toMatchObject({ code: 'CLOCK_MOVED_ELSEWHERE' })
  await isHeld
  await fast.moveTo(dateToMs('2031-03-06'))
  release(true)
  await failed
  expect(await ticked(log)).toEqual(['2031-03-03', '2031-03-04', '2031-03-05', '2031-03-06'])
  await expect.poll(() => slow.now().date).toBe('2031-03-06')
  await expect(slow.moveTo(dateToMs('2031-03-05'))).rejects.toThrow(RangeError)
  expect(await slow.moveTo(dateToMs('2031-03-07'))).toEqual({ settled: true })
  await Promise.all([slow.close(), fast.close()])
})

test('of live clocks one ticks, and another goes on when it has left', async () => {
  const log = await emptyLog()
  let wallMs = dateToMs('2031-03-05') + 3_600_000
  const open = (instanceId: string) =>
    BusinessClock.open({
      ...{ log, topic, mode: 'live', startMs: dateToMs('2031-03-03'), wallMs: () => wallMs, instanceId },
      settle: () => Promise.resolve(true),
    })
  const first = await open('a')
  const second = await open('b')
  const days = ['2031-03-03', '2031-03-04', '2031-03-05', '2031-03-05']
  await expect.poll(() => ticked(log)).toEqual(days)
  expect(second.now()).toEqual(first.now())
  wallMs += 86_400_000
  await first.close()
  await expect.poll(() => ticked(log)).toEqual([...days, '2031-03-06', '2031-03-06'])
  expect(second.now().date).toBe('2031-03-06')
  // Moved by hand it goes on from there, also where somebody else was asked.
  const third = await open('c')
  await third.moveTo(dateToMs('2031-03-08'))
  await expect.poll(() => second.now().date).toBe('2031-03-08')
  wallMs += 1_000
  await expect.poll(() => second.now().timeMs).toBe(dateToMs('2031-03-08') + 1_000)
  await Promise.all([second.close(), third.close()])
})
