import { createHmac } from 'node:crypto'
import { deriveId, sha256 } from '#domain/ids.ts'
import type { CommandAnswer, Envelope } from '#schemas'
import { rootMeta } from '#schemas'
import { decodeWhenReady, isStreamsError, type Log, type Position, partitionFor, type Topic } from '#streams'
import type { FreshQueries } from './fresh-queries.ts'
import type { OutcomeTail, Waiting } from './outcome-tail.ts'
import type { BusinessTime } from './ports.ts'
import { Problem } from './problems.ts'

type Typed = { readonly type: string; readonly meta: Envelope }

/** Who asks what, so that the same request can be known again (DOMAIN §9). */
export type RequestIdentity = {
  /** The caller: consumer, merchant or operator. */
  readonly caller: string
  readonly method: string
  readonly path: string
  /** The Idempotency-Key header, or a key made up for this request where the route does not demand one. */
  readonly key: string
  /** True where the key was made up: then nothing can have been stored under it. */
  readonly fresh: boolean
  /** The body, as a text that is the same for the same JSON. */
  readonly body: string
}

/** The topology that answers a command, the topic it answers on, and the store it keeps answers in: `answers`. */
export type AnsweredBy<E> = { readonly app: string; readonly topic: Topic<E>; readonly store?: string }

/** A command that a request becomes, and what answers it. */
export type CommandSpec<C extends Typed, E extends Typed> = {
  readonly request: RequestIdentity
  readonly topic: Topic<C>
  readonly answeredBy: AnsweredBy<E>
  /** Other topologies that read the command. */
  readonly alsoReadBy?: readonly string[]
  readonly partitionKey: string
  readonly build: (meta: Envelope) => NoInfer<C>
  /** The record types that are an outcome. */
  readonly outcomes: readonly NoInfer<E>['type'][]
  /** Which of them, where a command has several; all where left out. */
  readonly accept?: (event: NoInfer<E>) => boolean
}

/** What a command came to. */
export type CommandResult<E> = {
  readonly event: E
  /** Where the outcome stands; null for a stored answer. */
  readonly position: Position | null
  readonly commandId: string
  /** True where this is the stored answer of an earlier request. */
  readonly replayed: boolean
}

/** What a gateway works with. `secret` makes the fingerprints of bodies, and must be the same on every node. */
export type CommandGatewayParts = {
  readonly log: Log
  readonly tail: OutcomeTail
  readonly queries: FreshQueries
  readonly time: BusinessTime
  readonly secret: string
  /** How long a caller waits for an outcome; 10 seconds where left out. */
  readonly outcomeTimeoutMs?: number
}

const OUTCOME_TIMEOUT_MS = 10_000
/** No outcome is this late unless it was announced before we listened, or the topology is behind. */
const LATE_MS = 300

/**
 * Turns a request into a command and waits for its outcome.
 * Invariant: a command id is a function of caller, method, path and Idempotency-Key. The topology that handles the
 * command stores its answer under that id in the same atomic step as its events, and drops a repeat; so a request
 * has one effect, however often and through however many API nodes it comes.
 */
export class CommandGateway {
  readonly #parts: CommandGatewayParts
  readonly #timeoutMs: number
  /** The commands being worked on, with the fingerprint of their body. */
  readonly #inFlight = new Map<string, string>()

  constructor(parts: CommandGatewayParts) {
    this.#parts = parts
    this.#timeoutMs = parts.outcomeTimeoutMs ?? OUTCOME_TIMEOUT_MS
  }

  /** @throws Problem IDEMPOTENCY_KEY_REUSED, REQUEST_IN_FLIGHT, OUTCOME_PENDING, SHUTTING_DOWN */
  async run<C extends Typed, E extends Typed>(spec: CommandSpec<C, E>): Promise<CommandResult<E>> {
    const commandId = commandIdOf(spec.request)
    const idempotencyKey = this.#idempotencyKey(spec.request)
    const underWay = this.#inFlight.get(commandId)
    if (underWay !== undefined) throw underWay === idempotencyKey ? inFlight() : keyReused()
    this.#inFlight.set(commandId, idempotencyKey)
    try {
      return (await this.replay(spec)) ?? (await this.#send(spec, commandId, idempotencyKey))
    } finally {
      this.#inFlight.delete(commandId)
    }
  }

  /** The stored answer of a request that was answered before; null where there is none. @throws Problem as `run` */
  async replay<C extends Typed, E extends Typed>(
    spec: Pick<CommandSpec<C, E>, 'request' | 'answeredBy' | 'partitionKey'>,
  ): Promise<CommandResult<E> | null> {
    const { request } = spec
    if (request.fresh) return null
    const commandId = commandIdOf(request)
    const answer = await this.#stored(spec, commandId).catch((error: unknown) => {
      throw isStreamsError(error, 'QUERY_TIMEOUT') ? notKnownYet(error) : error
    })
    if (answer === undefined) return null
    if (answer.idempotencyKey !== this.#idempotencyKey(request)) throw keyReused()
    return { event: await outcomeOf(spec.answeredBy.topic, answer), position: null, commandId, replayed: true }
  }

  /** Waits for a later event of a command's chain. Call it before `run`. */
  waitFor<E extends Typed>(commandId: string, types: readonly E['type'][], accept?: (event: E) => boolean): Waiting<E> {
    const timeoutMs = this.#timeoutMs
    return this.#parts.tail.wait<E>(commandId, { types, timeoutMs, ...(accept === undefined ? {} : { accept }) })
  }

  #stored(spec: { answeredBy: { app: string; store?: string }; partitionKey: string }, commandId: string) {
    const { app, store = 'answers' } = spec.answeredBy
    return this.#parts.queries.get<CommandAnswer>(app, store, commandId, { partitionKey: spec.partitionKey })
  }

  async #send<C extends Typed, E extends Typed>(
    spec: CommandSpec<C, E>,
    commandId: string,
    idempotencyKey: string,
  ): Promise<CommandResult<E>> {
    const { timeMs, date } = this.#parts.time.now()
    const meta = rootMeta({ source: 'api', id: commandId, occurredAt: timeMs, businessDate: date, idempotencyKey })
    const waiting = this.waitFor<E>(commandId, spec.outcomes, spec.accept)
    try {
      const command = await this.#append(spec.topic, spec.partitionKey, spec.build(meta))
      this.#parts.queries.wrote([spec.answeredBy.app, ...(spec.alsoReadBy ?? [])], spec.partitionKey, command)
      const result = await this.#heardOrStored(spec, meta, waiting)
      // Another API node was first with the same key and another body: its outcome carries its own body's fingerprint.
      if (result.idempotencyKey !== idempotencyKey) throw keyReused()
      return { event: result.event, position: result.position, commandId, replayed: result.replayed }
    } finally {
      waiting.cancel()
    }
  }

  /**
   * The outcome as it is announced. Where another node's command with the same id was answered just before we listened,
   * ours is dropped and nothing is announced: then the stored answer is the outcome.
   */
  async #heardOrStored<E extends Typed>(
    spec: { answeredBy: AnsweredBy<E>; partitionKey: string },
    meta: Envelope,
    waiting: Waiting<E>,
  ) {
    type Found = Omit<CommandResult<E>, 'commandId'> & { readonly idempotencyKey: string | null }
    const heard = waiting.outcome.then(({ event, position }): Found => {
      return { event, position, replayed: false, idempotencyKey: event.meta.idempotencyKey }
    })
    const found = Promise.withResolvers<Found>()
    const look = async () => {
      const answer = await this.#stored(spec, meta.id)
      if (answer === undefined) return
      const event = await outcomeOf(spec.answeredBy.topic, answer)
      const replayed = answer.answeredAt !== meta.occurredAt
      found.resolve({ event, position: null, replayed, idempotencyKey: answer.idempotencyKey })
    }
    // A look that fails changes nothing: the outcome may still be heard, and the wait ends by itself.
    const timer = setTimeout(() => void look().catch(() => undefined), LATE_MS)
    try {
      return await Promise.race([heard, found.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async #append<C>(topic: Topic<C>, partitionKey: string, value: C): Promise<Position> {
    const { log } = this.#parts
    const key = Buffer.from(partitionKey)
    const partition = partitionFor(key, log.partitionCount(topic.name))
    const record = { topic: topic.name, partition, timestampMs: Date.now(), key, value: topic.value.serialize(value) }
    const [offset] = await log.append([record])
    return { topic: topic.name, partition, offset: offset ?? 0 }
  }

  /**
   * What is stored with a command to know its repeat by. The body is in it as a keyed hash only: bodies hold passwords
   * and birthdays, which a plain hash in the log would let anybody with the log try out.
   */
  #idempotencyKey(request: RequestIdentity): string {
    const fingerprint = createHmac('sha256', this.#parts.secret).update(request.body).digest('hex')
    return `${scopeOf(request)}#${fingerprint}`
  }
}

/** The id of the command that a request becomes. */
export function commandIdOf(request: RequestIdentity): string {
  return deriveId('cmd', scopeOf(request))
}

function outcomeOf<E>(topic: Topic<E>, answer: CommandAnswer): Promise<E> {
  return decodeWhenReady(topic.value, answer.outcome)
}

function scopeOf(request: RequestIdentity): string {
  return sha256([request.caller, request.method, request.path, request.key].join('\n'))
}

function inFlight(): Problem {
  return new Problem(
    409,
    'REQUEST_IN_FLIGHT',
    'A request with this Idempotency-Key is still being worked on. Wait for its answer, then repeat it if you must.',
    { headers: { 'retry-after': '1' } },
  )
}

function notKnownYet(cause: unknown): Problem {
  return new Problem(
    504,
    'OUTCOME_PENDING',
    'What became of this request cannot be told yet. Send it again with the same Idempotency-Key.',
    { headers: { 'retry-after': '1' }, cause },
  )
}

function keyReused(): Problem {
  return new Problem(
    422,
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used with another body. Use a new key for a new request.',
  )
}
