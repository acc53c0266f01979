import { fill, h } from './dom.ts'

const CURRENCIES = [
  ...['USD', 'EUR', 'GBP', 'AUD', 'BHD', 'CAD', 'CHF', 'CZK', 'DKK', 'JPY'],
  ...['KRW', 'KWD', 'MXN', 'NOK', 'NZD', 'PLN', 'SEK', 'SGD', 'TND'],
]
const COUNTRIES = [
  ...['AT', 'AU', 'BE', 'BH', 'CA', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'GB', 'IE', 'IT', 'JP', 'KR', 'KW', 'MX'],
  ...['NL', 'NO', 'NZ', 'PL', 'PT', 'SE', 'SG', 'TN', 'US'],
]

/** Fills the country and currency choices of the page; the API has the last word on what it takes. */
export function fillChoices(): void {
  const countryNames = new Intl.DisplayNames('en', { type: 'region' })
  const currencyNames = new Intl.DisplayNames('en', { type: 'currency' })
  const countries = COUNTRIES.map((code) => [code, countryNames.of(code) ?? code] as const)
  countries.sort(([, left], [, right]) => left.localeCompare(right))
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-countries]')) {
    fill(select, ...countries.map(([value, name]) => h('option', { value, selected: value === 'US' }, name)))
  }
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-currencies]')) {
    fill(select, ...CURRENCIES.map((value) => h('option', { value }, `${value} – ${currencyNames.of(value) ?? value}`)))
  }
}

/** The reader's time zone, where it is one that has a common name. */
export function ownTimeZone(): string | undefined {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return timeZone === 'UTC' || Intl.supportedValuesOf('timeZone').includes(timeZone) ? timeZone : undefined
}
