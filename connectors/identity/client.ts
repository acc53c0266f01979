import { type JsonAnswer, JsonClient } from '../runtime/json-client.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'

/** What is sent to have somebody verified. */
export type CheckBody = {
  readonly reference: string
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
  readonly email: string
  readonly documentRef: string | null
}

/** Where a check stands. `final`: the provider will not change its mind. */
export type CheckState = {
  readonly id: string
  readonly status: 'approved' | 'declined' | 'needs_review'
  readonly final: boolean
  readonly reasons: readonly string[]
  /** The provider's count of the changes of this check; null where it keeps none. */
  readonly version: number | null
}

const STATUSES = ['approved', 'declined', 'needs_review'] as const

/** The identity provider's HTTP API. */
export class IdentityClient {
  readonly #http: JsonClient

  constructor(url: string) {
    this.#http = new JsonClient(url)
  }

  /** Begins a check; repeated with the same key, it is the same one. @throws ProviderUnavailable, ProviderRefused */
  async begin(body: CheckBody, idempotencyKey: string, signal: AbortSignal): Promise<CheckState> {
    return readState(await this.#http.send({ method: 'POST', path: '/v1/checks', body, idempotencyKey, signal }))
  }

  /** Where a check stands now. @throws ProviderUnavailable, ProviderRefused */
  async look(id: string, signal: AbortSignal): Promise<CheckState> {
    return readState(await this.#http.send({ method: 'GET', path: `/v1/checks/${encodeURIComponent(id)}`, signal }))
  }

  close(): void {
    this.#http.close()
  }
}

function readState({ status: http, body }: JsonAnswer): CheckState {
  if (http >= 400) {
    const { code } = (body.error ?? {}) as { code?: unknown }
    const reason = typeof code === 'string' ? code : `http_${http}`
    throw new ProviderRefused(reason, `The identity provider refused the request with ${http} ${reason}.`)
  }
  const status = STATUSES.find((known) => known === body.status)
  if (typeof body.id !== 'string' || !status || typeof body.final !== 'boolean') {
    throw new ProviderUnavailable('The identity provider answered without id, status and final.', true)
  }
  const reasons = Array.isArray(body.reasons) ? body.reasons.map(String) : []
  const version = Number.isSafeInteger(body.version) ? Number(body.version) : null
  return { id: body.id, status, final: body.final, reasons, version }
}
