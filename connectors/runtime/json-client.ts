/**
 * JSON over HTTP with connections that stay open. `node:http` and not `fetch`: a third of its CPU time a call, and it
 * tells whether a request can have reached the server.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { ProviderUnavailable } from './provider-error.ts'

/** What a provider answered. */
export type JsonAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** One request. */
export type JsonRequest = {
  readonly method: 'GET' | 'POST'
  /** Below the client's URL, beginning with a slash. */
  readonly path: string
  readonly body?: object
  /** The same key makes the provider act once, however often the request comes. */
  readonly idempotencyKey?: string
  readonly signal: AbortSignal
}

/** Statuses with which a server says that it did not act, and could another time: busy, or we are not let in. */
const NOT_ACTED = new Set([401, 403, 408, 429, 503])
/** Errors of a connection that was never made. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES'])
const ANSWER_BYTES_MAX = 1_048_576

/** The requests to one server. */
export class JsonClient {
  readonly #url: URL
  readonly #base: string
  readonly #agent: HttpAgent | HttpsAgent
  readonly #headers: Readonly<Record<string, string>>

  /** `url`: http or https; a user and password in it sign in. */
  constructor(url: string, options: { readonly sockets?: number } = {}) {
    this.#url = new URL(url)
    this.#base = this.#url.pathname.replace(/\/$/, '')
    const agent = { keepAlive: true, maxSockets: options.sockets ?? 64 }
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(agent) : new HttpAgent(agent)
    this.#headers = { accept: 'application/json', ...authorization(this.#url) }
  }

  /**
   * Sends, and gives the answer whatever it says.
   * @throws ProviderUnavailable where there is none, or it says that another try can help (5xx, 429, not signed in).
   */
  send(request: JsonRequest): Promise<JsonAnswer> {
    return new Promise((resolve, reject) => {
      const payload = request.body === undefined ? undefined : JSON.stringify(request.body)
      const sent = this.#open(request, payload)
      sent.on('error', (error) => reject(unreachable(error)))
      sent.on('response', (response) => {
        readText(response)
          .then((text) => resolve(parseAnswer(response.statusCode ?? 0, text)))
          .catch(reject)
      })
      sent.end(payload)
    })
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy()
  }

  #open(request: JsonRequest, payload: string | undefined): ClientRequest {
    const headers: Record<string, string | number> = { ...this.#headers }
    if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey
    if (payload !== undefined) {
      headers['content-type'] = 'application/json'
      headers['content-length'] = Buffer.byteLength(payload)
    }
    const open = this.#url.protocol === 'https:' ? httpsRequest : httpRequest
    return open({
      protocol: this.#url.protocol,
      hostname: this.#url.hostname,
      port: this.#url.port,
      path: this.#base + request.path,
      method: request.method,
      agent: this.#agent,
      headers,
      signal: request.signal,
    })
  }
}

function authorization(url: URL): Record<string, string> {
  if (url.username === '') return {}
  const signIn = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(signIn).toString('base64')}` }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > ANSWER_BYTES_MAX) throw new Error(`The answer is longer than ${ANSWER_BYTES_MAX} bytes.`)
    }
  } catch (error) {
    throw unreachable(error as Error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function unreachable(error: Error): ProviderUnavailable {
  const { code = '' } = error as NodeJS.ErrnoException
  return new ProviderUnavailable(`The provider was not reached: ${error.message}`, !NOT_CONNECTED.has(code), {
    cause: error,
  })
}

function parseAnswer(status: number, text: string): JsonAnswer {
  if (status >= 500 || NOT_ACTED.has(status)) {
    throw new ProviderUnavailable(`The provider answered ${status}: ${text.slice(0, 200)}`, !NOT_ACTED.has(status))
  }
  try {
    const body = JSON.parse(text) as unknown
    if (body !== null && typeof body === 'object') return { status, body: body as JsonAnswer['body'] }
  } catch {
    // Falls through: what came is not the provider's protocol, whoever sent it.
  }
  throw new ProviderUnavailable(`The provider answered ${status} with something other than JSON.`, status < 400)
}
