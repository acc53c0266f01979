/** Webhooks of the payment gateway, signed in `Gateway-Signature`. */
import { type SignatureOptions, SignedWebhook } from '../runtime/signed-webhook.ts'

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

/** What webhooks are checked against, and who hears of them. */
export type WebhookOptions = SignatureOptions & {
  /** Called for each event of a charge, once. */
  readonly onCharge: (event: ChargeEvent) => void
  /** Called for each event of a charge-back until it has taken it in: what it throws makes the gateway repeat. */
  readonly onChargeBack: (event: ChargeBackEvent) => Promise<void>
}

/** Receives the webhooks of the gateway. */
export class GatewayWebhook extends SignedWebhook<GatewayEvent> {
  constructor({ onCharge, onChargeBack, ...signature }: WebhookOptions) {
    super({
      ...signature,
      header: 'Gateway-Signature',
      required: REQUIRED,
      onEvent: (event) => (isOfCharge(event) ? onCharge(event) : onChargeBack(event)),
    })
  }
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
