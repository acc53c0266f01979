/** `npm run decisions`, as an operator meets it, on the data directory of a small demo. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import p2 from '#topologies/credit/credit-policy-p2.json' with { type: 'json' }
import m1 from '#topologies/credit/scorecard-m1.json' with { type: 'json' }
import { endPrograms, Program } from './program.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

const directory = newDirectory('decisions')
const data = join(directory, 'data')
afterEach(endPrograms)
afterAll(removeDirectories)
beforeAll(async () => {
  const demo = new Program('main/demo.ts', ['--limit', '40', '--data-dir', data])
  expect(await demo.ended, demo.stderr).toEqual({ code: 0, signal: null })
}, 180_000)

async function decisions(...args: readonly string[]) {
  const program = new Program('main/decisions.ts', [...args, '--data-dir', data])
  const { code } = await program.ended
  return { code, stdout: program.stdout, stderr: program.stderr }
}
const file = (name: string, content: object) => {
  const path = join(directory, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}
const policy = (over: object) => ({ ...p2, version: 'p7', examples: p2.examples.slice(6, 7), ...over })

test('replays the decisions of the demo to the same bytes', async () => {
  const { code, stdout } = await decisions('replay', '--json')
  expect([code, stdout]).toEqual([0, expect.stringContaining('decisions among them: byte-identical.')])
  const { decisions: count, identical } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(identical).toBe(true)
  expect(count).toBeGreaterThan(30)
}, 60_000)

test('reports what another policy and another model would have decided, the same twice', async () => {
  const changed = file(
    'p7.json',
    policy({ caps: { ...p2.caps, firstPurchase: 10 }, scoring: { model: 'm2', challenger: null } }),
  )
  const model = file('m2.json', { ...m1, version: 'm2', basePoints: 440 })
  const runs = [await decisions('replay', '--policy', changed, '--model', model, '--json')]
  runs.push(await decisions('replay', '--policy', changed, '--model', model, '--json'))
  expect(runs[0]?.code).toBe(0)
  expect(runs[1]?.stdout).toBe(runs[0]?.stdout)
  const report = JSON.parse(runs[0]?.stdout.trim().split('\n').at(-1) ?? '')
  expect(report).toMatchObject({ tested: { policy: 'p7', model: 'm2' }, formula: expect.stringContaining('PD = 1') })
  expect(report.byCurrency[0].lost).toBeGreaterThan(0)
}, 60_000)

test.each([
  ['with a gap', 'gap.json', { bands: p2.bands.slice(1) }, 'CREDIT_POLICY_INVALID'],
  ['with a model nobody has', 'm9.json', { scoring: { model: 'm9', challenger: null } }, 'TESTED_MODEL_UNKNOWN'],
])(
  'refuses a policy %s',
  async (_what, name, over, code) => {
    expect(await decisions('replay', '--policy', file(name, policy(over)))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^${code}: `)),
    })
  },
  60_000,
)

test('refuses a model of another version than the policy names, another format, and a date that is none', async () => {
  const own = file('own.json', policy({}))
  const model = file('m3.json', { ...m1, version: 'm3' })
  const differs = await decisions('replay', '--policy', own, '--model', model)
  expect(differs).toMatchObject({ code: 1, stderr: expect.stringContaining('TESTED_MODEL_DIFFERS: ') })
  const format = await decisions('replay', '--model', file('m4.json', { ...m1, format: 3 }))
  expect(format).toMatchObject({ code: 1, stderr: expect.stringContaining('SCORE_MODEL_FORMAT_UNKNOWN: ') })
  const date = await decisions('replay', '--from', 'yesterday')
  expect(date).toMatchObject({ code: 1, stderr: expect.stringContaining('SETTINGS_INVALID: ') })
}, 60_000)

test.each([
  ['a day that there is not', ['--from', '1997-02-30'], 'SETTINGS_INVALID: '],
  ['an end before the beginning', ['--from', '1997-03-02', '--to', '1997-03-01'], 'SETTINGS_INVALID: '],
  ['days of which there is nothing', ['--from', '2001-01-01'], 'RANGE_EMPTY: '],
  ['the same for a back-test', ['--from', '2001-01-01', '--policy', 'p7.json'], 'RANGE_EMPTY: '],
])(
  'does not say that all is well of %s',
  async (_what, args, code) => {
    const given = args.map((arg) => (arg === 'p7.json' ? file('p7.json', policy({})) : arg))
    expect(await decisions('replay', ...given)).toMatchObject({ code: 1, stderr: expect.stringContaining(code) })
  },
  60_000,
)
