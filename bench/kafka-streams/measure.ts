import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { changelogTopic } from '#streams'
import { OUTPUT_BYTES, STATE_BYTES } from '../count-topology.ts'
import { Contender, type Side, type WorkerOptions } from './contender.ts'
import { Load } from './load.ts'

/** How large the measurements are. */
export type Sizes = {
  readonly records: number
  readonly keys: number
  readonly partitions: number
  readonly pacedSeconds: number
  readonly restoredRecords: number
}

/** What is measured of one side in one run. */
export type Figures = {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  readonly peakMb: number
  readonly p50At200Ms: number
  readonly p99At200Ms: number
  readonly p50At1000Ms: number
  readonly p99At1000Ms: number
  readonly restoredPerSecond: number
  readonly failoverMs: number
}

/** What a measurement works with. */
export type Scene = {
  readonly brokers: readonly string[]
  readonly java: readonly string[]
  readonly folder: string
  readonly sizes: Sizes
  /** Told of every figure as soon as it is there: the whole takes a while. */
  readonly progress: (line: string) => void
}

/** The first seconds of a paced run are not counted: caches fill, code is compiled. */
export const WARM_UP_MS = 2_000
/** Of both sides, so that the failover compares the runtimes and not this number. Kafka Streams has 45 s by default. */
export const SESSION_TIMEOUT_MS = 10_000
const FAILOVER_PER_SECOND = 200

/** Measures everything of one side once. */
export async function measure(side: Side, scene: Scene): Promise<Figures> {
  const steady = await withTopics(side, scene, measureSteady)
  scene.progress(`${side}: ${JSON.stringify(steady)}`)
  const restoredPerSecond = await withTopics(side, scene, measureRestore)
  scene.progress(`${side}: restored ${Math.round(restoredPerSecond)} records a second`)
  const failoverMs = await withTopics(side, scene, measureFailover)
  scene.progress(`${side}: served again after ${failoverMs} ms`)
  return { ...steady, restoredPerSecond, failoverMs }
}

type Names = { readonly application: string; readonly input: string; readonly output: string }
type Started = {
  readonly load: Load
  readonly names: Names
  readonly start: (instance: string, more?: Partial<WorkerOptions>) => Promise<Contender>
}

/** Topics, folders and an application id of its own for one measurement; what it started is stopped at its end. */
async function withTopics<T>(
  side: Side,
  scene: Scene,
  work: (side: Side, scene: Scene, started: Started) => Promise<T>,
): Promise<T> {
  const { brokers, java, folder, sizes } = scene
  const application = `bench-${side}-${randomUUID().slice(0, 8)}`
  const names = { application, input: `${application}.in`, output: `${application}.out` }
  const contenders: Contender[] = []
  const failed = Promise.withResolvers<never>()
  const start = async (instance: string, more: Partial<WorkerOptions> = {}) => {
    const contender = await Contender.start(side, java, {
      brokers,
      ...names,
      instance,
      folder: join(folder, application, instance),
      partitions: sizes.partitions,
      ...more,
    })
    contenders.push(contender)
    contender.failure.catch(failed.reject)
    return contender
  }
  const { partitions } = sizes
  // Its client remembers every topic it has used, and cannot work any more where one of them is deleted.
  const load = new Load(brokers)
  await load.call('createTopics', { names: [names.input, names.output], partitions, compacted: false })
  try {
    return await Promise.race([work(side, scene, { load, names, start }), failed.promise])
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()))
    await load.call('deleteTopics', { prefix: application })
    await load.end()
  }
}

/** Throughput, processor time and memory over an input that is there; then latency, in the same process. */
async function measureSteady(_: Side, { sizes }: Scene, { load, names, start }: Started) {
  const { records, keys, pacedSeconds } = sizes
  await load.call('fill', { topic: names.input, records, keys, valueBytes: OUTPUT_BYTES })
  const contender = await start('one')
  const startedMs = await contender.says('running')
  const cpuBefore = contender.cpuSeconds()
  const { atMs } = await load.call('consumed', { group: names.application, topic: names.input })
  const cpuSeconds = contender.cpuSeconds() - cpuBefore
  const peakMb = contender.peakMb()
  const paced = async (perSecond: number) => {
    await load.call('pace', { input: names.input, output: names.output, perSecond, keys })
    await sleep(WARM_UP_MS + pacedSeconds * 1_000)
    return load.call('latencies', { skipMs: WARM_UP_MS })
  }
  const slow = await paced(200)
  const fast = await paced(1_000)
  return {
    recordsPerSecond: (records * 1_000) / (atMs - startedMs),
    cpuMicrosPerRecord: (cpuSeconds * 1_000_000) / records,
    peakMb,
    p50At200Ms: slow.p50,
    p99At200Ms: slow.p99,
    p50At1000Ms: fast.p50,
    p99At1000Ms: fast.p99,
  }
}

/** Records of a changelog a second, from an empty folder: from when the first store begins until all run. */
async function measureRestore(side: Side, { sizes }: Scene, { load, names, start }: Started): Promise<number> {
  const { restoredRecords, partitions } = sizes
  const topic = side === 'ours' ? changelogTopic(names.application, 'counts') : `${names.application}-counts-changelog`
  await load.call('createTopics', { names: [topic], partitions, compacted: true })
  await load.call('fill', { topic, records: restoredRecords, keys: restoredRecords, valueBytes: STATE_BYTES })
  await load.call('position', { group: names.application, topic: names.input, partitions })
  const contender = await start('one')
  const startedMs = await contender.says('restoring')
  const runningMs = await contender.says('running')
  return (restoredRecords * 1_000) / (runningMs - startedMs)
}

/** Milliseconds from kill -9 of one of two instances until every partition has given an output of a later record. */
async function measureFailover(_: Side, { sizes }: Scene, { load, names, start }: Started): Promise<number> {
  const { records, keys } = sizes
  const more = { sessionTimeoutMs: SESSION_TIMEOUT_MS }
  const contenders = await Promise.all([start('one', more), start('two', more)])
  await Promise.all(contenders.map((contender) => contender.says('running')))
  await load.call('fill', { topic: names.input, records, keys, valueBytes: OUTPUT_BYTES })
  await load.call('consumed', { group: names.application, topic: names.input })
  const victim = await oneOfTwo(load, names.application, contenders)
  await load.call('pace', { input: names.input, output: names.output, perSecond: FAILOVER_PER_SECOND, keys })
  const killedMs = Date.now()
  await victim.kill()
  const { atMs } = await load.call('served', { sinceMs: killedMs })
  await load.call('latencies', { skipMs: 0 })
  return atMs - killedMs
}

/** The second instance, once both have partitions. */
async function oneOfTwo(load: Load, group: string, contenders: readonly Contender[]): Promise<Contender> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const members = Object.entries(await load.call('members', { group }))
    const partitionsOf = (instance: string) => members.find(([clientId]) => clientId.startsWith(instance))?.[1] ?? 0
    const victim = contenders.at(-1)
    if (victim !== undefined && contenders.every(({ instance }) => partitionsOf(instance) > 0)) return victim
    await sleep(200)
  }
  throw new Error('The two instances did not share the partitions within a minute.')
}
