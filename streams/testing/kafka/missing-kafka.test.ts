import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const SUITE = 'streams/testing/kafka/fault-proxy.kafka.test.ts'

/** A run of the tests on a machine with neither Java nor Docker. */
function runWithout(env: NodeJS.ProcessEnv): { readonly status: number | null; readonly said: string } {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', SUITE], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: '', ...env },
  })
  return { status, said: stdout + stderr }
}

test('a suite that has no broker is left out, and the run says how to get one', { timeout: 120_000 }, () => {
  const { status, said } = runWithout({})
  expect(said).toMatch(/Skipped \(1\):\n.*a proxy that makes the network fail.*apt-get install openjdk-17-jre-headless/)
  expect(status, said).toBe(0)
})

test('in CI nothing is left out: it fails instead', { timeout: 120_000 }, () => {
  const { status, said } = runWithout({ CI: 'true' })
  expect(said).toMatch(/Nothing is left out in CI.*apt-get install openjdk-17-jre-headless/)
  expect(status, said).toBe(1)
})
