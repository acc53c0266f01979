import { z } from '@hono/zod-openapi'

/** A field of text. */
export function text(description: string, example?: string) {
  return z.string().openapi({ description, ...(example === undefined ? {} : { example }) })
}

/** An id of ours. */
export function id(prefix: string, description: string) {
  return z.string().openapi({ description, example: `${prefix}_0123456789abcdef0123456789abcdef` })
}

/** An amount in whole minor units. */
export function minor(description: string, example = 5727) {
  return z.int().openapi({ description: `${description} Minor units.`, example })
}

/** A count or another whole number. */
export function whole(description: string, example: number) {
  return z.int().openapi({ description, example })
}

/** A business date. */
export function date(description: string) {
  return z.string().openapi({ description, format: 'date', example: '2026-03-01' })
}

/** An instant in business time. */
export function instant(description: string) {
  return z.string().openapi({ description, format: 'date-time', example: '2026-03-01T09:30:00.000Z' })
}

/** A word of a known set. What reads answers must take a word it does not know: a set can grow. */
export function oneOf(words: readonly [string, ...string[]], description: string) {
  return z.string().openapi({ description, enum: [...words], example: words[0] })
}

/** ISO 4217. */
export const currency = text('ISO 4217.', 'USD')
