import { expect, test } from 'vitest'
import { TaskWaiters } from './task-waiters.ts'

test('answers at once where it holds already, or where nobody wants to wait', async () => {
  const waiters = new TaskWaiters()
  expect(await waiters.until('main.0', () => true, 1_000)).toBe(true)
  expect(await waiters.until('main.0', () => false, 0)).toBe(false)
})

test('looks again when the task has moved on, and only for that task', async () => {
  const waiters = new TaskWaiters()
  let position = 0
  let looks = 0
  const check = () => {
    looks++
    return position > 5
  }
  const reached = waiters.until('main.0', check, 5_000)
  waiters.notify('main.1')
  expect(looks).toBe(1)
  position = 3
  waiters.notify('main.0')
  position = 6
  waiters.notify('main.0')
  expect(await reached).toBe(true)
  expect(looks).toBe(3)
})

test('gives up after its time, or when nothing will change any more', async () => {
  const waiters = new TaskWaiters()
  expect(await waiters.until('main.0', () => false, 5)).toBe(false)
  const left = waiters.until('main.0', () => false, 60_000)
  waiters.endAll()
  expect(await left).toBe(false)
})
