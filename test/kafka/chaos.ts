import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy, FaultTrigger, KafkaApi, KafkaBroker, Random } from '#streams/testing/kafka-broker'
import type { Worker } from './worker.ts'

/** What a run may do to the system: see `DECK`. */
export const CHAOS_MODES = ['kill', 'freeze', 'restart', 'network'] as const
/** One of `CHAOS_MODES`. */
export type ChaosMode = (typeof CHAOS_MODES)[number]

/** How often what was done. */
export type ChaosCounts = { kills: number; freezes: number; brokerRestarts: number; brokerKills: number; cuts: number }

type Act = 'kill' | 'freeze' | 'restart broker' | 'kill broker' | 'cut' | 'black hole'

/** What is done in one round, in a random order; then the next round. */
const DECK: readonly (readonly [mode: ChaosMode, act: Act, times: number])[] = [
  ['kill', 'kill', 5],
  ['freeze', 'freeze', 2],
  ['restart', 'restart broker', 1],
  ['restart', 'kill broker', 1],
  ['network', 'cut', 1],
  ['network', 'black hole', 1],
]

/** Requests of a transaction and of a membership: between each two of them a cut hurts in its own way. */
const HURTING: readonly KafkaApi[] = [
  'InitProducerId',
  'AddPartitionsToTxn',
  'Produce',
  'AddOffsetsToTxn',
  'TxnOffsetCommit',
  'EndTxn',
  'OffsetFetch',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
]
const FAULT_PROBABILITY = 0.002
const DELAY_MS = 400
/** How long nothing passes between one instance and the broker; its requests then time out or arrive late. */
const BLACK_HOLE_MS = 2_500
const PAUSE_MS_MIN = 500
const PAUSE_MS_MAX = 3_500

/** What chaos is made of. */
export type ChaosOptions = {
  readonly random: Random
  readonly modes: ReadonlySet<ChaosMode>
  readonly workers: readonly Worker[]
  readonly broker: KafkaBroker
  readonly proxy: FaultProxy
  /** An instance that is frozen wakes up two seconds after it is out of its group. */
  readonly sessionTimeoutMs: number
  readonly trace: (line: string) => void
}

/** Lets requests through the proxy fail by chance: cut before and after, dropped, delayed either way. */
export function addNetworkFaults(proxy: FaultProxy): void {
  const trigger: FaultTrigger = { probability: FAULT_PROBABILITY }
  for (const api of HURTING) {
    proxy.addFault({ api, trigger, fault: 'cut-before' })
    proxy.addFault({ api, trigger, fault: 'cut-after' })
    proxy.addFault({ api, trigger, fault: 'drop-request' })
    proxy.addFault({ api, trigger, fault: { delayRequestMs: DELAY_MS } })
    proxy.addFault({ api, trigger, fault: { delayResponseMs: DELAY_MS } })
  }
}

/** Does one thing after the other, at random and every few seconds, until `signal` says that it is enough. */
export async function makeChaos(options: ChaosOptions, signal: AbortSignal): Promise<ChaosCounts> {
  const { random, modes, workers } = options
  const counts: ChaosCounts = { kills: 0, freezes: 0, brokerRestarts: 0, brokerKills: 0, cuts: 0 }
  const round = DECK.filter(([mode]) => modes.has(mode)).flatMap(([, act, times]) => Array<Act>(times).fill(act))
  if (round.length === 0) return counts
  let deck: Act[] = []
  const thawing: Promise<void>[] = []
  for (;;) {
    const pauseMs = PAUSE_MS_MIN + random.int(PAUSE_MS_MAX - PAUSE_MS_MIN)
    if (!(await rested(pauseMs, signal))) break
    if (deck.length === 0) deck = [...round]
    const [act = 'kill'] = deck.splice(random.int(deck.length), 1)
    options.trace(`chaos ${act}`)
    await perform(act, random.pick(workers), options, counts, thawing)
  }
  await Promise.all(thawing)
  return counts
}

async function perform(
  act: Act,
  worker: Worker,
  { broker, proxy, sessionTimeoutMs }: ChaosOptions,
  counts: ChaosCounts,
  thawing: Promise<void>[],
): Promise<void> {
  if (act === 'kill') {
    counts.kills += 1
    await worker.kill()
  } else if (act === 'freeze') {
    counts.freezes += 1
    worker.freeze()
    thawing.push(sleep(sessionTimeoutMs + 2_000).then(() => worker.resume()))
  } else if (act === 'restart broker') {
    counts.brokerRestarts += 1
    await broker.restart()
  } else if (act === 'kill broker') {
    counts.brokerKills += 1
    await broker.kill()
    await broker.startAgain()
  } else {
    counts.cuts += 1
    if (act === 'cut') proxy.cut(worker.instanceId)
    else proxy.blackHole(BLACK_HOLE_MS, worker.instanceId)
  }
}

/** False where it was ended before its time. */
async function rested(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}
