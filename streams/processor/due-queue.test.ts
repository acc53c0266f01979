import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Due } from './due-index.ts'
import { DueQueue } from './due-queue.ts'

const due = fc.record({ timeMs: fc.integer({ min: 0, max: 9 }), key: fc.constantFrom('a', 'b', 'c', 'd') })
const byTime = (a: Due, b: Due) => a.timeMs - b.timeMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

test('gives the earliest first, then by key, however pushes and pops follow each other', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(due, fc.constant(null)), { maxLength: 60 }), (steps) => {
      const queue = new DueQueue()
      let model: Due[] = []
      for (const step of steps) {
        if (step === null) {
          expect(queue.pop()).toEqual(model[0])
          model = model.slice(1)
        } else {
          queue.push(step)
          model = [...model, step].sort(byTime)
        }
      }
      for (const left of model) expect(queue.pop()).toEqual(left)
      expect(queue.pop()).toBeUndefined()
    }),
  )
})
