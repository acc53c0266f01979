/**
 * Random records, faults, crashes, hand-overs, over and over; at the end every word must have been counted exactly as
 * often as it was said, and every store must hold what its changelog says. A failure prints the seed to run it with:
 * TEST_SEED=<seed>.
 */
import { describe, test } from 'vitest'
import { StreamsError } from '../errors.ts'
import type { CommitFault, LogFaults } from '../log/memory/log-faults.ts'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend, WriteBatch } from '../store/store.ts'
import { type Random, seededRandom, testSeed } from '../testing/seed.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  expectStoresEqualChangelogs,
  say,
  until,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import { StreamsApp } from './app.ts'
import type { AppState } from './app-state.ts'

const RUNS = 12
const STEPS = 40
const NAMES = ['a', 'b', 'c']
const FAULTS: readonly CommitFault[] = [
  'aborted',
  'unknown-committed',
  'unknown-aborted',
  'fenced',
  'storage-full',
  { delayMs: 1 },
  { delayMs: 4 },
]

/** A store that dies now and then in the middle of a write of state, as its process would. */
class MortalStore extends MemoryBackend {
  dies: () => boolean = () => false

  override async write(batch: WriteBatch): Promise<void> {
    if (this.dies()) throw new StreamsError('STORE_FAILED', 'The process dies before the store is written.')
    await super.write(batch)
  }
}

class Simulation {
  readonly random: Random
  readonly said: string[] = []
  private readonly faults: LogFaults = {}
  private readonly log: MemoryLog
  private readonly apps = new Map<string, StreamsApp>()
  private readonly stores = new Map(NAMES.map((name) => [name, new MortalStore()]))
  /** Alike on all instances of a run. */
  private readonly standby: { readonly standbyReplicas: number; readonly acceptableRecoveryLag: number }
  private trace: string[] = []

  constructor(seed: number) {
    this.random = seededRandom(seed)
    this.standby = { standbyReplicas: this.random.int(3), acceptableRecoveryLag: this.random.pick([0, 20, 10_000]) }
    this.log = memoryLog({ offsetGap: this.random.int(2), faults: this.faults })
  }

  async run(): Promise<void> {
    await this.log.createTopics([WORDS, COUNTS])
    const { random } = this
    const faulty = random.next() * 0.3
    this.faults.commit = () => (random.chance(faulty) ? random.pick(FAULTS) : undefined)
    for (const store of this.stores.values()) store.dies = () => random.chance(0.02)
    for (let step = 0; step < STEPS; step++) await this.step()
    this.faults.commit = undefined
    for (const store of this.stores.values()) store.dies = () => false
    await this.settle()
  }

  /** What happened, for whoever has to find out why. */
  get story(): string {
    return `seed ${this.random.seed}: ${this.trace.join(', ')}`
  }

  private async step(): Promise<void> {
    const { random } = this
    const name = random.pick(NAMES)
    const app = this.apps.get(name)
    const dice = random.next()
    if (dice < 0.45) await this.speak()
    else if (app === undefined) await this.start(name)
    else if (dice < 0.6 || app.state === 'FAILED') await this.close(name, app)
    else if (dice < 0.7) await this.expel()
    else await new Promise((resolve) => setTimeout(resolve, random.int(4)))
  }

  private async speak(): Promise<void> {
    const words = Array.from({ length: 1 + this.random.int(40) }, () => `w${this.random.int(9)}`)
    this.trace.push(`say ${words.length}`)
    this.said.push(...words)
    await say(this.log, words)
  }

  private async start(name: string): Promise<void> {
    this.trace.push(`start ${name}`)
    const app = new StreamsApp({
      topology: wordCountTopology(),
      log: this.log,
      backend: this.stores.get(name) as StoreBackend,
      instanceId: name,
      commit: {
        recordsMax: 1 + this.random.int(25),
        stagedBytesMax: 1 + this.random.int(5_000),
      },
      pace: {
        restMs: this.random.int(3),
        restPerCommit: this.random.int(3),
        restMsMax: this.random.int(5),
        urgent: new Set(this.random.chance(0.3) ? [WORDS.name] : []),
      },
      buffer: { recordsMax: 1 + this.random.int(50) },
      ...this.standby,
      cacheBytesMax: this.random.pick([0, 500, 1_000_000]),
      fencedPerMinuteMax: 1_000_000,
      hooks: { onFailure: ({ error }) => this.trace.push(`${name} failed: ${error}`) },
    })
    this.apps.set(name, app)
    // A start may be cut short by any of the faults; then the application is FAILED, and is closed in a later step.
    app.start().catch(() => undefined)
    if (this.random.chance(0.5)) await until(() => app.state === 'RUNNING' || app.state === 'FAILED')
  }

  private async close(name: string, app: StreamsApp): Promise<void> {
    this.trace.push(`close ${name} (${app.state})`)
    await app.close()
    this.apps.delete(name)
  }

  private async expel(): Promise<void> {
    const members = (await this.log.groups()).flatMap(({ members }) => members)
    if (members.length === 0) return
    const { memberId } = this.random.pick(members)
    this.trace.push(`expel ${memberId}`)
    await this.log.expelMember('word-count', memberId)
  }

  /** One that still joins, or is about to fail, would take tasks away while we look. */
  private async atRest(states: readonly AppState[]): Promise<void> {
    await until(() => [...this.apps.values()].every(({ state }) => states.includes(state)))
  }

  private async settle(): Promise<void> {
    await this.atRest(['RUNNING', 'FAILED'])
    for (const [name, app] of this.apps) if (app.state === 'FAILED') await this.close(name, app)
    if (this.apps.size === 0) await this.start('a')
    await this.atRest(['RUNNING'])
    const apps = [...this.apps.values()]
    await caughtUp(...apps)
    await expectExactlyOnce(this.log, this.said)
    const owners = new Map<string, StoreBackend | undefined>()
    for (const [name, app] of this.apps) {
      for (const { id } of (await app.status()).tasks) owners.set(id, this.stores.get(name))
    }
    await expectStoresEqualChangelogs(this.log, (taskId) => owners.get(taskId))
    for (const app of apps) await app.close()
  }
}

describe('a life of faults, crashes and hand-overs', () => {
  const seed = testSeed()
  for (let run = 0; run < RUNS; run++) {
    test(`counts every word exactly once (TEST_SEED=${seed + run})`, async () => {
      const simulation = new Simulation(seed + run)
      try {
        await simulation.run()
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.message.slice(0, 600) : error}\n${simulation.story}`)
      }
    })
  }
})
