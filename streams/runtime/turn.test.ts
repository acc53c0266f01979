import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turn } from './turn.ts'

/** Works for so many milliseconds, without a pause. */
function work(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

test('tasks that work on and on let others go between, and each other', async () => {
  let rounds = 0
  let isOver = false
  const others = async () => {
    for (; !isOver; rounds++) await setImmediate()
  }
  const order: number[] = []
  const task = async (name: number) => {
    const turn = new Turn()
    turn.begin()
    for (let record = 0; record < 100; record++) {
      if (turn.isOver()) await turn.pass()
      work(0.5)
      order.push(name)
    }
  }
  const beside = others()
  await Promise.all([1, 2, 3, 4].map(task))
  isOver = true
  await beside
  // 200 ms of work, of some milliseconds at a stretch.
  expect(rounds).toBeGreaterThan(20)
  expect(order.indexOf(4)).toBeLessThan(order.lastIndexOf(1))
})

test('who has little to do need not wait', async () => {
  const turn = new Turn()
  turn.begin()
  expect(turn.isOver()).toBe(false)
  work(10)
  expect(turn.isOver()).toBe(true)
  await turn.pass()
  expect(turn.isOver()).toBe(false)
})
