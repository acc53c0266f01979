import { createHash, timingSafeEqual } from 'node:crypto'
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamsError } from '../errors.ts'
import { type AskOptions, askPeer } from './ask-peer.ts'
import { QUERY_PATH, type WireAnswer, writeAnswer } from './wire.ts'

/** Where queries of other instances come in. */
export type QueryServerOptions = {
  /** The address to listen on: loopback where left out. */
  readonly host?: string
  /** 0, or left out, takes any free one. */
  readonly port?: number
  /** All instances must have the same. Where left out, whoever reaches the port may ask. */
  readonly secret?: string
}

/** Answers the questions of other instances about one application. What it throws goes back to the asker. */
export type QueryHandler = (question: unknown) => Promise<unknown>

/** A question is a key and a few options. */
const QUESTION_BYTES_MAX = 1024 * 1024

/**
 * The door through which instances ask each other for state: a small HTTP server, and the way to those of the others.
 * Any number of applications of a process share one.
 */
export class QueryServer {
  /** host:port, as it listens. */
  readonly address: string
  private readonly server: Server
  private readonly secret: string | undefined
  private readonly handlers = new Map<string, QueryHandler>()
  private readonly agent = new Agent({ keepAlive: true })

  /** Use `openQueryServer`. */
  constructor(server: Server, secret: string | undefined) {
    this.server = server
    this.secret = secret
    const { address, port, family } = server.address() as AddressInfo
    this.address = family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answer(request).then(
        (answer) => writeAnswer(response, answer),
        () => response.destroy(),
      )
    })
  }

  /** True where it listens on every address of the machine: then it has no address of its own to be reached at. */
  get isOnEveryAddress(): boolean {
    return this.address.startsWith('0.0.0.0:') || this.address.startsWith('[::]:')
  }

  /**
   * Has questions about an application answered, until the function it gives is called.
   * @throws StreamsError APP_ILLEGAL_STATE where another instance of the application has them answered here.
   */
  serve(app: string, handler: QueryHandler): () => void {
    if (this.handlers.has(app)) {
      const message = `Another instance of ${app} has this query server. Open one for each instance.`
      throw new StreamsError('APP_ILLEGAL_STATE', message)
    }
    this.handlers.set(app, handler)
    return () => void this.handlers.delete(app)
  }

  /**
   * Asks another instance.
   * @throws StreamsError QUERY_OWNER_UNREACHABLE, QUERY_TIMEOUT, QUERY_FORBIDDEN, QUERY_ANSWER_INVALID, and what the
   *   other one answered with
   */
  ask(
    address: string,
    app: string,
    question: unknown,
    options: Omit<AskOptions, 'agent' | 'secret'>,
  ): Promise<unknown> {
    return askPeer(address, app, question, { ...options, agent: this.agent, secret: this.secret })
  }

  /** Stops listening, also in the middle of answers. */
  async close(): Promise<void> {
    this.agent.destroy()
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  private async answer(request: IncomingMessage): Promise<WireAnswer> {
    if (!this.isAllowed(request)) {
      request.resume()
      const message = 'The secret of the asker is not the one of this instance. Give all instances the same.'
      return { error: { code: 'QUERY_FORBIDDEN', message } }
    }
    try {
      const handler = this.handlers.get(appOf(request))
      const question = await readQuestion(request)
      if (handler === undefined) throw notHere(appOf(request))
      return { answer: await handler(question) }
    } catch (error) {
      const code = error instanceof StreamsError ? error.code : 'QUERY_FAILED'
      return { error: { code, message: error instanceof Error ? error.message : String(error) } }
    }
  }

  private isAllowed({ headers }: IncomingMessage): boolean {
    if (this.secret === undefined) return true
    const given = headers.authorization ?? ''
    return timingSafeEqual(digestOf(given), digestOf(`Bearer ${this.secret}`))
  }
}

/**
 * Opens a query server. Close it after the applications that use it.
 * @throws StreamsError QUERY_SERVER_FAILED where it cannot listen there.
 */
export async function openQueryServer(options: QueryServerOptions = {}): Promise<QueryServer> {
  const { host = '127.0.0.1', port = 0, secret } = options
  if (secret === '') throw new StreamsError('APP_OPTION_INVALID', 'The secret of the query server is empty.')
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: Error) => {
      const message = `Queries cannot be answered at ${host}:${port}: ${cause.message}. Choose another address or port.`
      reject(new StreamsError('QUERY_SERVER_FAILED', message, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
  server.removeAllListeners('error')
  return new QueryServer(server, secret)
}

function appOf({ url = '' }: IncomingMessage): string {
  return url.startsWith(QUERY_PATH) ? decodeURIComponent(url.slice(QUERY_PATH.length)) : ''
}

/** Only JSON that says so: what a page of a browser can send without asking is refused. */
async function readQuestion(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
    throw invalid('it is not a POST of application/json')
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > QUESTION_BYTES_MAX) throw invalid(`it is larger than ${QUESTION_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw invalid('it is not JSON')
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function invalid(why: string): StreamsError {
  return new StreamsError('QUERY_REQUEST_INVALID', `The question of another instance cannot be answered: ${why}.`)
}

function notHere(app: string): StreamsError {
  return new StreamsError('QUERY_NOT_HERE', `${app || 'This application'} does not run at this address now.`)
}
