import { type JsonAnswer, JsonClient } from '../runtime/json-client.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'

/** What is sent to have a credit file looked up. */
export type ReportBody = {
  readonly reference: string
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
}

/** A credit file, or that there is little or nothing to show. */
export type CreditFile = {
  readonly id: string
  readonly outcome: 'found' | 'thin_file' | 'frozen'
  readonly score: number | null
  readonly openAccounts: number
  readonly delinquencies: number
  readonly inquiries: number
  readonly oldestAccountMonths: number
  readonly monthlyIncomeMinor: number | null
}

const OUTCOMES = ['found', 'thin_file', 'frozen'] as const
const COUNTS = ['openAccounts', 'delinquencies', 'inquiries', 'oldestAccountMonths'] as const

/** The credit bureau's HTTP API. */
export class BureauClient {
  readonly #http: JsonClient

  constructor(url: string) {
    this.#http = new JsonClient(url)
  }

  /** Looks a file up: with the same key the same inquiry. @throws ProviderUnavailable, ProviderRefused */
  async report(body: ReportBody, idempotencyKey: string, signal: AbortSignal): Promise<CreditFile> {
    return readFile(await this.#http.send({ method: 'POST', path: '/v1/reports', body, idempotencyKey, signal }))
  }

  close(): void {
    this.#http.close()
  }
}

function readFile({ status, body }: JsonAnswer): CreditFile {
  if (status >= 400) {
    const { code } = (body.error ?? {}) as { code?: unknown }
    const reason = typeof code === 'string' ? code : `http_${status}`
    throw new ProviderRefused(reason, `The bureau refused the request with ${status} ${reason}.`)
  }
  const outcome = OUTCOMES.find((known) => known === body.outcome)
  const isComplete = COUNTS.every((field) => Number.isInteger(body[field]))
  if (typeof body.id !== 'string' || !outcome || !isComplete) {
    throw new ProviderUnavailable('The bureau answered with something other than a credit file.', true)
  }
  return {
    ...(body as CreditFile),
    score: wholeOrNull(body.score),
    monthlyIncomeMinor: wholeOrNull(body.monthlyIncomeMinor),
  }
}

function wholeOrNull(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null
}
