import { describe, expect, test } from 'vitest'
import { type LogFaults, nextCommits } from './log-faults.ts'
import { memoryLog } from './memory-log.ts'

const record = { topic: 't', partition: 0, timestampMs: 1, key: null, value: Buffer.from('a') }
const transaction = { records: [record], consumed: null }

async function faultyLog(faults: LogFaults) {
  const log = memoryLog({ faults })
  await log.createTopics([{ name: 't', partitions: 1, cleanup: 'delete', retentionMs: -1 }])
  return { log, producer: await log.producer('p'), end: async () => (await log.endOffsets([record]))[0]?.offset }
}

describe('faults of a log', () => {
  test('befall commits in the order given, and then all goes well', async () => {
    const { producer, end } = await faultyLog({ commit: nextCommits('aborted', undefined, 'storage-full') })
    await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_ABORTED' })
    await producer.commit(transaction)
    await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_STORAGE_FULL' })
    await producer.commit(transaction)
    expect(await end()).toBe(2)
  })

  test('fence a producer for good, and a new one is free', async () => {
    const { log, producer, end } = await faultyLog({ commit: nextCommits('fenced') })
    await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_FENCED' })
    await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_FENCED' })
    await (await log.producer('p')).commit(transaction)
    expect(await end()).toBe(1)
  })

  test('can be decided by what is committed, and by whom', async () => {
    const { log, producer, end } = await faultyLog({
      commit: (_, transactionalId) => (transactionalId === 'p' ? 'unknown-committed' : undefined),
    })
    await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_OUTCOME_UNKNOWN' })
    await (await log.producer('q')).commit(transaction)
    expect(await end()).toBe(2)
  })

  test('delay a commit, and nothing else', async () => {
    const { log, producer, end } = await faultyLog({ commit: nextCommits({ delayMs: 30 }) })
    const commit = producer.commit(transaction)
    await log.append([record])
    expect(await end()).toBe(1)
    await commit
    expect(await end()).toBe(2)
  })

  test('befall appends and fetches, until the test takes them away', async () => {
    const faults: LogFaults = { append: () => new Error('no append'), fetch: () => new Error('no fetch') }
    const { log } = await faultyLog(faults)
    const request = { positions: [{ topic: 't', partition: 0, offset: 0 }], maxBytes: 100, maxWaitMs: 0 }
    await expect(log.append([record])).rejects.toThrow('no append')
    await expect(log.fetch(request)).rejects.toThrow('no fetch')
    faults.append = undefined
    faults.fetch = undefined
    await log.append([record])
    expect((await log.fetch(request))[0]?.records).toHaveLength(1)
  })
})
