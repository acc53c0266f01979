import { JsonClient } from '../runtime/json-client.ts'
import { ProviderUnavailable } from '../runtime/provider-error.ts'
import { assertTaken, type CreditFile, type CreditFileClient, isCount, type ReportBody } from './client.ts'

/**
 * What the second bureau answers. It knows no accounts in detail, has a rating where the first has a score, tells time
 * in years and months, and money as text.
 */
export type RatedFile = {
  readonly reportNo: string
  readonly status: 'HIT' | 'LITTLE' | 'LOCKED'
  /** 100 (best) to 600 (worst); null where it cannot tell. */
  readonly rating: number | null
  readonly accounts: { readonly open: number; readonly arrears24m: number }
  readonly enquiries6m: number
  readonly knownSince: { readonly years: number; readonly months: number }
  /** Major units with two decimals, such as `2400.00`; null where it knows none. */
  readonly netIncome: string | null
}

/** The best and the worst rating. */
export const RATING = { best: 100, worst: 600 } as const

const OUTCOMES = { HIT: 'found', LITTLE: 'thin_file', LOCKED: 'frozen' } as const

/** The second credit bureau's HTTP API. */
export class SecondBureauClient implements CreditFileClient {
  readonly #http: JsonClient

  constructor(url: string) {
    this.#http = new JsonClient(url)
  }

  async report(body: ReportBody, idempotencyKey: string, signal: AbortSignal): Promise<CreditFile> {
    const { reference, givenName, familyName, dateOfBirth, country } = body
    const person = { forename: givenName, surname: familyName, born: dateOfBirth, residence: country }
    const asked = {
      method: 'POST',
      path: '/v2/inquiries',
      body: { subject: reference, person },
      idempotencyKey,
    } as const
    const { status, body: answer } = await this.#http.send({ ...asked, signal })
    assertTaken(status, answer)
    return creditFile(answer)
  }

  close(): void {
    this.#http.close()
  }
}

/** The facts of a file, on the scale of ours: a rating of 100 is a score of 1000, and 600 is 0. */
function creditFile(answer: Readonly<Record<string, unknown>>): CreditFile {
  const { reportNo, status, rating, accounts, enquiries6m, knownSince, netIncome } = answer as Partial<RatedFile>
  const outcome = status === undefined ? undefined : OUTCOMES[status]
  const score = rating == null ? null : typeof rating === 'number' ? (RATING.worst - rating) * 2 : Number.NaN
  const months = (knownSince?.years ?? Number.NaN) * 12 + (knownSince?.months ?? Number.NaN)
  const income = netIncome == null ? null : incomeMinor(netIncome)
  const counts = [accounts?.open, accounts?.arrears24m, enquiries6m, months]
  const isScore = score === null || (Number.isInteger(score) && score >= 0 && score <= 1_000)
  if (typeof reportNo !== 'string' || outcome === undefined || !counts.every(isCount) || !isScore || income === -1) {
    throw new ProviderUnavailable('The bureau answered with something other than a credit file.', true)
  }
  const [openAccounts = 0, delinquencies = 0, inquiries = 0, oldestAccountMonths = 0] = counts
  const facts = { openAccounts, delinquencies, inquiries, oldestAccountMonths, monthlyIncomeMinor: income }
  return { id: reportNo, outcome, score, ...facts, attributes: null }
}

/** Minor units of a text such as `2400.00`; -1 for anything else. */
function incomeMinor(value: unknown): number {
  const [, major, minor] = /^(\d{1,12})\.(\d{2})$/.exec(String(value)) ?? []
  return major === undefined ? -1 : Number(major) * 100 + Number(minor)
}
