/** An answer that was not a success: the problem details of the platform. */
export class RefusedRequest extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.name = 'RefusedRequest'
    this.status = status
    this.code = code
  }
}

/** What goes with a request. */
export type Call = {
  readonly token?: string
  /** The Idempotency-Key: a repeat with the same one has no second effect. */
  readonly key?: string
  readonly body?: unknown
}

/** A success: its body, and its headers for what is said there. */
export type Answer<T> = { readonly body: T; readonly headers: Headers }

const REPEAT_CODES: readonly string[] = ['OUTCOME_PENDING', 'REQUEST_IN_FLIGHT']
const REPEATS_MAX = 60
const REPEAT_AFTER_MS = 500

/** Speaks to the platform's HTTP API as any shop or shopper would, and repeats what has no outcome yet. */
export class PlatformClient {
  readonly #baseUrl: string

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  async get<T>(path: string, call: Call = {}): Promise<T> {
    return (await this.#repeating<T>('GET', path, call)).body
  }

  async post<T>(path: string, call: Call): Promise<Answer<T>> {
    return this.#repeating<T>('POST', path, call)
  }

  async #repeating<T>(method: string, path: string, call: Call): Promise<Answer<T>> {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await this.#send<T>(method, path, call)
      } catch (error) {
        const again = error instanceof RefusedRequest && REPEAT_CODES.includes(error.code) && repeats < REPEATS_MAX
        if (!again) throw error
        await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS))
      }
    }
  }

  async #send<T>(method: string, path: string, call: Call): Promise<Answer<T>> {
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers: {
        ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
        ...(call.key === undefined ? {} : { 'idempotency-key': call.key }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    })
    const body: unknown = await response.json()
    if (response.ok) return { body: body as T, headers: response.headers }
    const problem = body as { readonly code?: string; readonly detail?: string }
    throw new RefusedRequest(
      response.status,
      problem.code ?? 'HTTP_ERROR',
      `${method} ${path}: ${problem.detail ?? ''}`,
    )
  }
}
