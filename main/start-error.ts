import { isStreamsError } from '#streams'

/**
 * The platform cannot start, or must stop, for a reason that a person can mend: `code` is stable and a heading of
 * docs/errors.md; the message says what is wrong and what to do. Printed without a stack.
 */
export class StartError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
    this.code = code
  }
}

/** How an error is printed: what a person can mend by its code, everything else with its stack. */
export function wordsOf(error: unknown): unknown {
  return error instanceof StartError || isStreamsError(error) ? `${error.code}: ${error.message}` : error
}
