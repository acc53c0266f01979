/**
 * The provider gave no answer that says what happened: not reached, too slow, or failing. Trying again can help.
 */
export class ProviderUnavailable extends Error {
  /** False only where it is certain that the provider did not act on the request. */
  readonly mayHaveActed: boolean

  constructor(message: string, mayHaveActed: boolean, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProviderUnavailable'
    this.mayHaveActed = mayHaveActed
  }
}

/** The provider refused the request for good: the same request would be refused again. */
export class ProviderRefused extends Error {
  /** The provider's own code, or `http_<status>`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ProviderRefused'
    this.code = code
  }
}
