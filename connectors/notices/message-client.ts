import { JsonClient } from '../runtime/json-client.ts'
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

  close(): void {
    this.#http.close()
  }
}
