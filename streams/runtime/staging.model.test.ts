/**
 * Staged state against plain maps: any sequence of records (some of which fail), batches, commits, crashes of a step,
 * evictions and queries, with the layers of several batches stacked, must read as if each batch were a map of its own
 * copied from the one before.
 */
import { expect, test } from 'vitest'
import type { StoreEntry } from '../processor/store-handle.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { storePrefix } from '../store/keys.ts'
import { type Random, seededRandom, testSeed } from '../testing/seed.ts'
import { SlowBackend } from '../testing/slow-backend.ts'
import { Staging } from './staging.ts'
import { getCommitted, scanStore } from './staging-committed.ts'
import { StagingStore } from './staging-store.ts'

type State = ReadonlyMap<string, number>
type Batch = { readonly state: State; readonly sequence: number; isLogged: boolean }

const KEYS = ['', 'a', 'aa', 'ab', 'b', 'b\0', 'ba', 'ÿ', 'ÿa', '\uffff', '😀', 'z']

const byBytes = (a: string, b: string) => Buffer.from(a).compare(Buffer.from(b))

function slice(state: State, from: string | undefined, to: string | undefined, limit = Infinity): StoreEntry<number>[] {
  return [...state]
    .filter(([key]) => (from === undefined || byBytes(key, from) >= 0) && (to === undefined || byBytes(key, to) < 0))
    .sort(([a], [b]) => byBytes(a, b))
    .slice(0, limit)
}

const startingWith = (state: State, prefix: string, limit = Infinity): StoreEntry<number>[] =>
  slice(new Map([...state].filter(([key]) => key.startsWith(prefix))), undefined, undefined, limit)

/** The world of one run: the staged state, and the maps it is held against. */
class World {
  readonly random: Random
  readonly backend: SlowBackend
  readonly staging: Staging
  readonly store: StagingStore
  readonly other: StagingStore
  stored: State = new Map()
  batches: Batch[] = []
  /** Every committed state there has been. */
  readonly history: State[] = [this.stored]
  reads = 0

  constructor(random: Random) {
    this.random = random
    this.backend = new SlowBackend(() => random.int(6))
    this.staging = new Staging(this.backend)
    this.store = this.open('numbers')
    this.other = this.open('others')
  }

  get latest(): State {
    return this.batches.at(-1)?.state ?? this.stored
  }

  get committed(): State {
    return this.history.at(-1) as State
  }

  private open(name: string): StagingStore {
    const handle = { name, key: stringSerde, value: jsonSerde<unknown>() }
    const store = new StagingStore(handle, storePrefix('app', 'task.0', name), `app.${name}.changelog`, this.staging)
    this.staging.stores.push(store)
    return store
  }

  /** One batch: records that read and write, some of which fail and leave nothing. */
  async batch(): Promise<void> {
    const { staging, random } = this
    staging.dropStored()
    if (random.chance(0.3)) staging.evict(random.pick([0, 500]))
    const layer = staging.begin()
    let state = new Map(this.latest)
    if (random.chance(0.5)) {
      for (const key of KEYS) if (random.chance(0.3)) this.store.want(key)
      if (staging.hasWants) await staging.load()
    }
    for (let records = random.int(5); records >= 0; records--) state = await this.record(state)
    layer.state = 'staged'
    this.batches.push({ state, sequence: layer.sequence, isLogged: false })
  }

  /** One record, run again and again until all it touches is in memory. */
  private async record(before: State): Promise<Map<string, number>> {
    const { staging, random } = this
    const plan = Array.from({ length: 1 + random.int(6) }, () => this.plan())
    const fails = random.chance(0.2)
    const innerFails = random.chance(0.5) ? random.int(plan.length) : -1
    for (;;) {
      const state = new Map(before)
      const checks: (() => void)[] = []
      const savepoint = staging.savepoint()
      try {
        plan.forEach((step, at) => {
          if (at === innerFails) this.undone(step, state)
          step(state, checks)
        })
        if (fails) throw new Error('the record fails')
        staging.seal(savepoint)
        staging.forgetUndo()
        for (const check of checks) check()
        return state
      } catch (error) {
        staging.rollback(savepoint)
        if (staging.isNeedy) {
          await staging.load()
          continue
        }
        if (!fails) throw error
        return new Map(before)
      }
    }
  }

  /** A part of a record that is taken back. */
  private undone(step: Step, state: Map<string, number>): void {
    const savepoint = this.staging.savepoint()
    step(new Map(state), [])
    this.store.put('a', -1)
    this.staging.rollback(savepoint)
  }

  private plan(): Step {
    const { store, random } = this
    const key = random.pick(KEYS)
    const to = random.chance(0.7) ? random.pick(KEYS) : undefined
    const from = random.chance(0.7) ? random.pick(KEYS) : undefined
    const limit = random.chance(0.5) ? random.int(4) : undefined
    // Not 0: its opposite is -0, which JSON does not know.
    const value = 1 + random.int(1000)
    const check = (checks: (() => void)[], found: unknown, expected: unknown) => {
      this.reads++
      checks.push(() => expect(found).toEqual(expected))
    }
    const steps: Step[] = [
      (state) => {
        store.put(key, value)
        this.other.put(key, -value)
        state.set(key, value)
      },
      (state) => {
        store.delete(key)
        this.other.delete(key)
        state.delete(key)
      },
      (state, checks) => {
        check(checks, store.get(key), state.get(key))
        const opposite = state.get(key)
        check(checks, this.other.get(key), opposite === undefined ? undefined : -opposite)
      },
      (state, checks) =>
        check(
          checks,
          store.getMany(KEYS),
          KEYS.map((one) => state.get(one)),
        ),
      (state, checks) => {
        const options = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
        const found = store.range(limit === undefined ? options : { ...options, limit })
        check(checks, found, slice(state, from, to, limit))
      },
      (state, checks) => check(checks, store.prefix(key, limit), startingWith(state, key, limit)),
    ]
    return random.pick(steps)
  }

  /** The next batch reaches the log. */
  log(): void {
    const batch = this.batches.find((one) => !one.isLogged)
    if (batch === undefined) return
    const layer = this.staging.layers.find(({ sequence }) => sequence === batch.sequence)
    if (layer !== undefined) layer.state = 'logged'
    batch.isLogged = true
    this.history.push(batch.state)
  }

  /** The oldest logged batch reaches the backend. */
  async write(): Promise<void> {
    const batch = this.batches[0]
    if (batch === undefined || !batch.isLogged) return
    const layer = this.staging.layers.find(({ sequence }) => sequence === batch.sequence)
    if (layer === undefined) throw new Error('the layer of a batch is gone')
    const entries = layer.versions.map(({ fullKey, bytes }) => [fullKey as Buffer, bytes as Buffer | null] as const)
    await this.backend.write({ entries })
    layer.state = 'stored'
    this.stored = batch.state
    this.batches.shift()
    if (this.random.chance(0.5)) this.staging.dropStored()
  }

  reset(): void {
    this.staging.dropUnlogged()
    this.batches = this.batches.filter((batch) => batch.isLogged)
  }

  /** A query, which may take as long as the steps after it. It must see one committed state, whichever. */
  async query(): Promise<void> {
    const { random, store, staging, backend } = this
    const since = this.history.length - 1
    const key = random.pick(KEYS)
    if (random.chance(0.4)) {
      const found = await getCommitted(store, backend, key)
      const possible = this.history.slice(since).map((state) => state.get(key))
      expect(possible).toContain(found)
      return
    }
    const limit = random.chance(0.5) ? random.int(4) : undefined
    const scan = {
      ...(random.chance(0.5) ? { prefix: key } : { from: key }),
      ...(limit === undefined ? {} : { limit }),
    }
    const found = await scanStore({ store, staging, backend, sees: 'committed' }, scan)
    const possible = this.history.slice(since).map((state) => {
      const { prefix, from } = scan as { prefix?: string; from?: string }
      return prefix === undefined ? slice(state, from, undefined, limit) : startingWith(state, prefix, limit)
    })
    expect(possible).toContainEqual(found)
  }
}

type Step = (state: Map<string, number>, checks: (() => void)[]) => void

const seed = testSeed()

test(`reads as plain maps would, in any order of events (TEST_SEED=${seed})`, async () => {
  let reads = 0
  for (let run = 0; run < 150; run++) {
    const world = new World(seededRandom(seed + run))
    const { random } = world
    const queries: Promise<void>[] = []
    for (let step = 0; step < 30; step++) {
      const dice = random.int(10)
      if (dice < 4) await world.batch()
      else if (dice < 6) world.log()
      else if (dice < 8) await world.write()
      else if (dice === 8) queries.push(world.query())
      else if (random.chance(0.3)) world.reset()
    }
    await Promise.all(queries)
    world.reset()
    while (world.batches.length > 0) await world.write()
    world.staging.dropStored()
    const source = { store: world.store, staging: world.staging, backend: world.backend, sees: 'staged' as const }
    expect(await scanStore(source, {}), `seed ${seed + run}`).toEqual(slice(world.committed, undefined, undefined))
    expect(world.staging.layers).toEqual([])
    world.staging.evict(0)
    world.staging.evict(0)
    expect([world.store.slots.size, world.other.slots.size, world.staging.cacheBytes]).toEqual([0, 0, 0])
    reads += world.reads
  }
  expect(reads).toBeGreaterThan(5_000)
})
