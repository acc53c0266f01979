import { type JsonAnswer, JsonClient } from '../runtime/json-client.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'

/** What is sent to collect from a card. */
export type ChargeBody = {
  readonly token: string
  readonly amountMinor: number
  readonly currency: string
  readonly reference: string
  readonly attempt: number
  readonly atCheckout: boolean
}

/** What is sent to give back from a charge. */
export type RefundBody = {
  readonly charge: string
  readonly amountMinor: number
  readonly currency: string
  readonly reference: string
}

/** What is sent to pay a merchant. */
export type PayoutBody = {
  readonly account: string
  readonly amountMinor: number
  readonly currency: string
  readonly reference: string
}

/** The gateway moved the money, or says why not. */
export type GatewayAnswer =
  | { readonly succeeded: true; readonly id: string }
  | { readonly succeeded: false; readonly code: string; readonly retryable: boolean }

/** The payment gateway's HTTP API. Each call carries an idempotency key: repeated, it moves no money twice. */
export class GatewayClient {
  readonly #http: JsonClient

  constructor(url: string) {
    this.#http = new JsonClient(url)
  }

  /** @throws ProviderUnavailable, ProviderRefused */
  charge(body: ChargeBody, idempotencyKey: string, signal: AbortSignal): Promise<GatewayAnswer> {
    return this.#move('/v1/charges', body, idempotencyKey, signal)
  }

  /** @throws ProviderUnavailable, ProviderRefused */
  refund(body: RefundBody, idempotencyKey: string, signal: AbortSignal): Promise<GatewayAnswer> {
    return this.#move('/v1/refunds', body, idempotencyKey, signal)
  }

  /** @throws ProviderUnavailable, ProviderRefused */
  payout(body: PayoutBody, idempotencyKey: string, signal: AbortSignal): Promise<GatewayAnswer> {
    return this.#move('/v1/payouts', body, idempotencyKey, signal)
  }

  close(): void {
    this.#http.close()
  }

  async #move(path: string, body: object, idempotencyKey: string, signal: AbortSignal): Promise<GatewayAnswer> {
    return readAnswer(await this.#http.send({ method: 'POST', path, body, idempotencyKey, signal }))
  }
}

/** 2xx with an id: done. 402: a refusal of the bank's. Other 4xx: the request itself is at fault. */
function readAnswer({ status, body }: JsonAnswer): GatewayAnswer {
  if (status >= 200 && status < 300) {
    if (typeof body.id === 'string') return { succeeded: true, id: body.id }
    throw new ProviderUnavailable(`The gateway answered ${status} without an id.`, true)
  }
  const { code, retryable } = (body.failure ?? body.error ?? {}) as { code?: unknown; retryable?: unknown }
  const reason = typeof code === 'string' ? code : `http_${status}`
  if (status === 402) return { succeeded: false, code: reason, retryable: retryable === true }
  throw new ProviderRefused(reason, `The gateway refused the request with ${status} ${reason}.`)
}
