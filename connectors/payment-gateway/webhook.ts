/**
 * Webhooks of the payment gateway: `Gateway-Signature: t=<unix seconds>,v1=<hex>`, an HMAC-SHA256 with the shared
 * secret over `<t>.<raw body>`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { RecentList } from '../runtime/recent-list.ts'

/** What the gateway tells of a charge. */
export type ChargeEvent = {
  readonly id: string
  readonly name: 'charge.succeeded' | 'charge.failed'
  readonly data: {
    readonly id: string
    /** The key the charge was made with: the request id. */
    readonly idempotencyKey: string
    readonly status: string
    readonly amountMinor: number
    readonly currency: string
    readonly reference: string
  }
}

/** What the gateway tells of a payment that the cardholder's bank took back. */
export type ChargeBackEvent = {
  readonly id: string
  readonly name: 'charge.charged_back' | 'charge_back.won' | 'charge_back.lost'
  readonly data: {
    readonly id: string
    /** The gateway's name of the charge. */
    readonly charge: string
    readonly amountMinor: number
    readonly currency: string
    readonly reason: string
  }
}

/** All that the gateway tells. */
export type GatewayEvent = ChargeEvent | ChargeBackEvent

/** Why a webhook is not accepted; `code` is in docs/errors.md. The sender should see 400 and nothing else. */
class WebhookRefused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'WebhookRefused'
    this.code = code
  }
}

/** What webhooks are checked against, and who hears of them. */
export type WebhookOptions = {
  readonly secret: string
  /** Called for each event of a charge, once. */
  readonly onCharge: (event: ChargeEvent) => void
  /** Called for each event of a charge-back until it has taken it in: what it throws makes the gateway repeat. */
  readonly onChargeBack: (event: ChargeBackEvent) => Promise<void>
  /** How far the signature's time may be from ours; milliseconds. */
  readonly toleranceMs?: number
  readonly nowMs?: () => number
}

/** What became of a webhook. All three are answered with 200: the gateway need not send it again. */
export type WebhookOutcome = 'accepted' | 'duplicate' | 'ignored'

const TOLERANCE_MS = 300_000
const IDS_KEPT = 100_000

/** Receives webhooks. */
export class GatewayWebhook {
  readonly #options: WebhookOptions
  readonly #seen = new RecentList<true>(IDS_KEPT)

  constructor(options: WebhookOptions) {
    this.#options = options
  }

  /**
   * Checks and takes in a webhook. `rawBody`: as it came, before any parsing. `signature`: the header's value.
   * @throws WebhookRefused
   */
  async receive(rawBody: Buffer, signature: string | undefined): Promise<WebhookOutcome> {
    const { secret, onCharge, onChargeBack, toleranceMs = TOLERANCE_MS, nowMs = Date.now } = this.#options
    verifySignature(rawBody, signature, { secret, toleranceMs, nowMs: nowMs() })
    const event = parseEvent(rawBody)
    if (event === null) return 'ignored'
    if (this.#seen.get(event.id)) return 'duplicate'
    if (isOfCharge(event)) onCharge(event)
    else await onChargeBack(event)
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
  { secret, toleranceMs, nowMs }: { secret: string; toleranceMs: number; nowMs: number },
): void {
  const parts = (signature ?? '').split(',').map((part) => part.trim().split('='))
  const time = parts.find(([name]) => name === 't')?.[1] ?? ''
  // More than one where the gateway is changing its secret.
  const macs = parts.filter(([name]) => name === 'v1').map(([, mac = '']) => mac)
  if (!/^\d{1,12}$/.test(time) || macs.length === 0) {
    const message = 'The header Gateway-Signature must be t=<unix seconds>,v1=<hex>.'
    throw new WebhookRefused('WEBHOOK_SIGNATURE_MISSING', message)
  }
  const expected = macOf(rawBody, secret, Number(time))
  const isSigned = macs.some((mac) => {
    const given = Buffer.from(mac, 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!isSigned) throw new WebhookRefused('WEBHOOK_SIGNATURE_INVALID', 'The signature is not of this body and secret.')
  if (Math.abs(nowMs - Number(time) * 1000) > toleranceMs) {
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
function parseEvent(rawBody: Buffer): GatewayEvent | null {
  let event: Partial<GatewayEvent> | null
  try {
    event = JSON.parse(rawBody.toString('utf8')) as Partial<GatewayEvent> | null
  } catch {
    event = null
  }
  if (typeof event?.id !== 'string' || typeof event.name !== 'string') {
    throw new WebhookRefused('WEBHOOK_BODY_INVALID', 'The body is not an event with an id and a name.')
  }
  const required = REQUIRED[event.name]
  if (required === undefined) return null
  const data = (event.data ?? {}) as Record<string, unknown>
  const missing = required.find((field) => data[field] === undefined || data[field] === '')
  if (missing !== undefined) throw new WebhookRefused('WEBHOOK_BODY_INVALID', `The event has no data.${missing}.`)
  return event as GatewayEvent
}

const OF_CHARGE = ['idempotencyKey']
const OF_CHARGE_BACK = ['id', 'charge', 'amountMinor', 'currency', 'reason']
/** The events we know, and what each must say. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'charge.succeeded': OF_CHARGE,
  'charge.failed': OF_CHARGE,
  'charge.charged_back': OF_CHARGE_BACK,
  'charge_back.won': OF_CHARGE_BACK,
  'charge_back.lost': OF_CHARGE_BACK,
}

function isOfCharge(event: GatewayEvent): event is ChargeEvent {
  return event.name === 'charge.succeeded' || event.name === 'charge.failed'
}
