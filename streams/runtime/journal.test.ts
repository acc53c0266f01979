import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJournal, encodeJournal, JournalWriter } from './journal.ts'

describe('the journal', () => {
  test('says in a few bytes in which order topics were met', () => {
    const writer = new JournalWriter()
    for (let offset = 0; offset < 500; offset++) writer.add('payments', 1_000_000 + 2 * offset)
    for (let offset = 0; offset < 300; offset++) writer.add('clock', offset)
    writer.add('payments', 2_000_000)
    const bytes = writer.take()
    expect(bytes.length).toBeLessThan(40)
    expect(decodeJournal(bytes)).toEqual({
      starts: [
        { topic: 'payments', offset: 1_000_000 },
        { topic: 'clock', offset: 0 },
      ],
      runs: [
        { topic: 'payments', count: 500 },
        { topic: 'clock', count: 300 },
        { topic: 'payments', count: 1 },
      ],
    })
    expect(decodeJournal(writer.take())).toEqual({ starts: [], runs: [] })
  })

  test('is read as it was written, whatever the names and numbers', () => {
    const topics = ['a', 'ä-topic', 'x'.repeat(249)]
    const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const run = fc.record({ topic: fc.constantFrom(...topics), count: fc.integer({ min: 1, max: 2 ** 40 }) })
    fc.assert(
      fc.property(fc.tuple(offset, offset, offset), fc.array(run, { maxLength: 50 }), (offsets, runs) => {
        const entry = { starts: topics.map((topic, index) => ({ topic, offset: offsets[index] ?? 0 })), runs }
        expect(decodeJournal(encodeJournal(entry))).toEqual(entry)
      }),
    )
  })

  test('is refused with a clear error where it is cut short or something else', () => {
    const bytes = encodeJournal({ starts: [{ topic: 'a', offset: 300 }], runs: [{ topic: 'a', count: 7 }] })
    const refused = expect.objectContaining({ code: 'STREAMS_JOURNAL_INVALID' })
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeJournal(bytes.subarray(0, length))).toThrow(refused)
    }
    expect(() => decodeJournal(Buffer.from('{}'))).toThrow(refused)
    expect(() => decodeJournal(Buffer.from([1, 0, 1, 5, 1]))).toThrow(refused)
    expect(() => decodeJournal(Buffer.from([1, ...Array(12).fill(0xff)]))).toThrow(refused)
  })
})
