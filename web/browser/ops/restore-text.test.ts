import { expect, test } from 'vitest'
import { paceText, restoreText } from './restore-text.ts'

const RESTORE = { records: 620, remaining: 380, bytes: 1, recordsPerSecond: 12_300, bytesPerSecond: 1_500_000 }

test('says how far a restore is, how fast it goes, and how long it still takes', () => {
  expect(restoreText({ ...RESTORE, msLeft: 3_100 })).toBe('62% of 1,000, 12,300 records/s, 1.5 MB/s, 4 s left')
  expect(restoreText({ ...RESTORE, msLeft: 400_000 })).toContain('6 min left')
})

test('says no time where none can be told, and is done where there was nothing to do', () => {
  expect(paceText({ ...RESTORE, recordsPerSecond: 0, bytesPerSecond: 0, msLeft: null })).toBe('0 records/s, 0 B/s')
  expect(restoreText({ ...RESTORE, records: 0, remaining: 0, msLeft: 0 })).toMatch(/^100% of 0/)
})
