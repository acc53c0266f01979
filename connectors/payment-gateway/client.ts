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
  | {
      readonly succeeded: false
      readonly code: string
      readonly retryable: boolean
      /** The gateway certainly took nothing, for a reason of its own; not where it is left out. */
      readonly technical?: boolean
      /** What the card's network said, where the gateway tells. */
      readonly network?: { readonly name: string; readonly code: string } | null
    }

/** The gateway's word for a charge that it did not make, and will not. */
const NEVER_MADE = 'charge_never_made'

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

  /**
   * Asks what became of a charge that was sent, and closes its key: where the gateway never made the charge it never
   * will, also where the request is still on its way. Null then.
   * @throws ProviderUnavailable, ProviderRefused
   */
  async inquire(body: ChargeBody, idempotencyKey: string, signal: AbortSignal): Promise<GatewayAnswer | null> {
    const answer = await this.#http.send({ method: 'POST', path: '/v1/charge-inquiries', body, idempotencyKey, signal })
    if (answer.status === 404 && reasonOf(answer) === NEVER_MADE) return null
    // Whatever else is no answer to the question leaves it open.
    if (answer.status >= 400 && answer.status !== 402) {
      throw new ProviderUnavailable(`The gateway does not say what became of the charge: ${answer.status}.`, true)
    }
    return readAnswer(answer)
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
function readAnswer(answer: JsonAnswer): GatewayAnswer {
  const { status, body } = answer
  if (status >= 200 && status < 300) {
    if (typeof body.id === 'string') return { succeeded: true, id: body.id }
    throw new ProviderUnavailable(`The gateway answered ${status} without an id.`, true)
  }
  const code = reasonOf(answer)
  if (status === 402) {
    const { retryable, technical, network } = failureOf(answer)
    const said = { succeeded: false, code, retryable: retryable === true, technical: technical === true } as const
    return { ...said, network: networkOf(network) }
  }
  throw new ProviderRefused(code, `The gateway refused the request with ${status} ${code}.`)
}

type Failure = {
  readonly code?: unknown
  readonly retryable?: unknown
  readonly technical?: unknown
  readonly network?: unknown
}

function failureOf({ body }: JsonAnswer): Failure {
  return (body.failure ?? body.error ?? {}) as Failure
}

function networkOf(said: unknown): { name: string; code: string } | null {
  const { name, code } = (said ?? {}) as { name?: unknown; code?: unknown }
  return typeof name === 'string' && typeof code === 'string' ? { name, code } : null
}

function reasonOf(answer: JsonAnswer): string {
  const { code } = failureOf(answer)
  return typeof code === 'string' ? code : `http_${answer.status}`
}
