import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FetchedPartition, LogRecord, Position } from '../log.ts'
import { packFetch, packPositions, unpackFetch, unpackPositions } from './packed-fetch.ts'
import { packReceipt, packTransaction, unpackReceipt, unpackTransaction } from './packed-transaction.ts'
import { PartitionTable } from './partition-table.ts'

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const offset = fc.integer({ min: 0, max: 2 ** 47 })
const partition = fc.record({ topic: fc.constantFrom('t', 'u', 'a much longer name'), partition: fc.nat({ max: 3 }) })
const content = fc.record({
  timestampMs: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), bytes), { maxLength: 3 }),
})
const producerRecord = fc.tuple(partition, content).map(([at, rest]) => ({ ...at, ...rest }))
const position = fc.tuple(partition, offset).map(([at, where]): Position => ({ ...at, offset: where }))
const fetched = fc
  .tuple(partition, offset, offset, offset, fc.array(content, { maxLength: 4 }))
  .map(([at, baseOffset, nextOffset, endOffset, contents]): FetchedPartition => {
    // Gaps between offsets are the rule on logs that compact.
    const records = contents.map((one, index): LogRecord => ({ ...at, offset: baseOffset + index * 7, ...one }))
    return { ...at, records, nextOffset, endOffset }
  })

test('a transaction comes out as it was put in, whatever was sent before it', () => {
  const transaction = fc.tuple(fc.array(producerRecord, { maxLength: 8 }), fc.array(position, { maxLength: 4 }))
  fc.assert(
    fc.property(fc.array(transaction, { minLength: 1, maxLength: 4 }), (transactions) => {
      const [here, there] = [new PartitionTable(), new PartitionTable()]
      for (const [records, positions] of transactions) {
        const out = unpackTransaction(packTransaction(records, positions, here), there)
        expect(out.positions).toEqual(positions)
        expect(out.records).toEqual(records.map((record) => ({ ...record, offset: 0 })))
        expect(unpackReceipt(packReceipt({ positions }, there), here)).toEqual({ positions })
      }
    }),
  )
})

test('a fetch comes out as it was put in', () => {
  fc.assert(
    fc.property(fc.array(fetched, { maxLength: 6 }), fc.array(position, { maxLength: 4 }), (all, earlier) => {
      const [here, there] = [new PartitionTable(), new PartitionTable()]
      expect(unpackPositions(packPositions(earlier, here), there)).toEqual(earlier)
      const asked = all.map(({ topic, partition: of, nextOffset }) => ({ topic, partition: of, offset: nextOffset }))
      expect(unpackPositions(packPositions(asked, here), there)).toEqual(asked)
      expect(unpackFetch(packFetch(all), asked)).toEqual(all)
    }),
  )
})

test('a number that nobody was told of is an error, not another partition', () => {
  const table = new PartitionTable()
  table.numberOf('t', 0)
  expect(() => new PartitionTable().at(0)).toThrow('no partition number 0')
  expect(table.takeFresh()).toEqual([{ topic: 't', partition: 0 }])
  expect(table.takeFresh()).toEqual([])
})
