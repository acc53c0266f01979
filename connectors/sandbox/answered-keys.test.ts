import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AnsweredKeys } from './answered-keys.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fourfold-keys-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

const open = (keysMax = 100) => new AnsweredKeys({ name: 'test', directory, keysMax })

test('knows after a restart what it answered, whatever stands in a key', async () => {
  const first = open()
  first.set('tab\tand\nline', { requestHash: 'abc', note: 'refund ch_1 5' })
  await first.close()
  const second = open()
  expect(second.get('tab\tand\nline')).toEqual({ requestHash: 'abc', note: 'refund ch_1 5' })
  expect(second.notes()).toEqual(['refund ch_1 5'])
  await second.close()
})

test('goes on after a line that a crash cut off', async () => {
  const first = open()
  first.set('a', { requestHash: 'abc', note: '' })
  await first.close()
  appendFileSync(join(directory, 'test.keys'), 'b\tcut')
  const second = open()
  second.set('c', { requestHash: 'def', note: '' })
  await second.close()
  const third = open()
  expect([third.get('a'), third.get('b'), third.get('c')?.requestHash]).toEqual([
    { requestHash: 'abc', note: '' },
    undefined,
    'def',
  ])
  await third.close()
})

test('forgets the oldest keys beyond so many, in the file too', async () => {
  const first = open(2)
  for (const key of ['a', 'b', 'c']) first.set(key, { requestHash: key, note: '' })
  expect([first.get('a'), first.get('c')?.requestHash]).toEqual([undefined, 'c'])
  await first.close()
  await open(2).close()
  expect(readFileSync(join(directory, 'test.keys'), 'utf8')).toBe('b\tb\t\nc\tc\t\n')
})

test('keeps nothing on disk without a directory', async () => {
  const keys = new AnsweredKeys({ name: 'test' })
  keys.set('a', { requestHash: 'abc', note: '' })
  await keys.close()
  expect(new AnsweredKeys({ name: 'test' }).get('a')).toBeUndefined()
})
