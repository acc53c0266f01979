/**
 * The client of a schema registry: ours or any that speaks Confluent's REST API. The one served in this process is
 * called by its app's own `fetch`, without a socket; another one by its URL.
 */
import { StreamsError } from '#streams'
import type { AvroObject } from '../avro-files.ts'
import type { SchemaRegistry } from '../open-schemas.ts'

/** Calls an HTTP server: the global `fetch`, or a Hono app's. */
export type FetchFunction = (request: Request) => Promise<Response> | Response

/** Where a registry is, and how patient its client is. */
export type RegistryClientOptions = {
  /** Where the registry is, with the path it is served under; `http://user:password@host` signs in. */
  readonly url: string
  readonly fetch?: FetchFunction
  /** Of one call; milliseconds. */
  readonly timeoutMs?: number
  /** Calls made before giving up, where the registry does not answer or fails. */
  readonly attempts?: number
  /** Pause before the second call; doubled before each further one. Milliseconds. */
  readonly pauseMs?: number
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'
const SCHEMA_NOT_FOUND = 40403

/** Registers schemas and gets them by their id. */
export class RegistryClient implements SchemaRegistry {
  readonly #base: string
  readonly #headers: Record<string, string>
  readonly #fetch: FetchFunction
  readonly #timeoutMs: number
  readonly #attempts: number
  readonly #pauseMs: number

  constructor(options: RegistryClientOptions) {
    const url = new URL(options.url)
    this.#headers = { accept: CONTENT_TYPE, 'content-type': CONTENT_TYPE, ...authorization(url) }
    // fetch refuses a URL with a password in it.
    url.username = ''
    url.password = ''
    this.#base = url.href.replace(/\/$/, '')
    this.#fetch = options.fetch ?? fetch
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#attempts = options.attempts ?? 5
    this.#pauseMs = options.pauseMs ?? 200
  }

  /**
   * The id of the schema under this subject, registered where it is new.
   * @throws StreamsError SCHEMA_INCOMPATIBLE, SCHEMA_REGISTRY_REFUSED or SCHEMA_REGISTRY_UNAVAILABLE
   */
  async register(subject: string, schema: AvroObject): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`
    const answer = await this.#call('POST', path, { schema: JSON.stringify(schema) })
    if (answer.status === 409) throw new StreamsError('SCHEMA_INCOMPATIBLE', String(answer.body.message))
    const id = this.#accepted(answer, path).id
    if (typeof id !== 'number') throw refused(path, 'it gave no schema id')
    return id
  }

  /**
   * The schema of an id; null where the registry has none.
   * @throws StreamsError SCHEMA_REGISTRY_REFUSED or SCHEMA_REGISTRY_UNAVAILABLE
   */
  async schemaById(id: number): Promise<AvroObject | null> {
    const path = `/schemas/ids/${id}`
    const answer = await this.#call('GET', path)
    if (answer.status === 404 && answer.body.error_code === SCHEMA_NOT_FOUND) return null
    const { schema } = this.#accepted(answer, path)
    try {
      return JSON.parse(String(schema)) as AvroObject
    } catch {
      throw refused(path, 'its schema is not JSON')
    }
  }

  #accepted(answer: Answer, path: string): Record<string, unknown> {
    if (answer.status === 200) return answer.body
    throw refused(path, `${answer.status} ${String(answer.body.error_code ?? '')} ${String(answer.body.message ?? '')}`)
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    let failure: unknown
    for (let attempt = 1; attempt <= this.#attempts; attempt++) {
      try {
        const answer = await this.#callOnce(method, path, body)
        if (answer.status < 500) return answer
        failure = new Error(`HTTP ${answer.status} ${String(answer.body.message ?? '')}`)
      } catch (error) {
        failure = error
      }
      const pauseMs = this.#pauseMs * 2 ** (attempt - 1)
      if (attempt < this.#attempts) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    const why = failure instanceof Error ? failure.message : String(failure)
    const message = `The schema registry at ${this.#base} did not answer ${this.#attempts} times: ${why}`
    throw new StreamsError('SCHEMA_REGISTRY_UNAVAILABLE', message, { cause: failure })
  }

  async #callOnce(method: string, path: string, body?: object): Promise<Answer> {
    const request = new Request(this.#base + path, {
      method,
      headers: this.#headers,
      signal: AbortSignal.timeout(this.#timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await this.#fetch(request)
    const text = await response.text()
    return { status: response.status, body: objectOf(text) }
  }
}

function authorization(url: URL): Record<string, string> {
  if (url.username === '') return {}
  const signIn = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(signIn).toString('base64')}` }
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const parsed = JSON.parse(text) as unknown
    return parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {}
  } catch {
    return { message: text.slice(0, 200) }
  }
}

function refused(path: string, reason: string): StreamsError {
  return new StreamsError('SCHEMA_REGISTRY_REFUSED', `The schema registry refused ${path}: ${reason}`)
}
