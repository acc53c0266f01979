import { expect, test } from 'vitest'
import { rememberLast } from './remember-last.ts'

test('computes once for the same arguments, and anew for any other', () => {
  const asked: string[] = []
  const joined = rememberLast((left: string, right: number | null) => {
    asked.push(`${left}${right}`)
    return { text: `${left}${right}` }
  })
  const first = joined('a', 1)
  expect(joined('a', 1)).toBe(first)
  expect(joined('a', 2)).toEqual({ text: 'a2' })
  expect(joined('b', 2)).toEqual({ text: 'b2' })
  expect(joined('a', 1)).toEqual(first)
  expect(asked).toEqual(['a1', 'a2', 'b2', 'a1'])
})

test('remembers nothing of a call that throws', () => {
  let calls = 0
  const failing = rememberLast((fails: boolean) => {
    calls++
    if (fails) throw new Error('cannot')
    return calls
  })
  expect(() => failing(true)).toThrow('cannot')
  expect(() => failing(true)).toThrow('cannot')
  expect([failing(false), failing(false)]).toEqual([3, 3])
})
