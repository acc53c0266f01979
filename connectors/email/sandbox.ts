/**
 * A mail server to try things with: it speaks SMTP, keeps the last mails in memory and delivers none. By the local part
 * of the recipient it refuses the mailbox: `+bounce` for ever (550), `+later` for now (450). Or it takes the mail and
 * tells of trouble by webhook a moment later: `+hard` (no such mailbox after all), `+soft` (mailbox full), `+spam`
 * (complaint).
 */
import { hash } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server'
import { RecentList } from '../runtime/recent-list.ts'
import { type ReadMail, readMail, readMetadata } from './read-mail.ts'
import type { MailEvent } from './webhook.ts'

/** A mail as it came, and what stands in it. */
export type SandboxMail = ReadMail & { readonly to: readonly string[] }

/** A mail server at work. */
export type MailSandbox = {
  /** For the connector: `smtp://127.0.0.1:<port>`. */
  readonly url: string
  /** The last mails, or those to one address, oldest first; one that came twice (by its message id) is there once. */
  messages(to?: string): SandboxMail[]
  close(): Promise<void>
}

/** Where the mail server listens, and how much it keeps. */
export type MailSandboxOptions = {
  readonly host?: string
  /** 0: any free one. */
  readonly port?: number
  /** How many mails are kept. */
  readonly keep?: number
  /** Hears of what comes back; nobody does where it is left out. */
  readonly onEvent?: (event: MailEvent) => void
}

type Kept = { readonly to: readonly string[]; readonly raw: Buffer }

const KEEP = 1_000
const MAIL_BYTES_MAX = 1_048_576
/** After how long a mail comes back. */
const TROUBLE_MS = 50

/** Starts the mail server. */
export async function startMailSandbox(options: MailSandboxOptions = {}): Promise<MailSandbox> {
  const { host = '127.0.0.1', port = 0, keep = KEEP, onEvent } = options
  const mails = new RecentList<Kept>(keep)
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAIL_BYTES_MAX,
    logger: false,
    onRcptTo: (address, _session, done) => done(refusalOf(address)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        keepMail(mails, session, raw)
        // The session forgets its envelope with the answer.
        for (const event of onEvent ? troubleOf(session, raw) : [])
          setTimeout(() => onEvent?.(event), TROUBLE_MS).unref()
        done(null)
      })
    },
  })
  // Replies are one short line each: waiting to fill a packet would make every one of them 40 ms late.
  server.server.on('connection', (socket: Socket) => socket.setNoDelay(true))
  // A sender that breaks off is its own affair.
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actualPort } = server.server.address() as AddressInfo
  return {
    url: `smtp://${host}:${actualPort}`,
    messages: (to) =>
      mails
        .list()
        .filter((mail) => to === undefined || mail.to.includes(to))
        .map(({ to: recipients, raw }) => ({ to: recipients, ...readMail(raw) })),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function keepMail(mails: RecentList<Kept>, session: SMTPServerSession, raw: Buffer): void {
  const head = raw.subarray(0, 4_096).toString('latin1')
  const id = /^message-id:\s*(\S+)/im.exec(head)?.[1] ?? `${session.id}-${mails.total}`
  mails.add(id, { to: session.envelope.rcptTo.map(({ address }) => address), raw })
}

function refusalOf({ address }: SMTPServerAddress): Error | null {
  const local = address.split('@')[0] ?? ''
  if (local.includes('+bounce')) return Object.assign(new Error('No such mailbox'), { responseCode: 550 })
  if (local.includes('+later')) return Object.assign(new Error('Try again later'), { responseCode: 450 })
  return null
}

const TROUBLE: readonly (readonly [part: string, name: MailEvent['name'], reason: string])[] = [
  ['+hard', 'mail.bounced', 'no_such_mailbox'],
  ['+soft', 'mail.deferred', 'mailbox_full'],
  ['+spam', 'mail.complained', 'marked_as_spam'],
]

/** What comes back of a mail, by the recipient's local part. */
function troubleOf({ id, envelope }: SMTPServerSession, raw: Buffer): readonly MailEvent[] {
  const { consumer, notice } = readMetadata(raw)
  return envelope.rcptTo.flatMap(({ address }) => {
    const found = TROUBLE.find(([part]) => address.split('@')[0]?.includes(part))
    if (found === undefined) return []
    const [, name, reason] = found
    const data = { recipient: address, reason, metadata: { consumer, notice } }
    return [{ id: `mev_${hash('sha256', `${id}/${notice}/${name}`, 'hex').slice(0, 24)}`, name, data }]
  })
}
