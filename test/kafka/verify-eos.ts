/**
 * `npm run verify:eos`: proves exactly once on a real broker, under kills, freezes, restarts and a failing network, and
 * prints what was done and what came of it. The last line is the report as JSON; the exit code is 1 where any of the
 * figures that must be 0 is not.
 */
import { parseArgs } from 'node:util'
import {
  closeProxiedCluster,
  KAFKA_VERSION,
  KEEPS_MARKERS,
  losesMarkers,
  openProxiedCluster,
  testSeed,
} from '#streams/testing/kafka-broker'
import { CHAOS_MODES, type ChaosMode } from './chaos.ts'
import { type VerifyOptions, type VerifyReport, verifyExactlyOnce } from './verify-exactly-once.ts'

const HELP = `npm run verify:eos -- [flags]
  --minutes N       for how long records come and things go wrong (5)
  --records N       how many (200,000)
  --partitions N    of the input (8)
  --instances N     of the application (3)
  --modes A,B       of ${CHAOS_MODES.join(', ')} (all)
  --seed N          repeats a run's choices (random)
  --brokers N       of the cluster; one of them at a time is stopped, killed or frozen (1)
  --version V       of Apache Kafka (with one broker ${KEEPS_MARKERS}, the last one whose only broker can be
                    restarted without harm to transactions: KAFKA-20734; with more ${KAFKA_VERSION})
  --verbose         a line for each thing that happens`

type Flags = { readonly options: VerifyOptions; readonly brokers: number; readonly version: string }

/** Null where only help was asked for. @throws Error that says what is wrong with a flag. */
function readFlags(): Flags | null {
  const text = (value: string) => ({ type: 'string', default: value }) as const
  const { values } = parseArgs({
    options: {
      minutes: text('5'),
      records: text('200000'),
      partitions: text('8'),
      instances: text('3'),
      modes: text(CHAOS_MODES.join(',')),
      seed: text(String(testSeed())),
      brokers: text('1'),
      version: text(''),
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const modes = values.modes.split(',').filter((mode) => mode !== '')
  const unknown = modes.find((mode) => !CHAOS_MODES.some((known) => known === mode))
  if (unknown !== undefined) throw new Error(`--modes knows ${CHAOS_MODES.join(', ')}, and not ${unknown}.`)
  const options = {
    seed: number('seed', values.seed),
    records: number('records', values.records),
    partitions: number('partitions', values.partitions),
    keys: 5_000,
    instances: number('instances', values.instances),
    seconds: number('minutes', values.minutes) * 60,
    modes: new Set(modes as ChaosMode[]),
    trace: values.verbose
      ? (line: string) => console.log(`${new Date().toISOString().slice(11, 23)} ${line}`)
      : () => {},
  }
  const brokers = number('brokers', values.brokers)
  if (!Number.isInteger(brokers) || brokers < 1) throw new Error('--brokers is a whole number from 1.')
  return { options, brokers, version: values.version || (brokers === 1 ? KEEPS_MARKERS : KAFKA_VERSION) }
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0)) throw new Error(`--${name} is a number, and not ${JSON.stringify(text)}.`)
  return value
}

/** The figures that must be 0. */
function failed(report: VerifyReport): boolean {
  const { lost, duplicated, disordered, wrongTotals, stale, rebuilds } = report
  return lost + duplicated + disordered + wrongTotals + stale + rebuilds > 0
}

async function main(): Promise<void> {
  const flags = readFlags()
  if (flags === null) return console.log(HELP)
  const { options, brokers, version } = flags
  const kafka = `Kafka ${version} with ${brokers === 1 ? 'one broker' : `${brokers} brokers`}`
  console.log(`Seed ${options.seed}, ${kafka}, ${options.instances} instances, ${options.seconds} s …`)
  if (brokers === 1 && losesMarkers(version) && options.modes.has('restart')) {
    console.log(`Kafka ${version} can lose the markers of transactions when its only broker restarts (KAFKA-20734):`)
    console.log('records are lost then, or the run stands still. --modes kill,freeze,network leaves the restarts out.')
  }
  const report = await verify(flags)
  for (const [name, value] of Object.entries(report)) {
    if (typeof value === 'number') console.log(`  ${name.padEnd(16)} ${value.toLocaleString('en-US').padStart(10)}`)
  }
  for (const [why, times] of Object.entries(report.failures)) console.log(`  an instance ended ${times} times: ${why}`)
  console.log(failed(report) ? `NOT exactly once; --seed ${options.seed} repeats it.` : 'Exactly once.')
  console.log(JSON.stringify(report))
  if (failed(report)) process.exitCode = 1
}

/** With a cluster of its own. */
async function verify({ options, brokers, version }: Flags): Promise<VerifyReport> {
  const kafka = await openProxiedCluster({ brokers, seed: options.seed, version })
  try {
    return await verifyExactlyOnce(options, kafka)
  } finally {
    await closeProxiedCluster(kafka)
  }
}

await main()
