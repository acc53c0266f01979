import { setTimeout as sleep } from 'node:timers/promises'
import type { Log, Position, TopicSpec } from '#streams'

/** A process of the platform, as it says of itself to the others. */
export type Instance = {
  /** The same again after a restart. */
  readonly id: string
  /** What it runs: `all` of the platform, or one of its parts. */
  readonly part: string
  /** Where the others reach it, host:port. */
  readonly address: string
  /** The topologies it runs, by name. */
  readonly topologies: readonly string[]
  readonly hasConnectors: boolean
  /** The sandboxes of the providers, by their URL, where they run in it. */
  readonly sandboxes: Readonly<Record<string, string>> | null
}

/** Where processes tell each other of themselves. What is old says nothing, so little of it is kept. */
const TOPIC: TopicSpec = { name: 'fourfold.instances', partitions: 1, cleanup: 'delete', retentionMs: 3_600_000 }
const BEAT_MS = 3_000
/** A process that was not heard of for so long is taken for dead. */
const ALIVE_MS = 15_000
const FETCH_BYTES = 1_048_576
const FETCH_WAIT_MS = 5_000

type Heard = { readonly instance: Instance; readonly atMs: number }

/**
 * Which processes of the platform there are: each writes of itself every few seconds and reads what the others write.
 * It is a hint of whom to ask, and decides nothing.
 */
export class Presence {
  readonly #log: Log
  readonly #stop = new AbortController()
  readonly #heard = new Map<string, Heard>()
  #own: Instance
  #position: Position = { topic: TOPIC.name, partition: 0, offset: 0 }
  #running: Promise<unknown> = Promise.resolve()

  private constructor(log: Log, own: Instance) {
    this.#log = log
    this.#own = own
  }

  /** Hears of the others first, and then says that this one is here. */
  static async open(log: Log, own: Instance): Promise<Presence> {
    const presence = new Presence(log, own)
    await log.createTopics([TOPIC])
    await presence.#readRecent()
    await presence.#say(false)
    presence.#running = Promise.all([presence.#follow(), presence.#beat()])
    return presence
  }

  /** The others that were heard of lately, by id. */
  others(): readonly Instance[] {
    const since = performance.now() - ALIVE_MS
    const alive = [...this.#heard.values()].filter(({ atMs }) => atMs >= since).map(({ instance }) => instance)
    return alive.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Says something else of this process from now on. */
  async update(change: Partial<Omit<Instance, 'id'>>): Promise<void> {
    this.#own = { ...this.#own, ...change }
    await this.#say(false)
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#say(true).catch(() => undefined)
  }

  async #readRecent(): Promise<void> {
    const [from] = await this.#log.offsetsForTime([this.#position], Date.now() - ALIVE_MS)
    const [end] = await this.#log.endOffsets([this.#position])
    this.#position = from ?? this.#position
    while (this.#position.offset < (end?.offset ?? 0)) {
      const before = this.#position.offset
      await this.#read(0)
      if (this.#position.offset === before) break
    }
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) await this.#guarded(() => this.#read(FETCH_WAIT_MS))
  }

  async #beat(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#pause(BEAT_MS)
      if (!this.#stop.signal.aborted) await this.#guarded(() => this.#say(false))
    }
  }

  /** Where the log cannot be reached the parts that need it say so; here it is only tried again. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    await work().catch(() => this.#pause(BEAT_MS))
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }

  async #read(maxWaitMs: number): Promise<void> {
    const [fetched] = await this.#log.fetch({
      positions: [this.#position],
      maxBytes: FETCH_BYTES,
      maxWaitMs,
      signal: this.#stop.signal,
    })
    if (fetched === undefined) return
    for (const { value } of fetched.records) this.#hear(value)
    this.#position = { ...this.#position, offset: fetched.nextOffset }
  }

  #hear(value: Buffer | null): void {
    const said = parsed(value)
    if (said === null || said.instance.id === this.#own.id) return
    if (said.isGone) this.#heard.delete(said.instance.id)
    else this.#heard.set(said.instance.id, { instance: said.instance, atMs: performance.now() })
  }

  async #say(isGone: boolean): Promise<void> {
    const value = Buffer.from(JSON.stringify({ instance: this.#own, isGone }))
    const key = Buffer.from(this.#own.id)
    await this.#log.append([{ topic: TOPIC.name, partition: 0, timestampMs: Date.now(), key, value }])
  }
}

/** Another version may say it in another way: what is not understood is passed over. */
function parsed(value: Buffer | null): { readonly instance: Instance; readonly isGone: boolean } | null {
  try {
    const { instance, isGone } = JSON.parse(value?.toString() ?? '') as { instance: Instance; isGone: boolean }
    const isKnown = typeof instance.id === 'string' && typeof instance.address === 'string'
    return isKnown && Array.isArray(instance.topologies) ? { instance, isGone } : null
  } catch {
    return null
  }
}
