import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a benchmark prints as its last line. */
export type BenchResult = { readonly name: string; readonly figures: Readonly<Record<string, number | string>> }

const BENCHES = ['stateful-topology.ts', 'api-decisions.ts'] as const

/**
 * `npm run bench`: each benchmark in a process of its own, one after the other, so that neither memory nor compiled
 * code of one helps or hinders the next. `--json` ends with one line of JSON; `--quick` runs each shorter.
 */
async function main(): Promise<void> {
  const json = process.argv.includes('--json')
  const passed = process.argv.includes('--quick') ? ['--quick'] : []
  const results: BenchResult[] = []
  for (const bench of BENCHES) {
    const script = new URL(bench, import.meta.url).pathname
    const { stdout } = await run(process.execPath, [script, ...passed], { maxBuffer: 16_777_216 })
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as BenchResult
    results.push(result)
    console.log(render(result))
  }
  if (json) console.log(JSON.stringify(Object.fromEntries(results.map(({ name, figures }) => [name, figures]))))
}

function render({ name, figures }: BenchResult): string {
  const width = Math.max(...Object.keys(figures).map((key) => key.length))
  const rows = Object.entries(figures).map(([key, value]) => {
    const shown = typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : value
    return `  ${key.padEnd(width)}  ${shown.padStart(12)}`
  })
  return `${name}\n${rows.join('\n')}\n`
}

await main()
