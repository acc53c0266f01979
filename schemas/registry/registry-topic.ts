import { setTimeout as sleep } from 'node:timers/promises'
import { isStreamsError, type Log, StreamsError, type TransactionalProducer } from '#streams'
import { changesOfRecord, type RegistryChange, recordOfChange, SCHEMAS_TOPIC } from './registry-records.ts'
import { RegistryState } from './registry-state.ts'

/** What is to be written, and what is answered when it is. */
export type RegistryDecision<T> = { readonly changes: readonly RegistryChange[]; readonly answer: T }

/** Under this id any process may write the topic, one at a time: whoever opens it fences the one before. */
const LEASE_ID = 'fourfold.schema-registry'
const PARTITION = { topic: SCHEMAS_TOPIC.name, partition: 0 }
const FETCH_BYTES = 1_048_576
const ATTEMPTS_MAX = 50
const PAUSE_MS_MAX = 200
/** After these the outcome of a write is none, or unknown: all is read and decided again. */
const AGAIN = new Set(['LOG_FENCED', 'LOG_ABORTED', 'LOG_OUTCOME_UNKNOWN'])

/**
 * The topic `_schemas`, which several processes write without a server between them.
 * Invariant: a change was decided on all that stood in the topic when it was written. Whoever writes holds the lease
 * and has read to the end under it; if somebody else wrote since, they took the lease, and the write is refused.
 */
export class RegistryTopic {
  readonly state = new RegistryState()
  readonly #log: Log
  readonly #nowMs: () => number
  #offset: number | null = null
  #lease: TransactionalProducer | null = null
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(log: Log, nowMs: () => number) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /** Makes the topic where it is missing, and reads it. @throws StreamsError SCHEMA_REGISTRY_CORRUPT */
  static async open(log: Log, nowMs: () => number): Promise<RegistryTopic> {
    const topic = new RegistryTopic(log, nowMs)
    await log.createTopics([SCHEMAS_TOPIC])
    await topic.readOn()
    return topic
  }

  /** Takes in what was written since, by whomever. @throws StreamsError SCHEMA_REGISTRY_CORRUPT */
  readOn(): Promise<void> {
    return this.#inTurn(() => this.#readToEnd())
  }

  /**
   * Decides on all that is written, and writes the outcome; decides again where somebody else was faster.
   * @throws what `decide` throws; StreamsError SCHEMA_REGISTRY_BUSY where others are faster every time.
   */
  change<T>(decide: () => RegistryDecision<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#readToEnd()
      const { changes, answer } = decide()
      // Most of what is registered is known: no lease is needed for that.
      return changes.length === 0 ? answer : await this.#write(decide)
    })
  }

  async #write<T>(decide: () => RegistryDecision<T>): Promise<T> {
    let failure: unknown
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        return await this.#writeOnce(decide)
      } catch (error) {
        if (!isStreamsError(error) || !AGAIN.has(error.code)) throw error
        failure = error
        await this.#lease?.close().catch(() => undefined)
        this.#lease = null
        // Two that start at the same time would else take the lease from each other again and again.
        await sleep(Math.random() * Math.min(PAUSE_MS_MAX, 10 * (attempt + 1)))
      }
    }
    const message = `The schema registry could not write in ${ATTEMPTS_MAX} tries: other processes write all the time.`
    throw new StreamsError('SCHEMA_REGISTRY_BUSY', message, { cause: failure })
  }

  async #writeOnce<T>(decide: () => RegistryDecision<T>): Promise<T> {
    if (this.#lease === null) {
      this.#lease = await this.#log.producer(LEASE_ID)
      await this.#readToEnd()
    }
    const { changes, answer } = decide()
    if (changes.length === 0) return answer
    const records = changes.map((change) => recordOfChange(change, this.#nowMs()))
    const { positions } = await this.#lease.commit({ records, consumed: null })
    for (const change of changes) this.state.apply(change)
    this.#offset = positions[0]?.offset ?? this.#offset
    return answer
  }

  async #readToEnd(): Promise<void> {
    const [end] = await this.#log.endOffsets([PARTITION])
    let offset = this.#offset ?? (await this.#log.beginningOffsets([PARTITION]))[0]?.offset ?? 0
    while (offset < (end?.offset ?? 0)) {
      const positions = [{ ...PARTITION, offset }]
      const [fetched] = await this.#log.fetch({ positions, maxBytes: FETCH_BYTES, maxWaitMs: 0 })
      if (!fetched || fetched.nextOffset === offset) break
      for (const record of fetched.records) for (const change of changesOfRecord(record)) this.state.apply(change)
      offset = fetched.nextOffset
    }
    this.#offset = offset
  }

  /** One after the other: two that read at once would apply older changes over newer ones. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}
