import { expect, test } from 'vitest'
import { AnswerBuffers } from './answer-buffers.ts'

const LARGE = 1024 * 1024

test('gives the same bytes again once they were given back, and never twice at a time', () => {
  const buffers = new AnswerBuffers()
  const first = buffers.take(LARGE)
  const second = buffers.take(LARGE)
  expect(second.buffer).not.toBe(first.buffer)
  buffers.giveBack(first)
  const again = buffers.take(LARGE - 1_000)
  expect([again.buffer === first.buffer, again.length]).toEqual([true, LARGE - 1_000])
  expect(buffers.take(LARGE).buffer).not.toBe(first.buffer)
})

test('gives other bytes where those that are there are too few', () => {
  const buffers = new AnswerBuffers()
  const small = buffers.take(LARGE)
  buffers.giveBack(small)
  const large = buffers.take(2 * LARGE)
  expect([large.length, large.buffer === small.buffer]).toEqual([2 * LARGE, false])
  expect(buffers.take(LARGE).buffer).toBe(small.buffer)
})

test('does not use small answers again: they may share their memory with anything', () => {
  const buffers = new AnswerBuffers()
  const small = buffers.take(1_000)
  buffers.giveBack(small)
  const next = buffers.take(LARGE)
  expect(next.length).toBe(LARGE)
  expect(next.buffer).not.toBe(small.buffer)
})
