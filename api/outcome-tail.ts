import { readEnvelope } from '#schemas'
import { decodeWhenReady, type FetchedPartition, type Log, type LogRecord, type Position, type Topic } from '#streams'
import { Problem } from './problems.ts'

/** An event the API waited for, and where it stands. */
export type Outcome<E> = { readonly event: E; readonly position: Position }

/** A wait that has begun. */
export type Waiting<E> = {
  /** Rejects with OUTCOME_PENDING when the time is over, and with SHUTTING_DOWN when the node stops. */
  readonly outcome: Promise<Outcome<E>>
  /** Ends the wait; `outcome` rejects. */
  cancel(): void
}

/** Which event to wait for, and how long. */
export type WaitOptions<E extends Typed> = {
  readonly types: readonly E['type'][]
  readonly timeoutMs: number
  readonly accept?: (event: E) => boolean
}

type Typed = { readonly type: string }
type Waiter = {
  readonly types: readonly string[]
  readonly accept: (event: Typed) => boolean
  readonly resolve: (outcome: Outcome<Typed>) => void
  readonly reject: (error: Error) => void
}

const FETCH_BYTES = 4_194_304
const FETCH_WAIT_MS = 30_000
const RETRY_MS = 200
const RETRY_MAX_MS = 5_000
/** Nobody looks at where it came from, and nearly every wait ends by one: its stack is not taken each time. */
const CANCELLED = new Error('Nobody waits any more.')

/**
 * Reads the event topics from their ends and gives each event to whoever waits for its command (by correlation id and
 * record type). Records nobody waits for cost the decoding of their envelope at most, and nothing while nobody waits.
 */
export class OutcomeTail {
  readonly #log: Log
  readonly #topics: ReadonlyMap<string, Topic<Typed>>
  readonly #waiters = new Map<string, Waiter[]>()
  readonly #stop = new AbortController()
  readonly #positions: Position[] = []
  #running: Promise<void> = Promise.resolve()

  constructor(log: Log, topics: readonly Topic<Typed>[]) {
    this.#log = log
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
  }

  /** Starts at the end: only what is written from now on can be waited for. */
  async start(): Promise<void> {
    const partitions = [...this.#topics.keys()].flatMap((topic) =>
      Array.from({ length: this.#log.partitionCount(topic) }, (_, partition) => ({ topic, partition })),
    )
    this.#positions.push(...(await this.#log.endOffsets(partitions)))
    this.#running = this.#run()
  }

  /** Stops reading; whoever still waits is told so at once, and not after the time they gave. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
    for (const waiters of this.#waiters.values()) for (const { reject } of waiters) reject(shuttingDown())
    this.#waiters.clear()
  }

  /**
   * The first event of one of these types, accepted by `accept`, in the chain of a command. Call it BEFORE the command
   * is written.
   */
  wait<E extends Typed>(commandId: string, options: WaitOptions<E>): Waiting<E> {
    const { types, timeoutMs, accept = () => true } = options
    const { promise, resolve, reject } = Promise.withResolvers<Outcome<E>>()
    const waiter: Waiter = {
      types,
      accept: accept as Waiter['accept'],
      resolve: resolve as Waiter['resolve'],
      reject,
    }
    const giveUp = (error: Error) => {
      this.#remove(commandId, waiter)
      reject(error)
    }
    const timer = setTimeout(() => giveUp(pending(timeoutMs)), timeoutMs)
    if (this.#stop.signal.aborted) giveUp(shuttingDown())
    else this.#waiters.set(commandId, [...(this.#waiters.get(commandId) ?? []), waiter])
    const outcome = promise.finally(() => clearTimeout(timer))
    // A wait that is cancelled or abandoned must not end the process as an unhandled rejection.
    outcome.catch(() => undefined)
    return { outcome, cancel: () => giveUp(CANCELLED) }
  }

  async #run(): Promise<void> {
    for (let retryMs = RETRY_MS; !this.#stop.signal.aborted; ) {
      try {
        const fetched = await this.#log.fetch({
          positions: this.#positions,
          maxBytes: FETCH_BYTES,
          maxWaitMs: FETCH_WAIT_MS,
          signal: this.#stop.signal,
        })
        await this.#takeAll(fetched)
        retryMs = RETRY_MS
      } catch (error) {
        if (this.#stop.signal.aborted) return
        console.error(`The API could not read outcomes; it tries again in ${retryMs} ms.`, error)
        await this.#pause(retryMs)
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#stop.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Of dozens of partitions, which are answered in the order they were asked for, one or two have moved. */
  async #takeAll(fetched: readonly FetchedPartition[]): Promise<void> {
    for (const [index, part] of fetched.entries()) {
      const { topic, partition, nextOffset: offset } = part
      if (this.#positions[index]?.offset === offset) continue
      this.#positions[index] = { topic, partition, offset }
      await this.#take(part)
    }
  }

  async #take({ records }: FetchedPartition): Promise<void> {
    for (const record of records) {
      const correlationId = this.#awaited(record)
      if (correlationId !== null) await this.#offer(record, correlationId)
    }
  }

  /** The command somebody waits for, where the record is of its chain. */
  #awaited({ value }: LogRecord): string | null {
    if (this.#waiters.size === 0 || value === null) return null
    const correlationId = readEnvelope(value)?.correlationId ?? null
    return correlationId !== null && this.#waiters.has(correlationId) ? correlationId : null
  }

  async #offer(record: LogRecord, correlationId: string): Promise<void> {
    const topic = this.#topics.get(record.topic)
    if (topic === undefined || record.value === null) return
    const position = { topic: record.topic, partition: record.partition, offset: record.offset }
    try {
      const event = await decodeWhenReady(topic.value, record.value)
      for (const waiter of this.#waiters.get(correlationId) ?? []) {
        if (!waiter.types.includes(event.type) || !waiter.accept(event)) continue
        this.#remove(correlationId, waiter)
        waiter.resolve({ event, position })
      }
    } catch (error) {
      // One record that cannot be read must not take the outcomes behind it from those who wait for them.
      console.error(`${record.topic}/${record.partition}@${record.offset} cannot be read as an outcome.`, error)
    }
  }

  #remove(commandId: string, waiter: Waiter): void {
    const left = (this.#waiters.get(commandId) ?? []).filter((other) => other !== waiter)
    if (left.length === 0) this.#waiters.delete(commandId)
    else this.#waiters.set(commandId, left)
  }
}

function pending(timeoutMs: number): Problem {
  return new Problem(
    504,
    'OUTCOME_PENDING',
    `The command is written but had no outcome within ${timeoutMs} ms. Send the same request with the same ` +
      'Idempotency-Key: you get the outcome, and nothing happens twice.',
    { headers: { 'retry-after': '1' } },
  )
}

function shuttingDown(): Problem {
  return new Problem(
    503,
    'SHUTTING_DOWN',
    'This node is stopping before the outcome came. Send the same request with the same Idempotency-Key again.',
    { headers: { 'retry-after': '1' } },
  )
}
