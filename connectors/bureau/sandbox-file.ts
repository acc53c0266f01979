/** The credit files of the sandbox bureau. */
import { hash } from 'node:crypto'
import type { CreditFile } from './client.ts'
import { type CreditApplication, readCreditApplications } from './credit-applications.ts'

/** What a file is made from. */
export type FileRequest = { readonly id: string; readonly reference: string; readonly names: readonly string[] }

const SCORE_MIN = 350
const SCORE_MAX = 900
/** Of 100 files so many are thin, and after them so many frozen. */
const THIN_OF_100 = 3
const FROZEN_OF_100 = 1

const EMPTY = {
  score: null,
  openAccounts: 0,
  delinquencies: 0,
  inquiries: 0,
  oldestAccountMonths: 0,
  monthlyIncomeMinor: null,
  attributes: null,
} as const

let applications: readonly CreditApplication[] | undefined

/** The file of a person: it follows from the reference, or from a name that asks for one. */
export function sandboxFile({ id, reference, names }: FileRequest): CreditFile {
  const draw = drawsOf(reference)
  const wanted = wantedNumber(names, /^Score(\d{3})$/i)
  const row = wantedNumber(names, /^Applicant(\d{1,4})$/i)
  if (names.some((name) => /frozen$/i.test(name))) return { id, ...EMPTY, outcome: 'frozen' }
  if (names.some((name) => /thin$/i.test(name))) return thinFile(id, draw)
  if (wanted !== null && wanted >= SCORE_MIN && wanted <= SCORE_MAX) return scoredFile(id, wanted)
  if (row !== null && row >= 1 && row <= rows().length) return filledFile(id, row, draw)
  const kind = draw(0) * 100
  if (kind < THIN_OF_100) return thinFile(id, draw)
  if (kind < THIN_OF_100 + FROZEN_OF_100) return { id, ...EMPTY, outcome: 'frozen' }
  return filledFile(id, 1 + Math.floor(draw(1) * rows().length), draw)
}

/** Too little for a score. */
function thinFile(id: string, draw: (index: number) => number): CreditFile {
  return { id, ...EMPTY, outcome: 'thin_file', inquiries: 1, oldestAccountMonths: Math.floor(draw(6) * 6) }
}

/** A bureau that tells its own score, and nothing against the person. */
function scoredFile(id: string, score: number): CreditFile {
  return { id, ...EMPTY, outcome: 'found', score, openAccounts: 3, oldestAccountMonths: 120 }
}

/** The attributes of one real application (its number, from 1), and counts that go with them. */
function filledFile(id: string, number: number, draw: (index: number) => number): CreditFile {
  const attributes = rows()[number - 1]?.attributes ?? null
  return {
    id,
    outcome: 'found',
    score: null,
    openAccounts: 1 + Math.floor(draw(2) * 8),
    delinquencies: attributes?.creditHistory === 'DELAYED_IN_THE_PAST' ? 1 : 0,
    inquiries: Math.floor(draw(3) * 4),
    oldestAccountMonths: 24 + Math.floor(draw(4) * 200),
    monthlyIncomeMinor: 1_500_00 + Math.floor(draw(5) * 50) * 100_00,
    attributes,
  }
}

function rows(): readonly CreditApplication[] {
  applications ??= readCreditApplications()
  return applications
}

/** The number that a name holds; null where none does. */
export function wantedNumber(names: readonly string[], pattern: RegExp): number | null {
  const digits = names.map((name) => pattern.exec(name)?.[1]).find((found) => found !== undefined)
  return digits === undefined ? null : Number(digits)
}

/** Up to eight numbers from 0 to below 1 that follow from a text. */
export function drawsOf(text: string): (index: number) => number {
  const bytes = hash('sha256', text, 'buffer')
  return (index) => bytes.readUInt32BE(index * 4) / 2 ** 32
}
