import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueKeySerde, dueValueSerde, indexedTime } from './due-index.ts'

const entry = (timeMs: number, key: string, kind = 'd') => `${kind}${String(timeMs).padStart(16, '0')}${key}`

describe('the keys of a due index', () => {
  test('take one byte for the kind, eight for the time, and the key', () => {
    expect(dueKeySerde.serialize(entry(258, 'ä')).toString('hex')).toBe(`64${'0000000000000102'}c3a4`)
  })

  test('are read as they were written, and their bytes are in the order of time', () => {
    const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 })
    const key = fc.string({ unit: 'grapheme', maxLength: 20 })
    fc.assert(
      fc.property(time, key, time, key, (timeA, keyA, timeB, keyB) => {
        const [a, b] = [dueKeySerde.serialize(entry(timeA, keyA)), dueKeySerde.serialize(entry(timeB, keyB))]
        expect(dueKeySerde.deserialize(a)).toBe(entry(timeA, keyA))
        if (timeA !== timeB) expect(Math.sign(a.compare(b))).toBe(Math.sign(timeA - timeB))
      }),
    )
  })

  test('are refused where they are too short', () => {
    expect(() => dueKeySerde.deserialize(Buffer.alloc(8))).toThrow(
      expect.objectContaining({ code: 'SERDE_INVALID_BYTES' }),
    )
  })

  test('stand for themselves', () => {
    expect(dueValueSerde.deserialize(dueValueSerde.serialize(true))).toBe(true)
  })
})

test.each([
  [-5, 0],
  [0, 0],
  [1.2, 2],
  [7, 7],
  [Number.MAX_VALUE, Number.MAX_SAFE_INTEGER - 1],
])('a due time of %d is held as %d', (timeMs, held) => expect(indexedTime(timeMs)).toBe(held))
