import { connect } from 'node:net'
import { createTransport, type Transporter } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js'
import type { DeliveryAnswer } from '../notices/send-notice.ts'
import { ProviderUnavailable } from '../runtime/provider-error.ts'
import type { Mail } from './mapping.ts'

const CONNECTIONS = 4
const TIMEOUT_MS = 10_000
/** Errors before any mail was handed over. */
const NOT_SENT = new Set(['ECONNECTION', 'EDNS', 'ETLS', 'EAUTH'])
/** Steps of SMTP before the mail itself. */
const BEFORE_DATA = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS', 'MAIL FROM', 'RCPT TO'])

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
   * Hands a mail over to the server: its message id, or why it is not taken: `smtp_<status>` of the
   * mailbox, `smtp_data_<status>` of the text.
   * @throws ProviderUnavailable where another try or another server can help
   */
  async send(mail: Mail): Promise<DeliveryAnswer> {
    try {
      const sent = await this.#transport.sendMail(mail)
      return { ref: sent.messageId }
    } catch (error) {
      return this.#failure(error as SmtpError)
    }
  }

  close(): void {
    this.#transport.close()
  }

  #failure(error: SmtpError): DeliveryAnswer {
    const { code = '', command = '', responseCode = 0, message } = error
    // What a server says of a recipient or a text is no trouble of the server. What it says of us (signing in, our
    // address) says nothing of the recipient, and another server may think better of us.
    if (command === 'RCPT TO' && responseCode >= 400) return { failureCode: `smtp_${responseCode}` }
    if (command === 'DATA' && responseCode >= 500) return { failureCode: `smtp_data_${responseCode}` }
    const mayHaveActed = !NOT_SENT.has(code) && !BEFORE_DATA.has(command) && responseCode < 400
    throw new ProviderUnavailable(`The mail server did not take the mail: ${message}`, mayHaveActed, { cause: error })
  }
}

/** What nodemailer says of a failure. */
type SmtpError = Error & { readonly code?: string; readonly command?: string; readonly responseCode?: number }

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
