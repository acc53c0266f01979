import { describe, expect, test } from 'vitest'
import type { Position } from '#streams'
import { RecentPositions } from './recent-positions.ts'

const at = (topic: string, offset: number): Position => ({ topic, partition: 0, offset })

/** A sink that has applied nothing until it is told to. */
function sink() {
  const asked: Position[] = []
  let applied = false
  const waiting: (() => void)[] = []
  return {
    asked,
    apply: () => {
      applied = true
      for (const resolve of waiting.splice(0)) resolve()
    },
    waitFor: (position: Position, timeoutMs: number) => {
      asked.push(position)
      if (applied) return Promise.resolve(true)
      return new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs, false)
        waiting.push(() => {
          clearTimeout(timer)
          resolve(true)
        })
      })
    },
  }
}

/** True where the promise is settled within a moment. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const moment = new Promise((resolve) => setTimeout(resolve, 10, 'no'))
  return (await Promise.race([promise, moment])) !== 'no'
}

describe('a read', () => {
  test('waits until the newest event of its caller in each partition is applied', async () => {
    const target = sink()
    const recent = new RecentPositions(target)
    recent.remember(['mer_1', 'con_1'], at('purchase.events', 5))
    recent.remember(['mer_1'], at('purchase.events', 4))
    recent.remember(['mer_1'], at('merchant.events', 9))
    const read = recent.settle('mer_1')
    expect(await isDone(read)).toBe(false)
    target.apply()
    await read
    expect(target.asked).toEqual([at('purchase.events', 5), at('merchant.events', 9)])
  })

  test('waits for nothing where its caller did nothing, or got a stored answer', async () => {
    const target = sink()
    const recent = new RecentPositions(target)
    recent.remember(['mer_1'], null)
    expect(await isDone(recent.settle('mer_1'))).toBe(true)
    expect(await isDone(recent.settle('con_1'))).toBe(true)
    expect(target.asked).toEqual([])
  })

  test('waits once: what it has waited for is forgotten', async () => {
    const target = sink()
    const recent = new RecentPositions(target)
    recent.remember(['con_1'], at('purchase.events', 5))
    target.apply()
    await recent.settle('con_1')
    await recent.settle('con_1')
    expect(target.asked).toHaveLength(1)
  })

  test('keeps what was written while it waited for the next one', async () => {
    const target = sink()
    const recent = new RecentPositions(target)
    recent.remember(['con_1'], at('purchase.events', 5))
    const read = recent.settle('con_1')
    recent.remember(['con_1'], at('purchase.events', 6))
    target.apply()
    await read
    await recent.settle('con_1')
    expect(target.asked).toEqual([at('purchase.events', 5), at('purchase.events', 6)])
  })

  test('waits for what will follow from what its caller did', async () => {
    const target = sink()
    target.apply()
    const recent = new RecentPositions(target)
    const { promise, resolve } = Promise.withResolvers<{ position: Position }>()
    recent.expect(['con_1'], promise)
    const read = recent.settle('con_1')
    expect(await isDone(read)).toBe(false)
    resolve({ position: at('plan.events', 2) })
    await read
    expect(target.asked).toEqual([at('plan.events', 2)])
  })

  test('goes on where what should follow does not come, or the sink is far behind', async () => {
    const recent = new RecentPositions(sink(), 20)
    recent.expect(['con_1'], Promise.reject(new Error('refused')))
    recent.expect(['con_2'], new Promise(() => undefined))
    recent.remember(['con_3'], at('purchase.events', 5))
    const startedMs = performance.now()
    await Promise.all(['con_1', 'con_2', 'con_3'].map((caller) => recent.settle(caller)))
    expect(performance.now() - startedMs).toBeLessThan(1_000)
  })
})
