/**
 * A Vitest reporter that comes after the usual one: lists what was skipped and why (`context.skip('needs Chromium:
 * apt-get install chromium')`) and what passed only when it was tried again, then ends the run with one plain line,
 * `N passed, N failed`.
 * A file that cannot be loaded and an error outside any test count as failed. Where the variable TEST_SUMMARY names a
 * file, the counts are written there as JSON, for `.ci/run`.
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

/** What a run came to. */
export type TestCounts = { passed: number; failed: number; skipped: number }

function count(modules: readonly TestModule[], errors: readonly SerializedError[]): TestCounts {
  const counts: TestCounts = { passed: 0, failed: errors.length, skipped: 0 }
  for (const module of modules) {
    counts.failed += module.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state !== 'pending') counts[state] += 1
    }
  }
  return counts
}

function skipNotes(tests: Iterable<TestCase>): string[] {
  const notes: string[] = []
  for (const test of tests) {
    const result = test.result()
    if (result.state === 'skipped') notes.push(`  ${test.fullName}: ${result.note ?? 'no reason given'}`)
  }
  return notes
}

/** A test that needs a second try has a fault of its own, in what it waits for: it must be seen, and mended. */
function secondTries(tests: Iterable<TestCase>): string[] {
  return [...tests].filter((test) => test.diagnostic()?.flaky === true).map((test) => `  ${test.fullName}`)
}

/** The reporter; vitest.config.ts names this file. */
export default class TestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = count(modules, errors)
    const notes = modules.flatMap((module) => skipNotes(module.children.allTests()))
    if (notes.length > 0) console.log(`Skipped (${notes.length}):\n${notes.join('\n')}\n`)
    const again = modules.flatMap((module) => secondTries(module.children.allTests()))
    if (again.length > 0) console.log(`Passed at the second try only (${again.length}):\n${again.join('\n')}\n`)
    const target = process.env['TEST_SUMMARY']
    if (target) writeFileSync(target, JSON.stringify(counts))
    console.log(`${counts.passed} passed, ${counts.failed} failed`)
  }
}
