import { describe, expect, test } from 'vitest'
import { StreamsError } from '../../errors.ts'
import { MemoryStorage } from '../memory/memory-storage.ts'
import { LOCAL_LOG_DEFAULTS, LocalLog, type LocalLogOptions } from './local-log.ts'
import type { RecordBatch } from './log-storage.ts'

/** A storage whose writes end when the test says so. */
class HeldStorage extends MemoryStorage {
  readonly writes: { readonly batches: readonly RecordBatch[]; readonly end: (error?: Error) => void }[] = []

  override write(batches: readonly RecordBatch[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error) => {
        if (error === undefined) resolve(super.write(batches, []))
        else reject(error)
      }
      this.writes.push({ batches, end })
    })
  }
}

const record = (value: string, partition = 0) => {
  return { topic: 't', partition, timestampMs: 1, key: null, value: Buffer.from(value) }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function heldLog(writeBytesMax = 1000, more: Partial<LocalLogOptions> = {}) {
  const storage = new HeldStorage()
  const log = new LocalLog(storage, { ...LOCAL_LOG_DEFAULTS, writeBytesMax, ...more })
  await log.createTopics([{ name: 't', partitions: 2, cleanup: 'delete', retentionMs: -1 }])
  const end = async (error?: Error) => {
    storage.writes.at(-1)?.end(error)
    await turn()
  }
  return { storage, log, end }
}
const valuesOf = (batches: readonly RecordBatch[] | undefined) => {
  return batches?.map((batch) => batch.records.map(({ value }) => String(value)).join(''))
}

describe('group commit', () => {
  test('puts what arrives during a write into the next one, and answers each step alone', async () => {
    const { storage, log, end } = await heldLog()
    const first = log.append([record('a')])
    await turn()
    const later = [log.append([record('b'), record('c', 1)]), log.append([record('d')]), log.append([record('e', 1)])]
    await turn()
    expect(storage.writes).toHaveLength(1)
    await end()
    expect(await first).toEqual([0])
    expect(storage.writes).toHaveLength(2)
    expect(valuesOf(storage.writes[1]?.batches)).toEqual(['bd', 'ce'])
    await end()
    expect(await Promise.all(later)).toEqual([[1, 0], [2], [1]])
  })

  test('keeps a write near its size, in the order asked', async () => {
    const { storage, log, end } = await heldLog(10)
    const steps = ['aaaaaa', 'bbbb', 'cc', 'dddddddddddddddddddd', 'e'].map((value) => log.append([record(value)]))
    for (let i = 0; i < 4; i++) {
      await turn()
      await end()
    }
    await Promise.all(steps)
    expect(storage.writes.map(({ batches }) => valuesOf(batches)?.[0])).toEqual([
      'aaaaaabbbb',
      'cc',
      'dddddddddddddddddddd',
      'e',
    ])
  })

  test('shows a reader nothing before its write is done', async () => {
    const { log, end } = await heldLog()
    const append = log.append([record('a')])
    await turn()
    const [before] = await log.fetch({
      positions: [{ topic: 't', partition: 0, offset: 0 }],
      maxBytes: 9,
      maxWaitMs: 0,
    })
    expect(before).toMatchObject({ records: [], endOffset: 0 })
    await end()
    await append
    const [after] = await log.fetch({ positions: [{ topic: 't', partition: 0, offset: 0 }], maxBytes: 9, maxWaitMs: 0 })
    expect(after?.records).toHaveLength(1)
  })

  test('fails every step of a failed write, and takes none afterwards', async () => {
    const { log, storage, end } = await heldLog()
    const first = log.append([record('a')])
    await turn()
    const waiting = log.append([record('b')])
    const outcomes = Promise.allSettled([first, waiting])
    await end(new Error('the disk is gone'))
    const [one, two] = await outcomes
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'LOG_OUTCOME_UNKNOWN' } })
    expect(two).toMatchObject({ status: 'rejected', reason: { code: 'LOG_POISONED' } })
    await expect(log.append([record('c')])).rejects.toMatchObject({
      code: 'LOG_POISONED',
      message: expect.stringContaining('the disk is gone'),
    })
    expect(storage.writes).toHaveLength(1)
    expect(await log.endOffsets([{ topic: 't', partition: 0 }])).toEqual([{ topic: 't', partition: 0, offset: 0 }])
  })

  test('tells its owner once that it takes no writes any more, and why', async () => {
    const told: StreamsError[] = []
    const { log, end } = await heldLog(1000, { onPoisoned: (error) => told.push(error) })
    const first = Promise.allSettled([log.append([record('a')])])
    await turn()
    expect(told).toEqual([])
    await end(new StreamsError('LOG_STORAGE_FULL', 'no space'))
    await first
    await expect(log.append([record('b')])).rejects.toMatchObject({ code: 'LOG_STORAGE_FULL' })
    expect(told).toMatchObject([{ code: 'LOG_STORAGE_FULL', message: 'no space' }])
  })

  test('goes on saying that the storage is full, for that is what to mend', async () => {
    const { log, end } = await heldLog()
    const first = Promise.allSettled([log.append([record('a')])])
    await turn()
    await end(new StreamsError('LOG_STORAGE_FULL', 'no space'))
    expect((await first)[0]).toMatchObject({ reason: { code: 'LOG_STORAGE_FULL' } })
    await expect(log.append([record('b')])).rejects.toMatchObject({ code: 'LOG_STORAGE_FULL' })
  })

  test('answers for committed positions only when what was accepted before is decided', async () => {
    const { log, end } = await heldLog()
    const reset = log.resetPositions('g', [{ topic: 't', partition: 0, offset: 4 }])
    await turn()
    const committed = log.committed('g', [{ topic: 't', partition: 0 }])
    await end()
    await reset
    expect(await committed).toEqual([{ topic: 't', partition: 0, offset: 4 }])
  })

  test('answers for committed positions while others go on committing without a pause', async () => {
    const log = new LocalLog(new MemoryStorage(), LOCAL_LOG_DEFAULTS)
    await log.createTopics([{ name: 't', partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    let going = true
    const write = async () => {
      for (let i = 0; going && i < 100_000; i++) await log.append([record('a')])
      return going
    }
    const writers = [write(), write(), write()]
    await log.committed('g', [{ topic: 't', partition: 0 }])
    await log.producer('p')
    going = false
    expect(await Promise.all(writers), 'a writer came to its end before the answer').toEqual([false, false, false])
  })

  test('closes after what is on its way is done, and takes nothing more', async () => {
    const { log, end } = await heldLog()
    const append = log.append([record('a')])
    await turn()
    const closed = log.close()
    await expect(log.append([record('b')])).rejects.toMatchObject({ code: 'LOG_CLOSED' })
    await end()
    expect(await append).toEqual([0])
    await closed
    await expect(log.fetch({ positions: [], maxBytes: 1, maxWaitMs: 0 })).rejects.toMatchObject({ code: 'LOG_CLOSED' })
  })
})
