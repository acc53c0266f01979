import { expect, test } from 'vitest'
import { RateMeter } from './rate-meter.ts'

test('gives the events a second over the last whole second, ten seconds and minute', () => {
  let now = 1_000_000
  const meter = new RateMeter(() => now)
  for (let second = 0; second < 60; second++) {
    meter.mark(second < 50 ? 6 : 30)
    now += 1_000
  }
  expect(meter.rates()).toEqual({ perSecond1s: 30, perSecond10s: 30, perSecond1m: (50 * 6 + 10 * 30) / 60 })
})

test('leaves out the running second and forgets what is older than a minute', () => {
  let now = 5_000
  const meter = new RateMeter(() => now)
  meter.mark(60)
  expect(meter.rates()).toEqual({ perSecond1s: 0, perSecond10s: 0, perSecond1m: 0 })
  now += 1_000
  expect(meter.rates()).toEqual({ perSecond1s: 60, perSecond10s: 6, perSecond1m: 1 })
  now += 61_000
  meter.mark(0)
  expect(meter.rates()).toEqual({ perSecond1s: 0, perSecond10s: 0, perSecond1m: 0 })
})
