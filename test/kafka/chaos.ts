import { setTimeout as sleep } from 'node:timers/promises'
import type {
  FaultProxy,
  FaultTrigger,
  KafkaApi,
  KafkaBroker,
  ProxiedCluster,
  Random,
} from '#streams/testing/kafka-broker'
import type { Worker } from './worker.ts'

/** What a run may do to the system: see `DECK`. */
export const CHAOS_MODES = ['kill', 'freeze', 'restart', 'network'] as const
/** One of `CHAOS_MODES`. */
export type ChaosMode = (typeof CHAOS_MODES)[number]

/** How often what was done. */
export type ChaosCounts = {
  kills: number
  freezes: number
  brokerRestarts: number
  brokerKills: number
  brokerFreezes: number
  cuts: number
}

type Act = 'kill' | 'freeze' | BrokerAct | 'cut' | 'black hole'
type BrokerAct = 'restart broker' | 'kill broker' | 'freeze broker'

/** What is done in one round, in a random order; then the next round. */
const DECK: readonly (readonly [mode: ChaosMode, act: Act, times: number])[] = [
  ['kill', 'kill', 5],
  ['freeze', 'freeze', 2],
  ['restart', 'restart broker', 1],
  ['restart', 'kill broker', 1],
  ['restart', 'freeze broker', 1],
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
/** So long at most a broker is away that has others beside it: they take its place meanwhile, or just do not. */
const BROKER_AWAY_MS_MAX = 6_000
/** A frozen broker is out of its cluster by then, and wakes up in the belief that it leads. */
const BROKER_FROZEN_MS = 5_000
const PAUSE_MS_MIN = 500
const PAUSE_MS_MAX = 3_500

/** What chaos is made of. */
export type ChaosOptions = {
  readonly random: Random
  readonly modes: ReadonlySet<ChaosMode>
  readonly workers: readonly Worker[]
  readonly kafka: ProxiedCluster
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
  const { random, modes } = options
  const counts = { kills: 0, freezes: 0, brokerRestarts: 0, brokerKills: 0, brokerFreezes: 0, cuts: 0 }
  const round = DECK.filter(([mode]) => modes.has(mode)).flatMap(([, act, times]) => Array<Act>(times).fill(act))
  if (round.length === 0) return counts
  const chaos = new Chaos(options, counts)
  let deck: Act[] = []
  for (;;) {
    const pauseMs = PAUSE_MS_MIN + random.int(PAUSE_MS_MAX - PAUSE_MS_MIN)
    if (!(await rested(pauseMs, signal))) break
    if (deck.length === 0) deck = [...round]
    const [act = 'kill'] = deck.splice(random.int(deck.length), 1)
    await chaos.perform(act)
  }
  await chaos.settled()
  return counts
}

/** Does what it is told. Instances come to harm while a broker is away, but one broker is away at a time. */
class Chaos {
  readonly #options: ChaosOptions
  readonly #counts: ChaosCounts
  readonly #thawing: Promise<void>[] = []
  #broker: Promise<void> = Promise.resolve()

  constructor(options: ChaosOptions, counts: ChaosCounts) {
    this.#options = options
    this.#counts = counts
  }

  async perform(act: Act): Promise<void> {
    const { random, workers, kafka } = this.#options
    if (act === 'restart broker' || act === 'kill broker' || act === 'freeze broker') {
      await this.#broker
      const at = random.int(kafka.cluster.brokers.length)
      const disturbed = this.#disturb(act, at, random.int(BROKER_AWAY_MS_MAX))
      // Whoever waits for it is told; until then nobody has to.
      disturbed.catch(() => {})
      this.#broker = disturbed
      return
    }
    const worker = random.pick(workers)
    this.#options.trace(`chaos ${act} ${worker.instanceId}`)
    if (act === 'kill') {
      this.#counts.kills += 1
      await worker.kill()
    } else if (act === 'freeze') {
      this.#counts.freezes += 1
      worker.freeze()
      this.#thawing.push(sleep(this.#options.sessionTimeoutMs + 2_000).then(() => worker.resume()))
    } else {
      this.#counts.cuts += 1
      const proxy = random.pick(kafka.proxies)
      if (act === 'cut') proxy.cut(worker.instanceId)
      else proxy.blackHole(BLACK_HOLE_MS, worker.instanceId)
    }
  }

  /** Resolves when every instance and every broker is there again. */
  async settled(): Promise<void> {
    await Promise.all([this.#broker, ...this.#thawing])
  }

  async #disturb(act: BrokerAct, at: number, awayMs: number): Promise<void> {
    const { kafka, trace } = this.#options
    const broker = kafka.cluster.brokers[at] as KafkaBroker
    const isAlone = kafka.cluster.brokers.length === 1
    trace(`chaos ${act} ${at + 1}`)
    if (act === 'freeze broker') {
      this.#counts.brokerFreezes += 1
      broker.freeze()
      await sleep(BROKER_FROZEN_MS)
      broker.resume()
    } else {
      this.#counts[act === 'restart broker' ? 'brokerRestarts' : 'brokerKills'] += 1
      await (act === 'restart broker' ? broker.halt() : broker.kill())
      if (!isAlone) await sleep(awayMs)
      await broker.startAgain()
    }
    await kafka.cluster.inSync()
    trace(`chaos broker ${at + 1} is back`)
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
