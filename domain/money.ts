/**
 * Amounts are whole minor units (cents) in safe integers with an ISO 4217 currency; never fractions of a minor unit.
 */

/** Minor-unit digits of the currencies the platform takes (ISO 4217, list one). */
const DIGITS: Readonly<Record<string, number>> = {
  AUD: 2,
  BHD: 3,
  CAD: 2,
  CHF: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  MXN: 2,
  NOK: 2,
  NZD: 2,
  PLN: 2,
  SEK: 2,
  SGD: 2,
  TND: 3,
  USD: 2,
}

/** The currencies the platform takes. */
export const currencies: readonly string[] = Object.keys(DIGITS)

/** How many decimals a currency has: 0, 2 or 3. @throws RangeError for one the platform does not take. */
export function minorDigits(currency: string): number {
  const digits = DIGITS[currency]
  if (digits === undefined) throw new RangeError(`Unknown currency ${currency}; known: ${currencies.join(', ')}.`)
  return digits
}

/** The amount, if it is a safe integer. @throws RangeError MONEY_OVERFLOW otherwise: money never wraps or rounds. */
export function safeMinor(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`MONEY_OVERFLOW: ${amountMinor} is not a safe integer.`)
  return amountMinor
}

/** The sum of the amounts, checked. */
export function sumMinor(amounts: Iterable<number>): number {
  let sum = 0
  for (const amount of amounts) sum = safeMinor(sum + amount)
  return sum
}

/**
 * Splits an amount into `count` equal parts, each rounded half-up to the minor unit, with the remainder on the LAST
 * (DOMAIN §1): 57.27 in 4 is 14.32, 14.32, 14.32, 14.31. The parts sum to the amount.
 */
export function splitMinor(amountMinor: number, count: number): number[] {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`A split needs one part or more, not ${count}.`)
  const rounded = divideHalfUp(safeMinor(amountMinor), count)
  // Of 2 in 4, rounding up would leave -1 for the last part: no part of an amount may go below 0.
  const part = amountMinor >= 0 && rounded * (count - 1) > amountMinor ? rounded - 1 : rounded
  const parts = new Array<number>(count).fill(part)
  parts[count - 1] = amountMinor - part * (count - 1)
  return parts
}

/** `amount × numerator / denominator`, rounded half-up, without passing through a fraction. */
export function scaleMinor(amountMinor: number, numerator: number, denominator: number): number {
  return divideHalfUp(BigInt(safeMinor(amountMinor)) * BigInt(numerator), denominator)
}

/** A share in basis points (hundredths of a percent), rounded half-up. */
export function shareOfMinor(amountMinor: number, bps: number): number {
  return scaleMinor(amountMinor, bps, 10_000)
}

/** `1234` in USD as `12.34`; in JPY as `1234`. */
export function formatMinor(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency)
  const sign = amountMinor < 0 ? '-' : ''
  const all = String(Math.abs(safeMinor(amountMinor))).padStart(digits + 1, '0')
  return digits === 0 ? sign + all : `${sign}${all.slice(0, -digits)}.${all.slice(-digits)}`
}

/** A quotient rounded half-up, away from 0. @throws RangeError MONEY_OVERFLOW where it is not a safe integer. */
export function divideHalfUp(numerator: number | bigint, denominator: number | bigint): number {
  return safeMinor(Number(halfUp(BigInt(numerator), BigInt(denominator))))
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n
  const magnitude = negative ? -numerator : numerator
  const rounded = (2n * magnitude + denominator) / (2n * denominator)
  return negative ? -rounded : rounded
}
