import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

async function run(name: string): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [pathOf(name)], { timeout: 15_000 })
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

describe('the examples run and print what they promise', () => {
  test('1: word count', async () => {
    expect((await run('1-word-count.ts')).slice(-4)).toEqual(['to 2', 'be 2', 'or 1', 'not 1'])
  })

  test('2: joins', async () => {
    expect(await run('2-joins.ts')).toEqual([
      'sales {"text":"Ann buys 2 tea","amount":6}',
      'unpriced {"article":"rum","customer":"c-1","count":1}',
    ])
  })

  test('3: a decider', async () => {
    expect(await run('3-decider.ts')).toEqual([
      '{"type":"Held","seat":"12A","atMs":0}',
      '{"type":"Refused","seat":"12A","atMs":60000}',
      '{"type":"Released","seat":"12A","atMs":600000}',
      '{"type":"Held","seat":"12A","atMs":660000}',
      '{"type":"Sold","seat":"12A","atMs":720000}',
      "{ status: 'sold', heldAtMs: 720000 }",
    ])
  })
})

test('the program in the README is the first example, word for word', () => {
  const readme = readFileSync(pathOf('../README.md'), 'utf8')
  const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1]
  expect(program).toBe(readFileSync(pathOf('1-word-count.ts'), 'utf8'))
})
