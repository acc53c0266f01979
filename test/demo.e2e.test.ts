/** The demo as people use it: its options, what it refuses, and how it ends. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { endPrograms, Program } from './program.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

afterEach(endPrograms)
afterAll(removeDirectories)

/** Starts a demo whose temporary files are in a directory of their own, and names that. */
function demo(...args: readonly string[]): { readonly program: Program; readonly temporary: string } {
  const temporary = join(newDirectory('demo'), 'a folder')
  mkdirSync(temporary, { recursive: true })
  return { program: new Program('main/demo.ts', args, { TMPDIR: temporary }), temporary }
}

function purchasesFile(text: string): string {
  const path = join(newDirectory('purchases'), 'purchases.txt')
  writeFileSync(path, text)
  return path
}

test.each([
  ['a file there is not', ['--purchases', 'no/such/file'], /^PURCHASES_UNUSABLE: .*no\/such\/file \(ENOENT\)/],
  ['a limit of 0', ['--limit', '0'], /^SETTINGS_INVALID: --limit is "0"/],
  ['a limit without a number', ['--limit'], /^SETTINGS_INVALID: .*\n.*--limit needs a value/],
  ['an unknown flag', ['--purchase', 'x'], /^SETTINGS_INVALID: .*\n.*--purchase is not a flag/],
])(
  '%s is refused before anything starts',
  async (_, args, said) => {
    const { program, temporary } = demo(...args)
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr).toMatch(said)
    expect(program.stderr).not.toContain('    at ')
    expect(readdirSync(temporary)).toEqual([])
  },
  60_000,
)

test.each([
  ['', /holds no purchases/],
  ['00001 1 19970101 1 11.77\n00001 1 19970118 x 12.00\n', /, line 2: expected .*found "00001 1 19970118 x 12\.00"/],
  ['00001 1 19970231 1 11.77\n', /, line 1: 1997-02-31 is not a date/],
  ['00001 1 19970101 1 -5.00\n', /, line 1: expected /],
])(
  'a file of purchases that reads %j is refused by its line',
  async (text, said) => {
    const { program } = demo('--purchases', purchasesFile(text))
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr).toMatch(/^PURCHASES_UNUSABLE: /)
    expect(program.stderr).toMatch(said)
  },
  60_000,
)

test("plays a file of one's own, counts what the API refuses, and leaves nothing behind", async () => {
  // The customers 5 and 3 are people whose credit file in the sandbox gives them a limit.
  const file = purchasesFile(
    '5 5 19970101 1 100.00\n5 5 19970102 1 0.00\n2 2 19970102 1 2000.01\r\n3 3 19970102 9 20.00\n',
  )
  const { program, temporary } = demo('--purchases', file, '--json')
  const { code } = await program.ended
  expect([code, program.stderr.replaceAll(/^\d{4}-\d\d-\d\d {2}\d+ %\n/gm, '')]).toEqual([0, ''])
  type Result = { approved: number; declined: Readonly<Record<string, number>>; volume: number }
  const result = JSON.parse(program.stdout.trimEnd().split('\n').at(-1) ?? '') as Result
  expect(result).toEqual({
    ...{ purchases: 4, approved: expect.any(Number), declined: expect.any(Object), refused: 2 },
    volume: expect.any(Number),
    decisionMs: { p50: expect.any(Number), p99: expect.any(Number) },
    ...{ eventsPerSecond: expect.any(Number), reconciled: true, differences: [] },
  })
  // Whom the score lets pass is the model's affair.
  const declined = Object.values(result.declined).reduce((sum, count) => sum + count, 0)
  expect(result.approved + declined).toBe(2)
  expect(result.volume).toBeOneOf([0, 20_00, 100_00, 120_00])
  expect(readdirSync(temporary)).toEqual([])
}, 240_000)

test('interrupted in the middle it stops at once, and leaves nothing behind', async () => {
  const { program, temporary } = demo('--limit', '200')
  await program.says(/ \d+ %/)
  program.signal('SIGINT')
  expect(await program.ended).toEqual({ code: 130, signal: null })
  expect(program.stderr).not.toContain('    at ')
  expect(readdirSync(temporary)).toEqual([])
}, 240_000)

test('with --keep the server answers until it is interrupted', async () => {
  const { program, temporary } = demo('--limit', '3', '--keep', '--json')
  const [, url = ''] = await program.says(/Still running: (http:\S+)\/ops#token=/)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  program.signal('SIGINT')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(readdirSync(temporary)).toEqual([])
}, 240_000)
