import { execFile } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { StartError, wordsOf } from '#main/start-error.ts'
import { requireJava } from '#streams/testing/kafka-broker'
import { platformFlags } from './node-flags.ts'

const run = promisify(execFile)

/** What a benchmark prints as its last line. */
export type BenchResult = {
  readonly name: string
  /** How it measures, in whole sentences. */
  readonly how: string
  readonly figures: Readonly<Record<string, number | string>>
}

const HELP = `Usage: npm run bench -- [flags]

  --quick  Fewer records and purchases: a look in some minutes, with figures that say less.
  --rates  Purchases a second for the decisions; 200,1000 where left out.
  --json   End with one line of JSON.

The decisions are measured on the embedded log, and on Kafka: the broker of KAFKA_BROKERS, or one of its own where
Java 17 is there.`

/**
 * `npm run bench`: each benchmark in a process of its own, one after the other, so that neither memory nor compiled
 * code of one helps or hinders the next, under the flags that the platform runs with. `--json` ends with one line of
 * JSON; `--quick` runs each shorter.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const { rates, others } = takeRates(args)
  const unknown = others.find((arg) => !['--json', '--quick', '--help', '-h'].includes(arg))
  if (unknown !== undefined) throw new StartError('SETTINGS_INVALID', `${unknown} is not a flag.\n\n${HELP}`)
  if (args.includes('--help') || args.includes('-h')) return console.log(HELP)
  const quick = args.includes('--quick') ? ['--quick'] : []
  const whyNoKafka = noKafka()
  const decisions = [...quick, ...(rates === null ? [] : ['--rates', rates])]
  const benches = [
    ['stateful-topology.ts', quick],
    ['credit-decisions.ts', quick],
    ['api-decisions.ts', decisions],
    ['api-decisions.ts', [...decisions, '--path']],
    ...(whyNoKafka === null
      ? ([
          ['api-decisions.ts', [...decisions, '--kafka']],
          ['api-decisions.ts', [...decisions, '--kafka', '--path']],
        ] as const)
      : []),
  ] as const
  console.log(machine(loadavg()[0] ?? 0))
  const results: BenchResult[] = []
  for (const [bench, passed] of benches) {
    const script = fileURLToPath(new URL(bench, import.meta.url))
    const { stdout } = await run(process.execPath, [...platformFlags(), script, ...passed], { maxBuffer: 16_777_216 })
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as BenchResult
    results.push(result)
    console.log(render(result))
  }
  if (whyNoKafka !== null) console.log(`Not measured on Kafka: ${whyNoKafka}`)
  if (args.includes('--json'))
    console.log(JSON.stringify(Object.fromEntries(results.map(({ name, figures }) => [name, figures]))))
}

/** Why there is no broker to measure on; null where there is one, or can be. */
function noKafka(): string | null {
  if (process.env['KAFKA_BROKERS'] !== undefined) return null
  try {
    requireJava()
    return null
  } catch (error) {
    return String(wordsOf(error))
  }
}

/** The value of --rates, and the other arguments. */
function takeRates(args: readonly string[]) {
  const at = args.indexOf('--rates')
  const rates = at < 0 ? null : (args[at + 1] ?? null)
  if (at >= 0 && !/^\d+(,\d+)*$/.test(rates ?? '')) {
    throw new StartError('SETTINGS_INVALID', `--rates needs numbers with commas between them.\n\n${HELP}`)
  }
  return { rates, others: at < 0 ? args : args.toSpliced(at, 2) }
}

/** What the figures are of: they mean little where the machine has other work. */
function machine(load: number): string {
  const busy = load > 0.5 ? `; other work is under way (load ${load.toFixed(1)}), so the figures mean little` : ''
  return `Node ${process.version}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}${busy}\n`
}

function render({ name, how, figures }: BenchResult): string {
  const width = Math.max(...Object.keys(figures).map((key) => key.length))
  const rows = Object.entries(figures).map(([key, value]) => {
    const shown = typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : value
    return `  ${key.padEnd(width)}  ${shown.padStart(12)}`
  })
  return `${name}\n  ${how}\n\n${rows.join('\n')}\n`
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
