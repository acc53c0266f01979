/** How values come out of PostgreSQL, by type id; the same for both adapters. */
import { safeMinor } from '#domain/money.ts'

const BIGINT = 20
const DATE = 1082
const TIMESTAMPTZ = 1184
const NUMERIC = 1700

/** Parsers of the text form, by type id. @throws RangeError where a whole number is too large to be exact */
export const valueParsers: Readonly<Record<number, (text: string) => unknown>> = {
  [BIGINT]: (text) => safeMinor(Number(text)),
  [NUMERIC]: Number,
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => new Date(isoOf(text)).toISOString(),
}

/** `2026-01-31 10:00:00.5+00` as ISO 8601. */
function isoOf(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}
