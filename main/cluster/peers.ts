import { setTimeout as sleep } from 'node:timers/promises'
import { isStreamsError, type Position, type QueryServer, StreamsError } from '#streams'
import type { Instance, Presence } from './presence.ts'

/** What a process asks another one. */
export type PeerQuestion =
  | {
      readonly kind: 'state'
      readonly app: string
      readonly store: string
      readonly key: string
      readonly partitionKey: string
      readonly position: Position | null
      readonly timeoutMs: number
    }
  | { readonly kind: 'status' }
  | { readonly kind: 'store-sums' }
  | { readonly kind: 'dead-letters'; readonly app: string; readonly limit: number }
  | { readonly kind: 'parked-keys'; readonly app: string }
  | { readonly kind: 'decide'; readonly app: string; readonly key: string; readonly action: 'replay' | 'discard' }
  | { readonly kind: 'wake'; readonly key: string }

/** The name of a process's door at the query server, beside those of its applications. */
export const PEER_DOOR = 'fourfold.part'

const ASK_MS = 5_000
const PAUSE_MS = 50
const PAUSE_MS_MAX = 500
/** One that hangs must leave time to ask another. */
const SHARE_MS_MIN = 1_000
/** What another process, or the same a moment later, may answer. */
const PASSING: readonly string[] = [
  ...['QUERY_NOT_HERE', 'QUERY_OWNER_UNKNOWN', 'QUERY_OWNER_UNREACHABLE', 'QUERY_TIMEOUT', 'TOPOLOGY_NOT_RUNNING'],
]

/** A thread of this process that runs a part of the platform. It is there, whatever the other processes say. */
export type Neighbour = {
  readonly instance: Instance
  /** @throws StreamsError THREAD_ENDED, and what it answered with */
  ask(question: PeerQuestion): Promise<unknown>
}

/**
 * Who else runs parts of the platform: the threads of this process and, where the log is one for several, the other
 * processes.
 */
export class Peers {
  readonly #server: QueryServer | null
  readonly #presence: Presence | null
  readonly #neighbours = new Map<string, Neighbour>()

  constructor(server: QueryServer | null = null, presence: Presence | null = null) {
    this.#server = server
    this.#presence = presence
  }

  /** From now on this thread is asked, too. */
  meet(neighbour: Neighbour): void {
    this.#neighbours.set(neighbour.instance.id, neighbour)
  }

  /** The threads of this process. */
  neighbours(): readonly Instance[] {
    return [...this.#neighbours.values()].map(({ instance }) => instance)
  }

  all(): readonly Instance[] {
    return [...this.neighbours(), ...(this.#presence?.others() ?? [])]
  }

  running(app: string): readonly Instance[] {
    return this.all().filter(({ topologies }) => topologies.includes(app))
  }

  /** Asks one. @throws StreamsError as `QueryServer.ask` does */
  async ask<T>({ id, address }: Instance, question: PeerQuestion, timeoutMs: number = ASK_MS): Promise<T> {
    const neighbour = this.#neighbours.get(id)
    if (neighbour !== undefined) return (await inTime(neighbour.ask(question), timeoutMs)) as T
    if (this.#server === null) throw new TypeError('Nobody can be asked without a query server.')
    // An answer is what the same version of this program gave; its fields are looked at where that matters.
    return (await this.#server.ask(address, PEER_DOOR, question, {
      timeoutMs,
      signal: new AbortController().signal,
    })) as T
  }

  /** Asks all of these, and gives what those answered who could. */
  async askAll<T>(instances: readonly Instance[], question: PeerQuestion): Promise<readonly T[]> {
    const settled = await Promise.allSettled(instances.map((instance) => this.ask<T>(instance, question)))
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }

  /**
   * Asks those that run the topology, one after the other and again, until one answers.
   * @throws StreamsError TOPOLOGY_NOT_RUNNING, and what the last one that was asked answered with
   */
  async askAny<T>(app: string, question: (timeoutMs: number) => PeerQuestion, timeoutMs: number = ASK_MS): Promise<T> {
    const deadline = performance.now() + timeoutMs
    // Made where it is needed only: an error and its stack cost a fifth of what a question costs.
    let failure: StreamsError | undefined
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      for (const instance of this.running(app)) {
        const leftMs = deadline - performance.now()
        if (leftMs <= 0) throw failure ?? notRunning(app)
        const shareMs = Math.min(leftMs, Math.max(SHARE_MS_MIN, leftMs / 2))
        try {
          return await this.ask<T>(instance, question(shareMs), shareMs)
        } catch (error) {
          if (!isStreamsError(error) || !PASSING.includes(error.code)) throw error
          failure = error
        }
      }
      if (performance.now() + pauseMs >= deadline) throw failure ?? notRunning(app)
      await sleep(pauseMs)
    }
  }
}

async function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `A thread of this process did not answer within ${Math.round(timeoutMs)} ms. Ask again.`
    timer = setTimeout(() => reject(new StreamsError('QUERY_TIMEOUT', message)), timeoutMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function notRunning(app: string): StreamsError {
  return new StreamsError(
    'TOPOLOGY_NOT_RUNNING',
    `No process that runs the topology ${app} was heard of lately. Start one: npm run part -- topologies ${app}.`,
  )
}
