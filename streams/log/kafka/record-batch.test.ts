import { describe, expect, test } from 'vitest'
import { seededRandom, testSeed } from '../../testing/seed.ts'
import type { ProducerRecord } from '../log.ts'
import { BatchReader, recordsOf } from './batch-reader.ts'
import { COMPRESSIONS } from './options.ts'
import { batchedBytes, encodeBatch } from './record-batch.ts'
import { type AbortedTransaction, visibleBatches } from './visible-batches.ts'

const AT = { topic: 't', partition: 3 }
const PRODUCER = { producerId: 7n, producerEpoch: 2, firstSequence: 11, isTransactional: true }

function record(value: string | null, more: Partial<ProducerRecord> = {}): ProducerRecord {
  const bytes = value === null ? null : Buffer.from(value)
  return { ...AT, timestampMs: 1_700_000_000_000, key: Buffer.from('k'), value: bytes, ...more }
}

/** A batch as a broker gives it: with the offset it was given. */
function placed(batch: Buffer, baseOffset: number): Buffer {
  const copy = Buffer.from(batch)
  copy.writeBigInt64BE(BigInt(baseOffset), 0)
  return copy
}

/** The marker that ends a transaction: a control batch of one record. */
function marker(producerId: bigint, baseOffset: number): Buffer {
  const batch = encodeBatch([record('marker')], { ...PRODUCER, producerId }, 'none')
  batch.writeInt16BE(0x30, 21)
  return placed(batch, baseOffset)
}

function readBatches(bytes: Buffer, from: number, aborted: readonly AbortedTransaction[] = []) {
  const { batches, nextOffset } = visibleBatches(AT, bytes, from, aborted)
  return { records: recordsOf(AT, batches, from), nextOffset, entries: new BatchReader(AT, batches, from) }
}

const valuesOf = (bytes: Buffer, from: number, aborted: readonly AbortedTransaction[] = []) => {
  const { records, nextOffset } = readBatches(bytes, from, aborted)
  return [records.map(({ value }) => String(value)), nextOffset]
}

describe('a record batch', () => {
  test.each(COMPRESSIONS)('gives back what was written, compressed by %s', (compression) => {
    const random = seededRandom(testSeed())
    console.info(`seed ${random.seed}`)
    const records = Array.from({ length: 200 }, (_, i) =>
      record(random.chance(0.1) ? null : 'v'.repeat(random.int(300)), {
        key: random.chance(0.2) ? null : Buffer.from(`key-${'k'.repeat(random.int(100))}${i}`),
        timestampMs: random.int(2) === 0 ? random.int(1e9) : 253_402_300_799_999 - i,
        headers: random.chance(0.3)
          ? [
              ['größe', Buffer.from([i])],
              ['', Buffer.alloc(0)],
            ]
          : [],
      }),
    )
    const batch = encodeBatch(records, PRODUCER, compression)
    expect(batch.length).toBeLessThanOrEqual(records.reduce((sum, one) => sum + batchedBytes(one), 61))
    const { records: read, nextOffset, entries } = readBatches(placed(batch, 1000), 1000)
    expect(read).toEqual(records.map((one, i) => ({ ...one, offset: 1000 + i })))
    expect(nextOffset).toBe(1200)
    const prefix = Buffer.from('some store')
    for (const { key, value, offset } of read) {
      expect([entries.next(), entries.offset]).toEqual([true, offset])
      expect(entries.keyBehind(prefix)).toEqual(key && Buffer.concat([prefix, key]))
      expect(entries.value()).toEqual(value)
    }
    expect(entries.next()).toBe(false)
  })

  test('is read from the asked offset on, and not where its end is missing', () => {
    const whole = placed(encodeBatch([record('a'), record('b'), record('c')], PRODUCER, 'none'), 5)
    const cut = placed(encodeBatch([record('d')], PRODUCER, 'none'), 8).subarray(0, -1)
    expect(valuesOf(Buffer.concat([whole, cut]), 6)).toEqual([['b', 'c'], 8])
    expect(valuesOf(whole.subarray(0, -1), 5)).toEqual([[], 5])
  })

  test('does not count where its transaction was aborted; the next one of the same producer does', () => {
    const mine = (value: string) => encodeBatch([record(value)], PRODUCER, 'none')
    const other = (value: string) => encodeBatch([record(value)], { ...PRODUCER, producerId: 8n }, 'none')
    const bytes = Buffer.concat([
      placed(mine('aborted'), 0),
      placed(other('kept'), 1),
      marker(7n, 2),
      placed(mine('next'), 3),
      marker(7n, 4),
    ])
    expect(valuesOf(bytes, 0, [{ producerId: 7n, firstOffset: 0n }])).toEqual([['kept', 'next'], 5])
    expect(valuesOf(bytes, 0)).toEqual([['aborted', 'kept', 'next'], 5])
  })

  test('has the time of the broker where that was asked of the topic (LogAppendTime)', () => {
    const batch = placed(encodeBatch([record('a'), record('b', { timestampMs: 5 })], PRODUCER, 'none'), 0)
    batch.writeInt16BE(batch.readInt16BE(21) | 0x08, 21)
    batch.writeBigInt64BE(1_800_000_000_000n, 35)
    expect(readBatches(batch, 0).records.map(({ timestampMs }) => timestampMs)).toEqual([1.8e12, 1.8e12])
  })

  test('of a codec nobody knows is refused by name', () => {
    const batch = placed(encodeBatch([record('a')], PRODUCER, 'none'), 40)
    batch.writeInt16BE(6, 21)
    expect(() => readBatches(batch, 40)).toThrow(
      expect.objectContaining({ code: 'LOG_COMPRESSION_UNKNOWN', message: expect.stringContaining('t/3') }),
    )
  })

  test('that is damaged is refused with its place', () => {
    const batch = placed(encodeBatch([record('a'.repeat(600))], PRODUCER, 'gzip'), 40)
    batch.fill(0xff, 61, 90)
    expect(() => readBatches(batch, 40)).toThrow(
      expect.objectContaining({ code: 'LOG_CORRUPT', message: expect.stringContaining('offset 40') }),
    )
  })
})
