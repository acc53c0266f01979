/** `1432` USD as `$14.32`, the way the reader's language writes it. */
export function formatMoney(minor: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    minor / 10 ** minorDigits(currency),
  )
}

/** The same without the symbol, as it stands in an amount field. */
export function plainAmount(minor: number, currency: string): string {
  return (minor / 10 ** minorDigits(currency)).toFixed(minorDigits(currency))
}

/**
 * What a person typed, in minor units: `57.27`, `57,27`, `1,057.27`, `1.057,27`; null where it is no amount or has more
 * decimals than the currency. A lone separator with three digits after it is taken as decimals, and so refused
 * for most currencies, rather than guessed at.
 */
export function parseAmount(typed: string, currency: string): number | null {
  const text = typed.replace(/\s/g, '')
  const mark = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
  const whole = mark < 0 ? text : withoutGroups(text.slice(0, mark))
  const fraction = mark < 0 ? '' : text.slice(mark + 1)
  const digits = minorDigits(currency)
  if (whole === null || !/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > digits) return null
  const minor = Number(whole + fraction.padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? minor : null
}

/** Decimals of a currency: 0, 2 or 3. */
function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

function withoutGroups(whole: string): string | null {
  if (/^\d+$/.test(whole)) return whole
  return /^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(whole) ? whole.replace(/[.,]/g, '') : null
}
