import { describe, expect, test } from 'vitest'
import { AppliedPositions } from './applied-positions.ts'

const at = (offset: number) => ({ topic: 'events', partition: 0, offset })
const LONG_MS = 60_000

describe('AppliedPositions', () => {
  test('lets a reader go on when the record it waits for is applied', async () => {
    const positions = new AppliedPositions()
    const waited = positions.waitFor(at(5), LONG_MS)
    positions.advance([at(5)])
    positions.advance([at(6)])
    expect(await waited).toBe(true)
    expect(positions.applied('events', 0)).toBe(6)
    expect(await positions.waitFor(at(5), 0)).toBe(true)
  })

  test('lets it go on without the record after its time', async () => {
    expect(await new AppliedPositions().waitFor(at(0), 5)).toBe(false)
  })

  test('lets everybody go when it is closed', async () => {
    const positions = new AppliedPositions()
    const waited = positions.waitFor(at(0), LONG_MS)
    positions.close()
    expect(await waited).toBe(false)
  })

  test('rests while nobody waits, and not a moment longer', async () => {
    const positions = new AppliedPositions()
    const resting = positions.rest(LONG_MS, new AbortController().signal)
    const waited = positions.waitFor(at(0), LONG_MS)
    await resting
    await positions.rest(LONG_MS, new AbortController().signal)
    positions.advance([at(1)])
    expect(await waited).toBe(true)
    await positions.rest(LONG_MS, AbortSignal.timeout(5))
    await positions.rest(1, new AbortController().signal)
  })
})
