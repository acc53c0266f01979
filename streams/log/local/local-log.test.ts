import { describe, expect, test } from 'vitest'
import { MemoryStorage } from '../memory/memory-storage.ts'
import { LOCAL_LOG_DEFAULTS, LocalLog } from './local-log.ts'

const open = () => new LocalLog(new MemoryStorage(), LOCAL_LOG_DEFAULTS)
const topic = (name: string, partitions = 1) => ({ name, partitions, cleanup: 'delete' as const, retentionMs: -1 })
const record = { topic: 't', partition: 0, timestampMs: 1, key: null, value: Buffer.from('a') }

describe('a log inside one process', () => {
  test('refuses topics that Kafka would refuse', async () => {
    const log = open()
    for (const bad of [
      topic('with space'),
      topic(''),
      topic('..'),
      topic('x'.repeat(250)),
      topic('t', 0),
      topic('t', 1.5),
      { ...topic('t'), retentionMs: -2 },
    ]) {
      await expect(log.createTopics([bad])).rejects.toMatchObject({ code: 'LOG_TOPIC_INVALID' })
    }
    expect(await log.topics()).toEqual([])
  })

  test('makes a topic once when it is asked for twice at the same time', async () => {
    const log = open()
    await Promise.all([log.createTopics([topic('t', 2)]), log.createTopics([topic('t', 2), topic('t', 2)])])
    expect(await log.topics()).toEqual([topic('t', 2)])
  })

  test('refuses a timestamp that is not whole milliseconds', async () => {
    const log = open()
    await log.createTopics([topic('t')])
    for (const timestampMs of [1.5, Number.NaN, Infinity]) {
      await expect(log.append([{ ...record, timestampMs }])).rejects.toMatchObject({ code: 'LOG_RECORD_INVALID' })
    }
  })

  test('takes one transaction of a producer at a time, and none of a closed one', async () => {
    const log = open()
    await log.createTopics([topic('t')])
    const producer = await log.producer('p')
    const first = producer.commit({ records: [record], consumed: null })
    await expect(producer.commit({ records: [record], consumed: null })).rejects.toMatchObject({
      code: 'LOG_PRODUCER_BUSY',
    })
    await first
    await producer.close()
    await expect(producer.commit({ records: [record], consumed: null })).rejects.toMatchObject({ code: 'LOG_CLOSED' })
  })

  test('wakes only those who wait for the partition that was written, and leaves nothing behind', async () => {
    const log = open()
    await log.createTopics([topic('t', 3)])
    const wait = (...partitions: number[]) => {
      const positions = partitions.map((partition) => ({ topic: 't', partition, offset: 0 }))
      return log.fetch({ positions, maxBytes: 100, maxWaitMs: 60_000 })
    }
    const woken: string[] = []
    const interested = wait(0, 1).then(() => woken.push('interested'))
    const other = wait(2).then(() => woken.push('other'))
    await new Promise((resolve) => setTimeout(resolve, 10))
    await log.append([record])
    await interested
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(woken).toEqual(['interested'])
    await log.close()
    await other
  })

  test('lets other work of the process through while a reader always finds something', async () => {
    const log = open()
    await log.createTopics([topic('t')])
    await log.append([record])
    let through = false
    setTimeout(() => {
      through = true
    }, 1)
    const deadline = performance.now() + 5000
    while (!through && performance.now() < deadline) {
      await log.fetch({ positions: [{ topic: 't', partition: 0, offset: 0 }], maxBytes: 100, maxWaitMs: 0 })
    }
    expect(through).toBe(true)
  })
})
