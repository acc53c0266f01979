/**
 * A credit bureau to try things with. The file of a consumer follows from the reference (the consumer id), so it is the
 * same in every run: a score of 350 to 900, more often good than bad, and accounts that go with it. A name steers it:
 *
 * | given or family name | the file |
 * | --- | --- |
 * | nothing of these | is found |
 * | ends with `Thin` (or `+thin`) | has too little in it for a score |
 * | ends with `Frozen` (or `+frozen`) | is frozen by the consumer |
 * | `Score` and a number from 350 to 900: `Score550` | is found, with that score and nothing against it |
 */
import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, type KeyedRequest, sandboxError } from '../sandbox/idempotent-route.ts'
import type { CreditFile } from './client.ts'

/** The bureau's app, to be served under any path. */
export type BureauSandbox = { readonly app: Hono; close(): Promise<void> }

const SCORE_MIN = 350
const SCORE_MAX = 900

/** Opens the bureau. `directory`: where answered keys are kept. */
export function bureauSandbox(options: { readonly directory?: string | undefined } = {}): BureauSandbox {
  const keys = new AnsweredKeys({ name: 'bureau', directory: options.directory })
  const app = new Hono()
  app.post('/v1/reports', idempotentRoute(keys, report))
  return { app, close: () => keys.close() }
}

function report({ key, body }: KeyedRequest): KeyedAnswer {
  for (const field of ['reference', 'givenName', 'familyName', 'dateOfBirth', 'country']) {
    if (typeof body[field] !== 'string' || body[field] === '') {
      return sandboxError(422, 'report_invalid', `${field} is needed.`)
    }
  }
  const id = `rep_${hash('sha256', key, 'hex').slice(0, 24)}`
  const names = [String(body.givenName), String(body.familyName)]
  return { status: 201, body: fileOf(id, String(body.reference), names) }
}

function fileOf(id: string, reference: string, names: readonly string[]): CreditFile {
  const draw = drawsOf(reference)
  const empty = {
    id,
    openAccounts: 0,
    delinquencies: 0,
    inquiries: 0,
    oldestAccountMonths: 0,
    monthlyIncomeMinor: null,
  }
  if (names.some((name) => /frozen$/i.test(name))) return { ...empty, outcome: 'frozen', score: null }
  if (names.some((name) => /thin$/i.test(name))) {
    return { ...empty, outcome: 'thin_file', score: null, inquiries: 1, oldestAccountMonths: Math.floor(draw(6) * 6) }
  }
  const wanted = wantedScore(names)
  if (wanted !== null) {
    return { ...empty, outcome: 'found', score: wanted, openAccounts: 3, oldestAccountMonths: 120 }
  }
  // The better of two draws: most people pay.
  const score = SCORE_MIN + Math.floor(Math.max(draw(0), draw(1)) * (SCORE_MAX - SCORE_MIN + 1))
  const isGood = score >= 550
  return {
    id,
    outcome: 'found',
    score,
    openAccounts: 1 + Math.floor(draw(2) * 8),
    delinquencies: isGood ? 0 : Math.floor(draw(3) * 4),
    inquiries: Math.floor(draw(4) * (isGood ? 4 : 8)),
    oldestAccountMonths: (isGood ? 24 : 2) + Math.floor(draw(5) * 200),
    monthlyIncomeMinor: 1_500_00 + Math.floor(draw(6) * 50) * 100_00,
  }
}

/** The score that a name asks for; null where none does. */
function wantedScore(names: readonly string[]): number | null {
  const digits = names.map((name) => /^Score(\d{3})$/i.exec(name)?.[1]).find((found) => found !== undefined)
  const score = Number(digits)
  return score >= SCORE_MIN && score <= SCORE_MAX ? score : null
}

/** Numbers from 0 to below 1 that follow from a text. */
function drawsOf(text: string): (index: number) => number {
  const bytes = hash('sha256', text, 'buffer')
  return (index) => bytes.readUInt32BE(index * 4) / 2 ** 32
}
