/**
 * Webhooks of providers: `<header>: t=<unix seconds>,v1=<hex>`, an HMAC-SHA256 with the shared secret over
 * `<t>.<raw body>`. The body is an event with an id and a name.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { RecentList } from './recent-list.ts'

/** Why a webhook is not accepted; `code` is in docs/errors.md. The sender should see 400 and nothing else. */
class WebhookRefused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'WebhookRefused'
    this.code = code
  }
}

/** What a webhook says, whoever sends it. */
export type WebhookEvent = { readonly id: string; readonly name: string; readonly data: object }

/** What webhooks are checked against. */
export type SignatureOptions = {
  readonly secret: string
  /** How far the signature's time may be from ours; milliseconds. */
  readonly toleranceMs?: number
  readonly nowMs?: () => number
}

/** Whose webhooks they are, and who hears of them. */
export type SignedWebhookOptions<Event extends WebhookEvent> = SignatureOptions & {
  /** The header of the signature, as it is written in messages. */
  readonly header: string
  /** The events we know by name, and the fields that the data of each must have (`a.b`: the field b of a). */
  readonly required: Readonly<Record<string, readonly string[]>>
  /** Called for each event until it has taken it in, then never again: what it throws makes the sender repeat. */
  readonly onEvent: (event: Event) => void | Promise<void>
}

/** What became of a webhook. All three are answered with 200: it need not be sent again. */
export type WebhookOutcome = 'accepted' | 'duplicate' | 'ignored'

const TOLERANCE_MS = 300_000
const IDS_KEPT = 100_000

/** Receives webhooks. */
export class SignedWebhook<Event extends WebhookEvent> {
  readonly #options: SignedWebhookOptions<Event>
  readonly #seen = new RecentList<true>(IDS_KEPT)

  constructor(options: SignedWebhookOptions<Event>) {
    this.#options = options
  }

  /**
   * Checks and takes in a webhook. `rawBody`: as it came, before any parsing. `signature`: the header's value.
   * @throws WebhookRefused
   */
  async receive(rawBody: Buffer, signature: string | undefined): Promise<WebhookOutcome> {
    verifySignature(rawBody, signature, this.#options)
    const event = parseEvent<Event>(rawBody, this.#options.required)
    if (event === null) return 'ignored'
    if (this.#seen.get(event.id)) return 'duplicate'
    await this.#options.onEvent(event)
    this.#seen.add(event.id, true)
    return 'accepted'
  }
}

/** The header's value for a body. `timeS`: unix time in seconds. */
export function signWebhook(rawBody: Buffer, secret: string, timeS: number): string {
  return `t=${timeS},v1=${macOf(rawBody, secret, timeS).toString('hex')}`
}

/**
 * @throws WebhookRefused WEBHOOK_SIGNATURE_MISSING, WEBHOOK_SIGNATURE_INVALID or WEBHOOK_SIGNATURE_EXPIRED
 */
function verifySignature(
  rawBody: Buffer,
  signature: string | undefined,
  { secret, header, toleranceMs = TOLERANCE_MS, nowMs = Date.now }: SignatureOptions & { readonly header: string },
): void {
  const parts = (signature ?? '').split(',').map((part) => part.trim().split('='))
  const time = parts.find(([name]) => name === 't')?.[1] ?? ''
  // More than one where the provider is changing its secret.
  const macs = parts.filter(([name]) => name === 'v1').map(([, mac = '']) => mac)
  if (!/^\d{1,12}$/.test(time) || macs.length === 0) {
    const message = `The header ${header} must be t=<unix seconds>,v1=<hex>.`
    throw new WebhookRefused('WEBHOOK_SIGNATURE_MISSING', message)
  }
  const expected = macOf(rawBody, secret, Number(time))
  const isSigned = macs.some((mac) => {
    const given = Buffer.from(mac, 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!isSigned) throw new WebhookRefused('WEBHOOK_SIGNATURE_INVALID', 'The signature is not of this body and secret.')
  if (Math.abs(nowMs() - Number(time) * 1000) > toleranceMs) {
    throw new WebhookRefused(
      'WEBHOOK_SIGNATURE_EXPIRED',
      `The signature is older than ${toleranceMs} ms, or of a later time.`,
    )
  }
}

function macOf(rawBody: Buffer, secret: string, timeS: number): Buffer {
  return createHmac('sha256', secret).update(`${timeS}.`).update(rawBody).digest()
}

/** Null for an event whose name we do not know. @throws WebhookRefused WEBHOOK_BODY_INVALID */
function parseEvent<Event extends WebhookEvent>(
  rawBody: Buffer,
  required: SignedWebhookOptions<Event>['required'],
): Event | null {
  let event: Partial<WebhookEvent> | null
  try {
    event = JSON.parse(rawBody.toString('utf8')) as Partial<WebhookEvent> | null
  } catch {
    event = null
  }
  if (typeof event?.id !== 'string' || typeof event.name !== 'string') {
    throw new WebhookRefused('WEBHOOK_BODY_INVALID', 'The body is not an event with an id and a name.')
  }
  const fields = Object.hasOwn(required, event.name) ? required[event.name] : undefined
  if (fields === undefined) return null
  const missing = fields.find((field) => isMissing(event.data, field.split('.')))
  if (missing !== undefined) throw new WebhookRefused('WEBHOOK_BODY_INVALID', `The event has no data.${missing}.`)
  return event as Event
}

function isMissing(data: unknown, path: readonly string[]): boolean {
  const value = path.reduce<unknown>(
    (inside, name) => (inside as Record<string, unknown> | null | undefined)?.[name],
    data,
  )
  return value === undefined || value === null || value === ''
}
