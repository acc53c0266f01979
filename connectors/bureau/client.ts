import type { CreditAttributes } from '#schemas'
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
  /** What is known of accounts and credits; null where the bureau tells a score only, or nothing. */
  readonly attributes: CreditAttributes | null
}

/** A bureau, whatever it speaks. */
export type CreditFileClient = {
  /** Looks a file up: with the same key the same inquiry. @throws ProviderUnavailable, ProviderRefused */
  report(body: ReportBody, idempotencyKey: string, signal: AbortSignal): Promise<CreditFile>
  close(): void
}

const OUTCOMES = ['found', 'thin_file', 'frozen'] as const
const LABELS = ['checkingAccount', 'creditHistory', 'purpose', 'savings', 'otherDebtors', 'otherInstalments'] as const
const NUMBERS = ['durationMonths', 'creditAmount'] as const
const INT_MAX = 2 ** 31 - 1
const COUNTS = ['openAccounts', 'delinquencies', 'inquiries', 'oldestAccountMonths'] as const
/** The first credit bureau's HTTP API. */
export class BureauClient implements CreditFileClient {
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
  assertTaken(status, body)
  const outcome = OUTCOMES.find((known) => known === body.outcome)
  const isComplete =
    COUNTS.every((field) => isCount(body[field])) &&
    isMaybe(body.score, isCount) &&
    isMaybe(body.monthlyIncomeMinor, isAmount)
  const attributes = readAttributes(body.attributes)
  if (typeof body.id !== 'string' || !outcome || !isComplete || attributes === undefined) {
    throw new ProviderUnavailable('The bureau answered with something other than a credit file.', true)
  }
  return {
    ...(body as CreditFile),
    attributes,
    score: (body.score as number | undefined) ?? null,
    monthlyIncomeMinor: (body.monthlyIncomeMinor as number | undefined) ?? null,
  }
}

/** @throws ProviderRefused where a bureau says that the request is wrong */
export function assertTaken(status: number, body: JsonAnswer['body']): void {
  if (status < 400) return
  const { code } = (body.error ?? {}) as { code?: unknown }
  const reason = typeof code === 'string' ? code : `http_${status}`
  throw new ProviderRefused(reason, `The bureau refused the request with ${status} ${reason}.`)
}

/** The attributes; null where there are none, undefined where what is there is of another form. */
function readAttributes(value: unknown): CreditAttributes | null | undefined {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  const given = value as Readonly<Record<string, unknown>>
  const isLabel = (field: string) => given[field] === undefined || given[field] === null || isText(given[field])
  const isNumber = (field: string) => given[field] === undefined || given[field] === null || isCount(given[field])
  if (!LABELS.every(isLabel) || !NUMBERS.every(isNumber)) return undefined
  // Only what the platform has a use for is kept; a bureau may know more than we may know.
  return Object.fromEntries([...LABELS, ...NUMBERS].map((field) => [field, given[field] ?? null])) as CreditAttributes
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** True of a whole number from 0 that fits a record. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= INT_MAX
}

/** True of what has its form, and of nothing, for a bureau may not know; what is neither must not pass for nothing. */
function isMaybe(value: unknown, isKnown: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isKnown(value)
}

function isAmount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
