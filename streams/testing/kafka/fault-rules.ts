import { KAFKA_API, type KafkaApi, type RequestHeader } from './kafka-frames.ts'

/**
 * What happens to one request:
 * - `drop-request`: it never reaches the broker; the connection stays, and the client waits for its timeout;
 * - `cut-before`: the connection is cut before the request reaches the broker: it certainly has no effect;
 * - `cut-after`: the broker has answered, and the connection is cut before the client hears it: unknown outcome;
 * - a delay, of the request on its way to the broker or of its response on the way back. What comes behind on the same
 *   connection waits too, as it would on a slow line;
 * - `meanwhile`: the request is held back until something else is done, which so happens right before it.
 */
export type Fault =
  | 'drop-request'
  | 'cut-before'
  | 'cut-after'
  | { readonly delayRequestMs: number }
  | { readonly delayResponseMs: number }
  | { readonly meanwhile: () => Promise<void> }

/** Which request of those that match: the nth one only (1 is the first), or each with this probability. */
export type FaultTrigger = { readonly nth: number } | { readonly probability: number }

/** A fault, and which requests it befalls. */
export type FaultRule = {
  readonly api: KafkaApi
  readonly trigger: FaultTrigger
  readonly fault: Fault
  /** Only requests of clients whose id contains this. */
  readonly client?: string
}

type RuleState = { readonly rule: FaultRule; seen: number; happened: number }

/** A set of rules, and how often each has struck. The first rule that strikes decides. */
export class FaultRules {
  readonly #random: () => number
  #states: RuleState[] = []

  /** @param random from 0 to 1; a seeded one makes the faults of a run repeatable */
  constructor(random: () => number) {
    this.#random = random
  }

  add(rule: FaultRule): void {
    this.#states.push({ rule, seen: 0, happened: 0 })
  }

  clear(): void {
    this.#states = []
  }

  /** What shall happen to this request; null for nothing. */
  faultOf(request: RequestHeader): Fault | null {
    for (const state of this.#states) {
      const { api, client, trigger, fault } = state.rule
      if (KAFKA_API[api] !== request.apiKey || !request.clientId.includes(client ?? '')) continue
      state.seen += 1
      const strikes = 'nth' in trigger ? state.seen === trigger.nth : this.#random() < trigger.probability
      if (!strikes) continue
      state.happened += 1
      return fault
    }
    return null
  }

  /** How many faults have happened, all rules together. */
  get happened(): number {
    return this.#states.reduce((sum, { happened }) => sum + happened, 0)
  }
}
