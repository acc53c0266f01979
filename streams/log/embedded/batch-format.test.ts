import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodedBytes } from '../local/record-bytes.ts'
import type { LogRecord } from '../log.ts'
import { encodeBatch, readHeader, readRecords } from './batch-format.ts'

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const content = fc.record({
  step: fc.integer({ min: 1, max: 1000 }),
  timestampMs: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), bytes), { maxLength: 3 }),
})

function recordsOf(
  contents: readonly (Omit<LogRecord, 'topic' | 'partition' | 'offset'> & { step: number })[],
  base: number,
) {
  let offset = base
  return contents.map(({ step, ...rest }) => {
    offset += step
    return { topic: 't', partition: 3, offset, ...rest }
  })
}

describe('the format of a batch', () => {
  test('gives every batch back as it was', () => {
    const base = fc.integer({ min: 0, max: 2 ** 47 })
    fc.assert(
      fc.property(base, fc.array(content, { minLength: 1, maxLength: 8 }), (baseOffset, contents) => {
        const records = recordsOf(contents, baseOffset)
        const nextOffset = (records.at(-1)?.offset as number) + 5
        const encoded = encodeBatch({ baseOffset, nextOffset, tombstonesUntilMs: 17, records })
        const header = readHeader(encoded)
        if (header === null) throw new Error('no header')
        expect(header).toMatchObject({ count: records.length, baseOffset, nextOffset, tombstonesUntilMs: 17 })
        expect(header.maxTimestampMs).toBe(Math.max(...records.map(({ timestampMs }) => timestampMs)))
        expect(readRecords(encoded, header, 't', 3)).toEqual(records)
        expect(encoded.length - records.reduce((sum, record) => sum + encodedBytes(record), 0)).toBe(37)
      }),
    )
  })

  test('notices any byte that is not as it was written, and a batch cut short', () => {
    const record = { topic: 't', partition: 0, offset: 7, timestampMs: 1, key: Buffer.from('k'), headers: [] }
    const records = [{ ...record, value: Buffer.from('value') }]
    const encoded = encodeBatch({ baseOffset: 7, nextOffset: 8, tombstonesUntilMs: 0, records })
    for (let at = 0; at < encoded.length; at++) {
      const changed = Buffer.from(encoded)
      changed[at] = (changed[at] as number) ^ 0x10
      expect(readHeader(changed), `byte ${at}`).toBeNull()
      expect(readHeader(encoded.subarray(0, at)), `length ${at}`).toBeNull()
    }
    expect(readHeader(encoded)).not.toBeNull()
  })
})
