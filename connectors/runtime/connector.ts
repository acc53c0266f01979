import type { Topic } from '#streams'
import type { ProviderCalls } from './provider-calls.ts'

/** What a connector may do with one request. */
export type RequestContext<Result> = {
  /** Writes a result. Results of one key are written in the order of their requests. */
  emit(result: Result): void
  /**
   * The same for a result that the request might not give again: it leaves only together with the position that covers
   * it, so that after a crash nobody makes the call once more whose failure was told already.
   */
  emitOnce(result: Result): void
  /** Ends when the partition leaves or the connector closes: the request comes again, here or elsewhere. */
  readonly signal: AbortSignal
  /** Wall-clock time at which the request was written, in milliseconds. */
  readonly requestedAtMs: number
  /** False where this is certainly the first time the request is seen; true where somebody may have sent it before. */
  readonly mayRepeat: boolean
  /** Waits; ends early when `wake` is called with the request's key, and rejects when the signal is aborted. */
  pause(ms: number): Promise<void>
}

/** A provider behind a pair of topics. */
export type Connector<Request, Result> = {
  /** E.g. `payment-gateway`: the application, the group and the source of its records is `connector.<name>`. */
  readonly name: string
  readonly requests: Topic<Request>
  readonly results: Topic<Result>
  /** Of its provider, or of all of them together. */
  readonly calls: Pick<ProviderCalls, 'circuit' | 'inFlight' | 'failures'>
  /** Requests of a partition taken at the same time; a connector whose requests wait for days needs many. */
  readonly openMax?: number
  /** False for requests that are another connector's. All are taken where it is left out. */
  accepts?(request: Request): boolean
  /** Under which name `wake` finds a waiting request. */
  wakeKeyOf?(request: Request): string
  /**
   * Deals with one request: calls, maps, emits. Once it has resolved the request is not seen again. What it rejects
   * with (except after an abort) sends the request to the dead letters: provider failures are results.
   */
  handle(request: Request, context: RequestContext<Result>): Promise<void>
  /** Closes connections to the provider. */
  close?(): void
}

/** How a connector is doing. */
export type ConnectorStatus = {
  readonly name: string
  readonly circuit: 'closed' | 'open' | 'half-open'
  /** Calls under way. */
  readonly inFlight: number
  /** Requests taken and not answered yet. */
  readonly open: number
  /** Requests answered since the start. */
  readonly processed: number
  /** Tries that failed since the start. */
  readonly failures: number
  /** Requests sent to the dead letters since the start. */
  readonly deadLetters: number
  /** Requests in the log that are not answered yet, as of the last fetch. */
  readonly lag: number
  /** Why it is not reading at present; null where it is. */
  readonly trouble: string | null
}
