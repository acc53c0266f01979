/**
 * Several providers that do the same, in the order in which they are asked: the next one takes over where one is
 * certain not to have acted (not reached, busy, or left alone by its circuit breaker).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CombinedCalls } from './combined-calls.ts'
import type { ProviderCalls } from './provider-calls.ts'
import { ProviderRefused } from './provider-error.ts'

/** One of the providers. */
export type RoutedProvider<Client> = {
  /** As it stands in events, e.g. `email-2`. */
  readonly name: string
  readonly client: Client
  readonly calls: ProviderCalls
  /** True where it acts once on an idempotency key: an unanswered request is then understood by asking again. */
  readonly hasKeys: boolean
}

/** What became of a request, and at which provider. */
export type RouteOutcome<Answer> =
  | { readonly kind: 'answered'; readonly provider: string; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly provider: string; readonly code: string }
  /** It may have acted, and does not say: no other one was asked. */
  | { readonly kind: 'unknown'; readonly provider: string }
  /** None of them acted. `provider`: the last one asked. */
  | { readonly kind: 'unavailable'; readonly provider: string | null }

/** How long a provider that may have acted is asked again. */
export type RouteOptions = { readonly asksMax?: number; readonly pauseMs?: number; readonly pauseMsMax?: number }

const ASKS_MAX = 12
const PAUSE_MS = 500
const PAUSE_MS_MAX = 30_000

/**
 * The providers of one kind, in order.
 * Invariant: a request whose outcome at a provider with idempotency keys is unknown goes to no other provider.
 */
export class ProviderRoute<Client> extends CombinedCalls {
  readonly #providers: readonly RoutedProvider<Client>[]
  readonly #options: Required<RouteOptions>

  constructor(providers: readonly RoutedProvider<Client>[], options: RouteOptions = {}) {
    super(providers.map(({ calls }) => calls))
    this.#providers = providers
    this.#options = { asksMax: ASKS_MAX, pauseMs: PAUSE_MS, pauseMsMax: PAUSE_MS_MAX, ...options }
  }

  /** Asks one after another until one has answered, refused, or may have acted. Rejects after an abort only. */
  async call<Answer>(
    request: (client: Client, signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<RouteOutcome<Answer>> {
    let last: string | null = null
    for (const provider of this.#providers) {
      last = provider.name
      const outcome = await this.#ask(provider, request, signal)
      if (outcome !== null) return outcome
    }
    return { kind: 'unavailable', provider: last }
  }

  /** The first provider that says it has acted on something before; null where none does, or cannot be asked. */
  async find<Answer>(
    look: (client: Client, signal: AbortSignal) => Promise<Answer | null>,
    signal: AbortSignal,
  ): Promise<{ readonly provider: string; readonly answer: Answer } | null> {
    for (const { name, calls, client, hasKeys } of this.#providers) {
      if (!hasKeys) continue
      const answer = await this.#look(calls, (trySignal) => look(client, trySignal), signal)
      if (answer !== null) return { provider: name, answer }
    }
    return null
  }

  async #look<Answer>(
    calls: ProviderCalls,
    look: (signal: AbortSignal) => Promise<Answer | null>,
    signal: AbortSignal,
  ): Promise<Answer | null> {
    try {
      const outcome = await calls.call(look, signal)
      return outcome.answered ? outcome.answer : null
    } catch (error) {
      if (error instanceof ProviderRefused) return null
      throw error
    }
  }

  /** Null where it is certain that the provider did not act. */
  async #ask<Answer>(
    { name, calls, client, hasKeys }: RoutedProvider<Client>,
    request: (client: Client, signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<RouteOutcome<Answer> | null> {
    const { asksMax, pauseMsMax } = this.#options
    let { pauseMs } = this.#options
    let inDoubt = false
    for (let asks = 1; ; asks++) {
      try {
        const outcome = await calls.call((trySignal) => request(client, trySignal), signal)
        if (outcome.answered) return { kind: 'answered', provider: name, answer: outcome.answer }
        inDoubt ||= outcome.error.mayHaveActed
      } catch (error) {
        if (error instanceof ProviderRefused) return { kind: 'refused', provider: name, code: error.code }
        throw error
      }
      // Without keys nothing is won by asking again: twice is better than never.
      if (!inDoubt || !hasKeys) return null
      if (asks >= asksMax) return { kind: 'unknown', provider: name }
      await sleep(pauseMs, undefined, { signal })
      pauseMs = Math.min(pauseMs * 2, pauseMsMax)
    }
  }
}
