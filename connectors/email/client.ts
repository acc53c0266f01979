import { connect } from 'node:net'
import { createTransport, type Transporter } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'
import type { Mail } from './mapping.ts'

const CONNECTIONS = 4
const TIMEOUT_MS = 10_000
/** Errors before any mail was handed over. */
const NOT_SENT = new Set(['ECONNECTION', 'EDNS', 'ETLS', 'EAUTH'])

/** Mail over SMTP, through connections that stay open. */
export class EmailClient {
  readonly #transport: Transporter<SMTPPool.SentMessageInfo>

  /** `url`: `smtp://user:password@host:port` or `smtps://…`; `from`: our address. */
  constructor(url: string, from: string) {
    const options = {
      pool: true as const,
      url,
      maxConnections: CONNECTIONS,
      maxMessages: Number.POSITIVE_INFINITY,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      ...(url.startsWith('smtp:') ? { getSocket: openSocket } : {}),
    }
    this.#transport = createTransport(options, { from })
  }

  /**
   * Hands a mail over to the server and gives its message id.
   * @throws ProviderUnavailable where another try can help; ProviderRefused (`smtp_<status>`) where the server will not
   */
  async send(mail: Mail): Promise<string> {
    try {
      const sent = await this.#transport.sendMail(mail)
      return sent.messageId
    } catch (error) {
      throw this.#failure(error as Error & { code?: string; responseCode?: number })
    }
  }

  close(): void {
    this.#transport.close()
  }

  #failure(error: Error & { code?: string; responseCode?: number }): Error {
    const { code = '', responseCode = 0, message } = error
    if (responseCode >= 500) return new ProviderRefused(`smtp_${responseCode}`, message)
    return new ProviderUnavailable(`The mail server did not take the mail: ${message}`, !NOT_SENT.has(code), {
      cause: error,
    })
  }
}

type Address = { readonly host?: string | undefined; readonly port?: number | string | undefined }
type SocketCallback = (error: Error | null, socket?: { connection: ReturnType<typeof connect> }) => void

/** A mail ends with a short packet of its own; without `noDelay` it would wait 40 ms for the one before it. */
function openSocket({ host, port }: Address, done: SocketCallback): void {
  const connection = connect({
    host: host ?? 'localhost',
    port: Number(port ?? 587),
    noDelay: true,
    timeout: TIMEOUT_MS,
  })
  const failed = (error: Error) => done(error)
  connection.once('error', failed)
  connection.once('timeout', () => connection.destroy(new Error(`${host} does not answer.`)))
  connection.once('connect', () => {
    connection.off('error', failed)
    connection.removeAllListeners('timeout')
    connection.setTimeout(0)
    done(null, { connection })
  })
}
