import { type JsonAnswer, JsonClient } from '../runtime/json-client.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'

/** What is sent to have a business verified. */
export type BusinessBody = {
  readonly reference: string
  readonly legalName: string
  readonly registrationNumber: string
  readonly country: string
  readonly categoryCode: string
}

/** What the provider found in the registers, and how risky it takes the business to be. */
export type BusinessFile = {
  readonly id: string
  readonly status: 'verified' | 'needs_review' | 'not_verified'
  readonly riskTier: 'low' | 'standard' | 'high' | null
  readonly reasons: readonly string[]
}

const STATUSES = ['verified', 'needs_review', 'not_verified'] as const
const TIERS = ['low', 'standard', 'high'] as const

/** The business verification provider's HTTP API. */
export class BusinessClient {
  readonly #http: JsonClient

  constructor(url: string) {
    this.#http = new JsonClient(url)
  }

  /** Has a business looked up: with the same key the same look. @throws ProviderUnavailable, ProviderRefused */
  async verify(body: BusinessBody, idempotencyKey: string, signal: AbortSignal): Promise<BusinessFile> {
    return readFile(await this.#http.send({ method: 'POST', path: '/v1/businesses', body, idempotencyKey, signal }))
  }

  close(): void {
    this.#http.close()
  }
}

function readFile({ status: http, body }: JsonAnswer): BusinessFile {
  if (http >= 400) {
    const { code } = (body.error ?? {}) as { code?: unknown }
    const reason = typeof code === 'string' ? code : `http_${http}`
    throw new ProviderRefused(reason, `The business verification refused the request with ${http} ${reason}.`)
  }
  const status = STATUSES.find((known) => known === body.status)
  if (typeof body.id !== 'string' || !status) {
    throw new ProviderUnavailable('The business verification answered without id and status.', true)
  }
  const riskTier = TIERS.find((known) => known === body.riskTier) ?? null
  return { id: body.id, status, riskTier, reasons: Array.isArray(body.reasons) ? body.reasons.map(String) : [] }
}
