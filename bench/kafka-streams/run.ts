/**
 * `npm run bench:kafka-streams`: our runtime and Kafka Streams on the same broker, one after the other, in turns. Each
 * ratio is ours / Kafka Streams, as the median of the pairs. `--quick` makes one short pair, `--runs N` another number
 * of them; `--json` ends with a line of JSON; `--heap-mb N` bounds the heap of Kafka Streams, which is the
 * JVM's own choice otherwise. It needs Linux, Java 17 and, the first time, Maven.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { KafkaBroker } from '#streams/testing/kafka-broker'
import type { Side } from './contender.ts'
import { explain } from './explain.ts'
import { compileJavaWorker } from './java-worker.ts'
import { type Figures, measure, type Scene, type Sizes } from './measure.ts'
import { asJson, asTable } from './report.ts'

const FULL: Sizes = { records: 500_000, keys: 50_000, partitions: 4, pacedSeconds: 15, restoredRecords: 1_000_000 }
const QUICK: Sizes = { records: 100_000, keys: 50_000, partitions: 4, pacedSeconds: 4, restoredRecords: 200_000 }

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      runs: { type: 'string', default: '5' },
      'heap-mb': { type: 'string' },
    },
  })
  if (process.platform !== 'linux') throw new Error('The comparison reads /proc, and so needs Linux.')
  const sizes = values.quick ? QUICK : FULL
  const runs = values.quick ? 1 : Number(values.runs)
  const heapMb = values['heap-mb']
  const jvmFlags = heapMb === undefined ? [] : [`-Xmx${heapMb}m`]
  console.log(explain(sizes, runs, jvmFlags))
  const results = await compare(sizes, runs, jvmFlags)
  console.log(asTable(results))
  if (values.json) console.log(asJson(results))
}

/** Runs both sides in turns; who begins changes with each pair. */
async function compare(sizes: Sizes, runs: number, jvmFlags: readonly string[]): Promise<Record<Side, Figures[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-streams-bench-'))
  const results: Record<Side, Figures[]> = { ours: [], kafkaStreams: [] }
  let broker: KafkaBroker | null = null
  try {
    const java = await compileJavaWorker(folder, jvmFlags)
    broker = await KafkaBroker.start({ dataDir: join(folder, 'kafka'), heapMb: 1_024 })
    const brokers = [broker.addresses.plain]
    const scene: Scene = { brokers, java, folder, sizes, progress: (line) => console.log(`  ${line}`) }
    for (let run = 0; run < runs; run += 1) {
      const sides: Side[] = run % 2 === 0 ? ['ours', 'kafkaStreams'] : ['kafkaStreams', 'ours']
      for (const side of sides) {
        const figures = await measure(side, scene)
        results[side].push(figures)
        console.log(`run ${run + 1} ${side} ${JSON.stringify(rounded(figures))}`)
      }
    }
    return results
  } finally {
    await broker?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function rounded(figures: Figures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]))
}

await main()
