import { type JsonAnswer, JsonClient } from '../runtime/json-client.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'
import type { DeliveryAnswer } from './send-notice.ts'

/** Providers that take one message a request: SMS and push. */
export class MessageClient {
  readonly #http: JsonClient
  readonly #path: string

  constructor(url: string, path: string) {
    this.#http = new JsonClient(url)
    this.#path = path
  }

  /** @throws ProviderUnavailable, ProviderRefused */
  async send(body: object, idempotencyKey: string, signal: AbortSignal): Promise<DeliveryAnswer> {
    const answer = await this.#http.send({ method: 'POST', path: this.#path, body, idempotencyKey, signal })
    return deliveryOf(answer)
  }

  /** What the provider said of a key; null where it does not know it. @throws ProviderUnavailable, ProviderRefused */
  async find(idempotencyKey: string, signal: AbortSignal): Promise<DeliveryAnswer | null> {
    const path = `${this.#path}/by-key/${encodeURIComponent(idempotencyKey)}`
    const answer = await this.#http.send({ method: 'GET', path, signal })
    return answer.status === 404 ? null : deliveryOf(answer)
  }

  close(): void {
    this.#http.close()
  }
}

function deliveryOf(answer: JsonAnswer): DeliveryAnswer {
  const { id, failure, error } = answer.body as { id?: unknown; failure?: unknown; error?: unknown }
  const { code } = (failure ?? error ?? {}) as { code?: unknown }
  if (answer.status === 402 && typeof code === 'string') return { failureCode: code }
  if (answer.status >= 400) {
    const reason = typeof code === 'string' ? code : `http_${answer.status}`
    throw new ProviderRefused(reason, `The provider refused the message with ${answer.status} ${reason}.`)
  }
  if (typeof id !== 'string') throw new ProviderUnavailable('The provider answered without an id.', true)
  return { ref: id }
}
