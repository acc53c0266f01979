import { Problem, problemOf } from './problem.ts'

/** An answer of the API. */
export type Answer<T> = { readonly body: T; readonly headers: Headers }

const ATTEMPTS_MAX = 3
const PAUSE_MS = 400
/** Answers that say "not yet": the same request with the same key asks again, and does nothing twice. */
const ASK_AGAIN: readonly string[] = ['OUTCOME_PENDING', 'REQUEST_IN_FLIGHT']

/**
 * Speaks to the API for one caller. Each POST has an Idempotency-Key of its own; a request whose fate is unknown (the
 * network failed, or no outcome came) keeps its key, so that asking again cannot buy or pay twice.
 */
export class ApiClient {
  readonly #token: () => string | null
  readonly #renew: () => Promise<boolean>
  readonly #unanswered = new Map<string, string>()

  /** @param renew gets another token where this one is not taken any more; false where there is none */
  constructor(token: () => string | null, renew: () => Promise<boolean> = () => Promise.resolve(false)) {
    this.#token = token
    this.#renew = renew
  }

  /** What is no JSON but a page comes as text. @throws Problem */
  async get<T>(path: string): Promise<T> {
    return (await this.#send<T>('GET', path, undefined, {})).body
  }

  /** @throws Problem */
  async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.postForAnswer<T>(path, body)).body
  }

  /** As `post`, with the headers of the answer. @throws Problem */
  async postForAnswer<T>(path: string, body: unknown): Promise<Answer<T>> {
    const request = `${this.#token()} ${path} ${JSON.stringify(body)}`
    const key = this.#unanswered.get(request) ?? crypto.randomUUID()
    this.#unanswered.set(request, key)
    try {
      const answer = await this.#insist<T>(path, body, key)
      this.#unanswered.delete(request)
      return answer
    } catch (error) {
      if (error instanceof Problem && !isUndecided(error)) this.#unanswered.delete(request)
      throw error
    }
  }

  /** @throws Problem */
  async put(path: string, body: unknown): Promise<void> {
    await this.#send('PUT', path, body, { 'idempotency-key': crypto.randomUUID() })
  }

  /** @throws Problem */
  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path, undefined, {})
  }

  async #insist<T>(path: string, body: unknown, key: string): Promise<Answer<T>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send<T>('POST', path, body, { 'idempotency-key': key })
      } catch (error) {
        if (!(error instanceof Problem) || !isUndecided(error) || attempt === ATTEMPTS_MAX) throw error
        await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS))
      }
    }
  }

  async #send<T>(method: string, path: string, body: unknown, extra: Record<string, string>): Promise<Answer<T>> {
    const used = this.#token()
    try {
      return await this.#sendOnce<T>(method, path, body, extra)
    } catch (error) {
      const isStale = error instanceof Problem && error.code === 'NOT_SIGNED_IN' && used !== null
      // Another request may have renewed it in the meantime.
      if (!isStale || (used === this.#token() && !(await this.#renew()))) throw error
      return this.#sendOnce<T>(method, path, body, extra)
    }
  }

  async #sendOnce<T>(method: string, path: string, body: unknown, extra: Record<string, string>): Promise<Answer<T>> {
    const token = this.#token()
    const headers: Record<string, string> = { accept: 'application/json', ...extra }
    if (token !== null) headers['authorization'] = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await reach(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
    if (!response.ok) throw await problemOf(response)
    const text = await response.text()
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false
    return { body: (text === '' ? null : isPage ? text : JSON.parse(text)) as T, headers: response.headers }
  }
}

/** A fetch whose failure can be shown. @throws Problem UNREACHABLE */
export async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request)
  } catch {
    const place = address.startsWith('http') ? new URL(address).origin : 'the platform'
    throw new Problem(0, 'UNREACHABLE', `No connection to ${place}. Check that it runs, then try again.`)
  }
}

function isUndecided(problem: Problem): boolean {
  return problem.code === 'UNREACHABLE' || ASK_AGAIN.includes(problem.code)
}
