import { z } from '@hono/zod-openapi'
import { dateToMs } from '#domain/calendar.ts'
import { holdsCardNumber } from '#domain/card-number.ts'
import { currencies } from '#domain/money.ts'
import { refundPolicies } from '#domain/refund.ts'

/** Texts are kept for ever; a card number belongs to the gateway only. */
const NO_CARD_NUMBER = { error: 'must not hold a card number' }

/** The largest amount of one request, in minor units: far above any purchase, far below where numbers lose cents. */
export const AMOUNT_MINOR_MAX = 100_000_000

/** A positive amount in whole minor units (cents). */
export const AmountMinor = z
  .int({ error: 'must be a whole number of minor units (cents): 57.27 is 5727' })
  .positive({ error: 'must be above 0' })
  .max(AMOUNT_MINOR_MAX, { error: `must be at most ${AMOUNT_MINOR_MAX}` })
  .openapi({ example: 5727, description: 'Whole minor units (cents).' })

/** An ISO 4217 currency the platform takes. */
export const Currency = z
  .enum(currencies as [string, ...string[]], { error: `must be one of ${currencies.join(', ')}` })
  .openapi({ example: 'USD', description: 'ISO 4217.' })

/** A calendar date. What is none is not checked further: rules that compare dates can count on them. */
export const IsoDate = z
  .string()
  .refine(isDate, { error: 'must be a date of the form YYYY-MM-DD', abort: true })
  .openapi({ example: '2026-03-01', format: 'date' })

/** ISO 3166-1 alpha-2. */
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'must be a country of two capital letters (ISO 3166-1)' })
  .openapi({ example: 'US', description: 'ISO 3166-1, two letters.' })

/** An IANA time zone. */
export const TimeZone = z
  .string()
  .refine(isTimeZone, { error: 'must be an IANA time zone such as America/New_York' })
  .openapi({ example: 'America/New_York', description: 'IANA time zone; its dates are those of the schedule.' })

/**
 * A line of text that a person typed. Control characters have no business in it, and do harm in an e-mail's header;
 * half a character (a lone surrogate) would come back as another one.
 */
export const Line = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(200, { error: 'must have at most 200 characters' })
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line of whole characters, without control characters' })
  .refine((text) => !holdsCardNumber(text), NO_CARD_NUMBER)
  .openapi({ pattern: '^[^\\p{Cc}\\p{Cs}]*$' })

/** A text that a person typed, of several lines. */
export const Prose = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(4_000, { error: 'must have at most 4000 characters' })
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, { error: 'must be whole characters, without control characters' })
  .refine((text) => !holdsCardNumber(text), NO_CARD_NUMBER)
  .openapi({ pattern: '^(?:[^\\p{Cc}\\p{Cs}]|[\\n\\t])*$' })

/** A password that is to be kept: its length counts, and there are no rules about characters (NIST SP 800-63B). */
export const NewPassword = z
  .string()
  .min(10, { error: 'must have at least 10 characters' })
  .max(200, { error: 'must have at most 200 characters' })
  .openapi({ example: 'correct horse battery', description: 'Ten characters or more, of any kind.' })

/** A one-time code. */
export const Code = z
  .string()
  .regex(/^\d{6}$/, { error: 'must be the six digits that were sent' })
  .openapi({ example: '314159', description: 'As it was sent.' })

/** An e-mail address; whatever its case, it is one account. */
export const Email = z.email({ error: 'must be an e-mail address' }).max(254).openapi({ example: 'lena@example.com' })

/** How a purchase is paid back. */
export const ProductCode = z.enum(['PAY_IN_4', 'PAY_IN_30', 'PAY_MONTHLY']).openapi({
  example: 'PAY_IN_4',
  description:
    'PAY_IN_4: a quarter now, the rest every two weeks. PAY_IN_30: all of it 30 days after the capture. PAY_MONTHLY: ' +
    'monthly instalments, with or without interest, where the shop offers them.',
})

/** How a refund is taken off what is due later; see domain/refund.ts. */
export const RefundPolicy = z.enum(Object.keys(refundPolicies) as [string, ...string[]])

/** An id of ours: a prefix and 32 hex digits. */
export function idOf(prefix: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), {
      error: `must be an id of the form ${prefix}_ and 32 hexadecimal digits`,
    })
    .openapi({ example: `${prefix}_0123456789abcdef0123456789abcdef` })
}

const idempotencyKey = z
  .string({ error: 'is required here: send a fresh unique value for each new request, and the same one to repeat it' })
  .regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 visible ASCII characters' })
  .openapi({
    example: 'order-1001-capture-1',
    description:
      'Unique for each new request of yours; send the same one to repeat a request. The same key and body give the ' +
      'same answer and one effect; the same key with another body is refused. Kept for 48 hours.',
  })

/** The header that makes a repeat harmless. */
export const IdempotencyHeader = z.object({ 'idempotency-key': idempotencyKey })

/** The same, where a request without it is harmless to repeat as well. */
export const OptionalIdempotencyHeader = z.object({ 'idempotency-key': idempotencyKey.optional() })

/** How many rows of a list. */
export function limitOf(max: number, usual: number) {
  return z
    .string()
    .regex(/^\d{1,4}$/, { error: `must be a whole number from 1 to ${max}` })
    .transform(Number)
    .pipe(
      z
        .int()
        .min(1, { error: 'must be at least 1' })
        .max(max, { error: `must be at most ${max}` }),
    )
    .default(usual)
    .openapi({ type: 'integer', minimum: 1, maximum: max, default: usual, example: usual, description: 'Rows a page.' })
}

/** A page of a list. */
export const PageQuery = z.strictObject({
  limit: limitOf(100, 20),
  cursor: z.string().max(600).optional().openapi({ description: '`nextCursor` of the page before.' }),
})

function isDate(text: string): boolean {
  try {
    dateToMs(text)
    return true
  } catch {
    return false
  }
}

const timeZones = new Set(Intl.supportedValuesOf('timeZone'))

function isTimeZone(text: string): boolean {
  if (timeZones.has(text) || text === 'UTC') return true
  // Names that were replaced are still names: Asia/Calcutta. Offsets such as +01:00 are none, though Intl takes them.
  if (!/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+$/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** The most lines of a basket, and the most of each. */
export const LINES_MAX = 200
export const QUANTITY_MAX = 10_000

/** So many of a line of the basket. */
const RefundedItem = z.strictObject({
  line: z.int().min(1).max(LINES_MAX).openapi({ example: 1, description: 'Its place in the basket, from 1.' }),
  quantity: z.int().min(1).max(QUANTITY_MAX).openapi({ example: 1, description: 'How many of it.' }),
})

/** The lines of a refund. */
export const RefundedItems = z.array(RefundedItem).min(1).max(LINES_MAX)

/** A refund is of an amount or of items: words for a request that names both, or neither. */
export const AMOUNT_OR_ITEMS = { error: 'must be given, or items: exactly one of the two', path: ['amountMinor'] }

/** True where exactly one of the two is named. */
export function isAmountOrItems(body: { readonly amountMinor?: unknown; readonly items?: unknown }): boolean {
  return (body.amountMinor === undefined) !== (body.items === undefined)
}
