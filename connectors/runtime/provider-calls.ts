/**
 * Calls to one provider: so many at once, each with a timeout, tried again a few times with growing, random pauses, and
 * not made at all for a while after the provider has failed many times in a row (the circuit is open).
 */
import {
  BrokenCircuitError,
  type BulkheadPolicy,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { ProviderUnavailable } from './provider-error.ts'

/** How patient calls are; all of it has defaults. */
export type CallOptions = {
  /** Calls under way at the same time. */
  readonly concurrency: number
  /** Of one try; milliseconds. */
  readonly timeoutMs: number
  /** Tries of one call, the first one included. */
  readonly tries: number
  /** Upper bound of the pause before the second try; doubled before each further one. Milliseconds. */
  readonly pauseMs: number
  readonly pauseMsMax: number
  /** The circuit opens after so many failed tries in a row ... */
  readonly openAfterFailures: number
  /** ... and lets one call through after so many milliseconds, to see. */
  readonly openMs: number
}

/** What holds unless a connector says otherwise. */
const CALL_DEFAULTS: CallOptions = {
  concurrency: 32,
  timeoutMs: 5_000,
  tries: 4,
  pauseMs: 100,
  pauseMsMax: 2_000,
  openAfterFailures: 20,
  openMs: 5_000,
}

/** What became of a call: an answer, or none after all tries. */
export type CallOutcome<T> =
  | { readonly answered: true; readonly answer: T }
  | { readonly answered: false; readonly error: ProviderUnavailable }

/** Whether calls are made at present. */
export type Circuit = 'closed' | 'open' | 'half-open'

/** The calls to one provider. */
export class ProviderCalls {
  readonly #options: CallOptions
  readonly #bulkhead: BulkheadPolicy
  readonly #breaker: CircuitBreakerPolicy
  readonly #policy: IPolicy
  #failures = 0

  constructor(options: Partial<CallOptions> = {}) {
    this.#options = { ...CALL_DEFAULTS, ...options }
    const { concurrency, timeoutMs, tries, pauseMs, pauseMsMax, openAfterFailures, openMs } = this.#options
    const failed = handleWhen((error) => error instanceof ProviderUnavailable || error instanceof TaskCancelledError)
    this.#bulkhead = bulkhead(concurrency, Number.POSITIVE_INFINITY)
    this.#breaker = circuitBreaker(failed, {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(openAfterFailures),
    })
    const backoff = new ExponentialBackoff({ initialDelay: pauseMs, maxDelay: pauseMsMax })
    this.#policy = wrap(
      retry(failed, { maxAttempts: tries - 1, backoff }),
      this.#breaker,
      this.#bulkhead,
      timeout(timeoutMs, TimeoutStrategy.Aggressive),
    )
    this.#breaker.onFailure(() => {
      this.#failures++
    })
  }

  /**
   * Makes the call. `request` must end soon after its signal has been aborted, and throw ProviderUnavailable where a
   * further try can help; whatever else it throws is thrown here, as is the reason of an aborted `signal`.
   */
  async call<T>(request: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<CallOutcome<T>> {
    let mayHaveActed = false
    const oneTry = async (trySignal: AbortSignal): Promise<T> => {
      signal.throwIfAborted()
      // Until it is known not to have: a try that has timed out may still end after the next one.
      const before = mayHaveActed
      mayHaveActed = true
      try {
        return await request(trySignal)
      } catch (error) {
        if (error instanceof ProviderUnavailable && !error.mayHaveActed) mayHaveActed = before
        throw error
      }
    }
    try {
      return {
        answered: true,
        answer: await this.#policy.execute(({ signal: trySignal }) => oneTry(trySignal), signal),
      }
    } catch (error) {
      signal.throwIfAborted()
      const unavailable = this.#unavailable(error, mayHaveActed)
      if (unavailable === null) throw error
      return { answered: false, error: unavailable }
    }
  }

  #unavailable(error: unknown, mayHaveActed: boolean): ProviderUnavailable | null {
    if (error instanceof ProviderUnavailable)
      return new ProviderUnavailable(error.message, mayHaveActed, { cause: error })
    if (error instanceof BrokenCircuitError) {
      return new ProviderUnavailable('The provider has failed too often; it is left alone for a while.', mayHaveActed)
    }
    if (error instanceof TaskCancelledError) {
      return new ProviderUnavailable(`No answer within ${this.#options.timeoutMs} ms.`, true, { cause: error })
    }
    return null
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#options.concurrency - this.#bulkhead.executionSlots
  }

  /** Tries that failed since the start. */
  get failures(): number {
    return this.#failures
  }

  get circuit(): Circuit {
    if (this.#breaker.state === CircuitState.Closed) return 'closed'
    return this.#breaker.state === CircuitState.HalfOpen ? 'half-open' : 'open'
  }
}
