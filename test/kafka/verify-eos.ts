/**
 * `npm run verify:eos`: proves exactly once on a real broker, under kills, freezes, restarts and a failing network, and
 * prints what was done and what came of it. The last line is the report as JSON; the exit code is 1 where any of the
 * figures that must be 0 is not.
 */
import { parseArgs } from 'node:util'
import {
  FaultProxy,
  KafkaBroker,
  KEEPS_MARKERS,
  losesMarkers,
  seededRandom,
  testSeed,
} from '#streams/testing/kafka-broker'
import { CHAOS_MODES, type ChaosMode } from './chaos.ts'
import { BROKER_PROPERTIES, type VerifyOptions, type VerifyReport, verifyExactlyOnce } from './verify-exactly-once.ts'

const HELP = `npm run verify:eos -- [flags]
  --minutes N       for how long records come and things go wrong (5)
  --records N       how many (200,000)
  --partitions N    of the input (8)
  --instances N     of the application (3)
  --modes A,B       of ${CHAOS_MODES.join(', ')} (all)
  --seed N          repeats a run's choices (random)
  --version V       of Apache Kafka (${KEEPS_MARKERS}, the last one whose only broker can be restarted
                    without harm to transactions: KAFKA-20734)
  --verbose         a line for each thing that happens`

type Flags = { readonly options: VerifyOptions; readonly version: string }

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
      version: text(KEEPS_MARKERS),
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
  return { options, version: values.version }
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
  const { options, version } = flags
  console.log(`Seed ${options.seed}, Kafka ${version}, ${options.instances} instances, ${options.seconds} s …`)
  if (losesMarkers(version) && options.modes.has('restart')) {
    console.log(`Kafka ${version} can lose the markers of transactions when its only broker restarts (KAFKA-20734):`)
    console.log('records are lost then, or the run stands still. --modes kill,freeze,network leaves the restarts out.')
  }
  const report = await verify(options, version)
  for (const [name, value] of Object.entries(report)) {
    if (typeof value === 'number') console.log(`  ${name.padEnd(16)} ${value.toLocaleString('en-US').padStart(10)}`)
  }
  for (const [why, times] of Object.entries(report.failures)) console.log(`  an instance ended ${times} times: ${why}`)
  console.log(failed(report) ? `NOT exactly once; --seed ${options.seed} repeats it.` : 'Exactly once.')
  console.log(JSON.stringify(report))
  if (failed(report)) process.exitCode = 1
}

/** With a broker and a proxy of its own. */
async function verify(options: VerifyOptions, version: string): Promise<VerifyReport> {
  const proxy = await FaultProxy.listen(seededRandom(options.seed + 1).next)
  try {
    const broker = await KafkaBroker.start({ version, proxyPort: proxy.port, properties: BROKER_PROPERTIES })
    try {
      return await verifyExactlyOnce(options, broker, proxy)
    } finally {
      await broker.stop()
    }
  } finally {
    await proxy.close()
  }
}

await main()
