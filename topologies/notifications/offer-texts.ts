import type { PurchaseDeclined } from '#schemas'
import { money } from './notice-words.ts'

/** What would pass instead of a refused purchase, one fact a language; empty where nothing would. */
export function offerFacts({ counterOfferMinor, counterFirstPaymentMinor, currency }: PurchaseDeclined) {
  const en = []
  const de = []
  if (counterOfferMinor !== null) {
    en.push(`We could approve ${money(counterOfferMinor, currency)} now.`)
    de.push(`Bewilligen könnten wir jetzt ${money(counterOfferMinor, currency)}.`)
  }
  if (counterFirstPaymentMinor !== null) {
    const first = money(counterFirstPaymentMinor, currency)
    en.push(`We could approve all of it if you pay ${first} first.`)
    de.push(`Bewilligen könnten wir alles, wenn Sie zuerst ${first} zahlen.`)
  }
  const lines = (texts: readonly string[]) => texts.map((line) => `${line}\n`).join('')
  return { 'offer.en': lines(en), 'offer.de': lines(de) }
}
