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
