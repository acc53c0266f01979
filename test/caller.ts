import { setTimeout as sleep } from 'node:timers/promises'

/** One field that was wrong, as a problem names it. */
export type FieldError = { readonly field: string; readonly code: string; readonly message: string }

/** Problem details, as every error of the API comes. */
export type ProblemBody = {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly instance: string
  readonly errors?: readonly FieldError[]
}

/** An answer as it came. */
export type Answer<T> = { readonly status: number; readonly headers: Headers; readonly body: T }

/** What is sent: a `body` as JSON, or `raw` text as it is. */
export type Sent = {
  readonly token?: string
  readonly key?: string
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Nothing was done yet, or nothing is known yet: the same request is sent again. */
const REPEAT_CODES: readonly string[] = ['OUTCOME_PENDING', 'REQUEST_IN_FLIGHT', 'QUERY_TIMEOUT']
const REPEAT_AFTER_MS = 200
const REPEATS_MAX = 200

/** Sends requests to a platform and gives back whatever it answers. */
export class Caller {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  async send<T = ProblemBody>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> {
    const text = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body))
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(sent.token !== undefined && { authorization: `Bearer ${sent.token}` }),
        ...(sent.key !== undefined && { 'idempotency-key': sent.key }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      ...(text !== undefined && { body: text }),
    })
    const answer = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (answer === '' ? null : JSON.parse(answer)) as T,
    }
  }

  /** A POST that must succeed; what has no outcome yet is sent again. @throws Error with the problem. */
  async post<T>(path: string, sent: Sent): Promise<T> {
    return (await this.insist<T>('POST', path, sent)).body
  }

  /** A GET that must succeed. @throws Error with the problem. */
  async get<T>(path: string, token?: string): Promise<T> {
    return (await this.insist<T>('GET', path, token === undefined ? {} : { token })).body
  }

  /** Sends until there is an outcome. @throws Error with the problem where that is none. */
  async insist<T>(method: string, path: string, sent: Sent): Promise<Answer<T>> {
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.send<T>(method, path, sent)
      if (answer.status < 400) return answer
      const problem = answer.body as unknown as ProblemBody
      if (!REPEAT_CODES.includes(problem.code) || repeats === REPEATS_MAX) {
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(problem)}`)
      }
      await sleep(REPEAT_AFTER_MS)
    }
  }
}
