/** `npm run policy -- lint FILE`, as an operator meets it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'fourfold-policy-'))
afterAll(() => rmSync(directory, { recursive: true }))

const project = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const FILE = project('topologies/credit/credit-policy-p2.json')
const text = readFileSync(FILE, 'utf8')

function policy(...words: readonly string[]) {
  return run(process.execPath, [project('main/policy.ts'), ...words], {
    env: { ADMIN_TOKEN: 'token of the tests' },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, stdout: error.stdout, stderr: error.stderr },
    }),
  )
}

test('finds nothing wrong with the policy of the platform', async () => {
  const { code, stdout } = await policy('lint', FILE, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ version: 'p2', problems: [] })
})

test('reads a file that an editor has marked as UTF-8', async () => {
  const file = join(directory, 'marked.json')
  writeFileSync(file, `\uFEFF${text}`)
  expect((await policy('lint', file)).code).toBe(0)
})

test.each([
  [
    'a gap',
    text.replace('"scoreMax": 399', '"scoreMax": 389'),
    'POLICY_BAND_GAP',
    'no band has the scores 390 to 399, before starter',
  ],
  [
    'an overlap',
    text.replace('"scoreMax": 399', '"scoreMax": 420'),
    'POLICY_BAND_OVERLAP',
    'the bands none and starter overlap: both have the scores 400 to 420',
  ],
  [
    'an example that fails',
    text.replace('"counterOffer": 600', '"counterOffer": 500'),
    'POLICY_EXAMPLE_FAILS',
    'and not beyond, with an offer',
  ],
  ['another format', text.replace('"format": 1', '"format": 9'), 'POLICY_FORM', 'format must be 1'],
  [
    'a part twice',
    text.replace('"knockOut": {', '"knockOut": { "delinquenciesMax": 9 },\n  "knockOut": {'),
    'POLICY_NAME_TWICE',
    'the key knockOut stands there twice',
  ],
  ['half a file', text.slice(0, 200), 'POLICY_FORM', 'cannot be read'],
])('exits 1 for a file with %s, and says where', async (what, content, problemCode, problem) => {
  const file = join(directory, `${what.replaceAll(' ', '-')}.json`)
  writeFileSync(file, content)
  const { code, stdout, stderr } = await policy('lint', file, '--json')
  expect([code, stderr]).toEqual([1, expect.stringContaining(problem)])
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '').problems).toContainEqual({
    code: problemCode,
    text: expect.stringContaining(problem),
  })
})

test.each([
  ['a file that is not there', ['lint', join(directory, 'none.json')], 'cannot be read'],
  ['no file', ['lint'], 'COMMAND_UNKNOWN'],
  ['another command', ['print', FILE], 'COMMAND_UNKNOWN'],
  ['a platform that is not there', ['publish', FILE, '--url', 'http://127.0.0.1:9'], 'PLATFORM_UNREACHABLE'],
])('exits 1 for %s', async (_what, words, problem) => {
  expect(await policy(...words)).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) })
})

test('says what it does where nothing is asked', async () => {
  expect(await policy()).toMatchObject({ code: 0, stdout: expect.stringContaining('lint FILE') })
})
