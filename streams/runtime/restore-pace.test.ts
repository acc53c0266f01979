import { expect, test } from 'vitest'
import { RestorePace } from './restore-pace.ts'

test('tells the rate and the time left', () => {
  let now = 1_000
  const pace = new RestorePace(() => now, 1_000)
  expect(pace.progress()).toMatchObject({ records: 0, remaining: 1_000, recordsPerSecond: 0, msLeft: null })
  now += 500
  pace.mark({ records: 90, bytes: 4_500 }, 900)
  expect(pace.progress()).toEqual({
    ...{ records: 90, bytes: 4_500, remaining: 900 },
    ...{ recordsPerSecond: 180, bytesPerSecond: 9_000, msLeft: 4_500 },
  })
  now += 500
  pace.mark({ records: 100, bytes: 5_000 }, 0)
  expect(pace.progress()).toMatchObject({ records: 100, bytes: 5_000, remaining: 0, recordsPerSecond: 100, msLeft: 0 })
})

test('goes by the last ten seconds: a restore that has slowed down takes longer', () => {
  let now = 0
  const pace = new RestorePace(() => now, 100_000)
  now += 1_000
  pace.mark({ records: 50_000, bytes: 0 }, 50_000)
  for (let second = 0; second < 20; second++) {
    now += 1_000
    pace.mark({ records: 50_000 + (second + 1) * 100, bytes: 0 }, 50_000 - (second + 1) * 100)
  }
  expect(pace.progress().recordsPerSecond).toBe(100)
  expect(pace.progress().msLeft).toBe(480_000)
})

test('takes short steps together', () => {
  let now = 0
  const pace = new RestorePace(() => now, 100_000)
  for (let step = 1; step <= 50_000; step++) {
    now += 1
    pace.mark({ records: step, bytes: 0 }, 100_000 - step)
  }
  expect(pace.progress()).toMatchObject({ records: 50_000, recordsPerSecond: 1_000, msLeft: 50_000 })
})

test('has no time left to tell where nothing moves', () => {
  let now = 0
  const pace = new RestorePace(() => now, 10)
  now += 1_000
  pace.mark({ records: 0, bytes: 0 }, 10)
  expect(pace.progress()).toMatchObject({ recordsPerSecond: 0, msLeft: null })
})
