/**
 * An error of the streams library. `code` is stable and documented in docs/errors.md;
 * the message says what was wrong and what to do.
 */
export class StreamsError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StreamsError'
    this.code = code
  }
}

/** True where `error` is a StreamsError with this code. */
export function isStreamsError(error: unknown, code?: string): error is StreamsError {
  return error instanceof StreamsError && (code === undefined || error.code === code)
}
