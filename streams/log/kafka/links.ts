import { Connection } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import { messageOf, NotSent } from './answers.ts'
import type { ResolvedKafkaOptions } from './options.ts'

/** Where a broker listens. */
export type BrokerAddress = { readonly host: string; readonly port: number }

/**
 * Connections for one purpose: one to each broker, made when it is first used and again after it broke. A broker
 * answers the requests of a connection one after the other, so whatever waits long has links of its own.
 */
export class Links {
  private readonly options: ResolvedKafkaOptions
  private readonly requestTimeoutMs: number
  private readonly open = new Map<string, Promise<Connection>>()
  private closed = false

  constructor(options: ResolvedKafkaOptions, requestTimeoutMs: number = options.requestTimeoutMs) {
    this.options = options
    this.requestTimeoutMs = requestTimeoutMs
  }

  /** @throws NotSent where the broker cannot be reached; StreamsError LOG_AUTHENTICATION_FAILED, LOG_CLOSED */
  async to(address: BrokerAddress): Promise<Connection> {
    if (this.closed) throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
    const name = `${address.host}:${address.port}`
    const known = this.open.get(name)
    if (known !== undefined) {
      const connection = await known
      if (connection.isConnected()) return connection
      if (this.open.get(name) === known) this.open.delete(name)
      return await this.to(address)
    }
    const opening = this.connect(address)
    this.open.set(name, opening)
    // Who comes later begins anew; who waits now is told.
    opening.catch(() => this.open.get(name) === opening && this.open.delete(name))
    return await opening
  }

  async close(): Promise<void> {
    this.closed = true
    const opening = [...this.open.values()]
    this.open.clear()
    await Promise.all(opening.map((one) => one.then(closeQuietly, () => undefined)))
  }

  private async connect({ host, port }: BrokerAddress): Promise<Connection> {
    const { clientId, sasl, tls, connectTimeoutMs } = this.options
    const connection = new Connection(clientId, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: this.requestTimeoutMs,
      // Requests of one purpose follow each other; those that may be under way together are few.
      maxInflights: 16,
      ...(sasl === undefined ? {} : { sasl: { ...sasl } }),
      ...(tls === undefined ? {} : { tls, tlsServerName: tls.servername ?? host }),
    })
    // Whoever waits for an answer is told by it; an error event that nobody hears would end the process.
    connection.on('error', () => {})
    try {
      await connection.connect(host, port)
    } catch (error) {
      if (isAuthentication(error)) throw authenticationFailed(host, port, error)
      throw new NotSent(error)
    }
    gatherWrites(connection)
    if (this.closed) {
      await closeQuietly(connection)
      throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
    }
    return connection
  }
}

/**
 * Requests that are made in one turn of the loop go out together: each write is a system call and wakes the broker,
 * which both cost more than a request.
 */
function gatherWrites(connection: Connection): void {
  const { socket } = connection
  const send: Connection['send'] = connection.send.bind(connection)
  let isGathering = false
  connection.send = (...request) => {
    if (!isGathering) {
      isGathering = true
      socket.cork()
      process.nextTick(() => {
        isGathering = false
        socket.uncork()
      })
    }
    send(...request)
  }
}

async function closeQuietly(connection: Connection): Promise<void> {
  try {
    await connection.close()
  } catch {
    // It is gone, which is what was wanted.
  }
}

function isAuthentication(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if ((one as { code?: unknown }).code === 'PLT_KFK_AUTHENTICATION') return true
  }
  return false
}

/** The broker does not know us, or does not take our word. */
export function authenticationFailed(host: string, port: number, cause: unknown): StreamsError {
  return new StreamsError(
    'LOG_AUTHENTICATION_FAILED',
    `The broker ${host}:${port} does not take our credentials (${messageOf(cause)}). Correct the user, the password ` +
      'and the SASL mechanism.',
    { cause },
  )
}
