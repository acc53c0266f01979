import { expect, test } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'

test('reads a checkpoint back as it was', () => {
  for (const offset of [0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    expect(decodeCheckpoint(encodeCheckpoint({ offset, savedAtMs: 1_700_000_000_000 }))).toEqual({
      offset,
      savedAtMs: 1_700_000_000_000,
    })
  }
})

test('refuses bytes that are no checkpoint', () => {
  expect(() => decodeCheckpoint(Buffer.from('x'))).toThrow(/16 bytes/)
})
