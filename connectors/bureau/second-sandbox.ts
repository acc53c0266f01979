/**
 * The second credit bureau to try things with; what it speaks is told in `second-client.ts`. Its file of a consumer
 * follows from the reference, too, and mostly agrees with that of the first. A given or family name steers it:
 *
 * | name | the file |
 * | --- | --- |
 * | nothing of these | is found: of 100 files 3 have too little in them, and 1 is locked |
 * | ends with `Thin2` (or `+thin2`) | has too little in it for a rating |
 * | ends with `Frozen2` (or `+frozen2`) | is locked by the consumer |
 * | ends with `Timeout2` (or `+timeout2`) | is never answered |
 * | `Score` and a number from 350 to 900: `Score550` | is found, with the rating of that score: the first agrees |
 * | `Rating` and a number from 100 to 600: `Rating425` | is found, with that rating (this one is a score of 350) |
 */
import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, type KeyedRequest, sandboxError } from '../sandbox/idempotent-route.ts'
import type { BureauSandbox } from './sandbox.ts'
import { drawsOf, wantedNumber } from './sandbox-file.ts'
import { RATING, type RatedFile } from './second-client.ts'

const EMPTY = {
  rating: null,
  accounts: { open: 0, arrears24m: 0 },
  enquiries6m: 0,
  knownSince: { years: 0, months: 0 },
  netIncome: null,
} as const

/** Opens the second bureau. `directory`: where answered keys are kept. */
export function secondBureauSandbox(options: { readonly directory?: string | undefined } = {}): BureauSandbox {
  const keys = new AnsweredKeys({ name: 'bureau-2', directory: options.directory })
  const app = new Hono()
  app.post('/v2/inquiries', idempotentRoute(keys, inquire))
  return { app, close: () => keys.close() }
}

async function inquire({ key, body, untilGone }: KeyedRequest): Promise<KeyedAnswer> {
  const person = (body.person ?? {}) as Readonly<Record<string, unknown>>
  const needed = { subject: body.subject, ...pick(person) }
  for (const [field, value] of Object.entries(needed)) {
    if (typeof value !== 'string' || value === '') return sandboxError(422, 'inquiry_invalid', `${field} is needed.`)
  }
  const names = [String(person['forename']), String(person['surname'])]
  if (names.some((name) => /timeout2$/i.test(name))) await untilGone()
  const reportNo = `R2-${hash('sha256', key, 'hex').slice(0, 16).toUpperCase()}`
  return { status: 201, body: fileOf(reportNo, String(body.subject), names) }
}

function pick({ forename, surname, born, residence }: Readonly<Record<string, unknown>>) {
  return { forename, surname, born, residence }
}

/** The file of a person. */
function fileOf(reportNo: string, subject: string, names: readonly string[]): RatedFile {
  const draw = drawsOf(`second\n${subject}`)
  const score = wantedNumber(names, /^Score(\d{3})$/i)
  const rating = wantedNumber(names, /^Rating(\d{3})$/i)
  if (names.some((name) => /frozen2$/i.test(name))) return { reportNo, ...EMPTY, status: 'LOCKED' }
  if (names.some((name) => /thin2$/i.test(name))) return littleFile(reportNo, draw)
  if (rating !== null && rating >= RATING.best && rating <= RATING.worst) return ratedFile(reportNo, rating)
  if (score !== null && score >= 350 && score <= 900) return ratedFile(reportNo, RATING.worst - score / 2)
  const kind = draw(0) * 100
  if (kind < 3) return littleFile(reportNo, draw)
  if (kind < 4) return { reportNo, ...EMPTY, status: 'LOCKED' }
  return {
    reportNo,
    status: 'HIT',
    rating: 150 + Math.floor(draw(1) * 250),
    accounts: { open: 1 + Math.floor(draw(2) * 8), arrears24m: draw(3) < 0.05 ? 1 : 0 },
    enquiries6m: Math.floor(draw(4) * 4),
    knownSince: { years: 2 + Math.floor(draw(5) * 15), months: Math.floor(draw(6) * 12) },
    netIncome: `${1_500 + Math.floor(draw(7) * 50) * 100}.00`,
  }
}

function littleFile(reportNo: string, draw: (index: number) => number): RatedFile {
  const knownSince = { years: 0, months: Math.floor(draw(6) * 6) }
  return { reportNo, ...EMPTY, status: 'LITTLE', enquiries6m: 1, knownSince }
}

/** A rating, and nothing against the person. */
function ratedFile(reportNo: string, rating: number): RatedFile {
  const file = { accounts: { open: 3, arrears24m: 0 }, enquiries6m: 0, knownSince: { years: 10, months: 0 } }
  return { reportNo, status: 'HIT', rating, ...file, netIncome: null }
}
