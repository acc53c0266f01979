/**
 * `npm run check`: runs every `check:*` script of package.json, one after the other, and shows what each one says. One
 * that fails does not hide the next; the exit code is 1 where any failed.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** More than any tool has said so far; one that says more is cut off, and counts as failed. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

const root = fileURLToPath(new URL('..', import.meta.url))

/** The `check:*` scripts in the order they stand in package.json: name without the prefix, and command. */
function steps(): [name: string, command: string][] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  return Object.entries(manifest.scripts)
    .filter(([name]) => name.startsWith('check:'))
    .map(([name, command]) => [name.slice('check:'.length), command])
}

/** Runs one command with this Node and the project's own binaries first in the path; true where it went well. */
function run(name: string, command: string): boolean {
  const started = performance.now()
  const path = [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH: path }
  const result = spawnSync(command, { cwd: root, shell: true, encoding: 'utf8', env, maxBuffer: OUTPUT_BYTES_MAX })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const passed = result.status === 0
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(5)} s   ${command}`)
  if (!passed) console.log(`\n${indent(result.stdout + result.stderr + (result.error?.message ?? ''))}\n`)
  return passed
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ')
}

const failed = steps().filter(([name, command]) => !run(name, command))
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.map(([name]) => name).join(', ')}. Each one alone: npm run check:<name>`)
  process.exitCode = 1
}
