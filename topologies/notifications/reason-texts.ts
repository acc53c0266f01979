import type { Reason } from '#schemas'
import { type Language, languages } from './templates.ts'

/** The reasons of a decision by code, in the languages other than English (an event carries the English text). */
const texts: Readonly<Record<string, Readonly<Partial<Record<Language, string>>>>> = {
  AMOUNT_INVALID: { de: 'Der Betrag des Einkaufs ist nicht größer als null.' },
  AMOUNT_UNUSUAL: { de: 'Der Einkauf ist viel größer als die, die Sie schon abbezahlt haben.' },
  CONSUMER_UNKNOWN: { de: 'Dieses Konto gibt es nicht.' },
  COUNTRY_NOT_SUPPORTED: { de: 'In Ihrem Land geben wir keinen Kredit.' },
  CREDIT_FILE_FROZEN: { de: 'Ihre Kreditakte ist bei der Auskunftei gesperrt.' },
  CREDIT_REPORT_PENDING: { de: 'Ihre Auskunft liegt noch nicht vor.' },
  CURRENCY_NOT_SUPPORTED: { de: 'Ihr Einkaufsrahmen ist in einer anderen Währung als der Einkauf.' },
  FIRST_PURCHASE_LIMIT: { de: 'Der Einkauf ist größer, als ein erster sein darf.' },
  INCOME_TOO_LOW: { de: 'Was Sie schulden würden, ist zu viel für Ihr Einkommen laut Auskunftei.' },
  KYC_IN_REVIEW: { de: 'Ihre Identität wird noch geprüft.' },
  KYC_REQUIRED: { de: 'Ihre Identität ist nicht bestätigt.' },
  LIMIT_EXCEEDED: { de: 'Der Einkauf liegt über dem, was von Ihrem Einkaufsrahmen noch frei ist.' },
  NEW_DEVICE_LIMIT: { de: 'Der Einkauf ist größer, als ein erster von einem neuen Gerät sein darf.' },
  NEW_MERCHANT_LIMIT: { de: 'Der Einkauf ist größer, als ein erster in einem Geschäft sein darf.' },
  PAYMENT_OVERDUE: { de: 'Eine Ihrer Zahlungen ist überfällig.' },
  PURCHASE_EXISTS: { de: 'Dieser Einkauf wurde schon bestätigt.' },
  SCORE_BUREAU_HISTORY: { de: 'Ihre Zahlungen sind bei der Auskunftei schwach bewertet.' },
  SCORE_CHECKING_ACCOUNT: { de: 'Der Stand Ihres Girokontos spricht laut Auskunftei gegen Sie.' },
  SCORE_CREDIT_AMOUNT: { de: 'Ihr neuester Ratenkredit ist hoch.' },
  SCORE_CREDIT_DURATION: { de: 'Ihr neuester Ratenkredit läuft lange.' },
  SCORE_CREDIT_PURPOSE: { de: 'Kredite für den Zweck Ihres neuesten werden seltener zurückgezahlt.' },
  SCORE_CREDIT_RECORD: { de: 'Ihr Umgang mit früheren und laufenden Krediten spricht gegen Sie.' },
  SCORE_DELINQUENCIES: { de: 'Konten von Ihnen waren in den letzten 24 Monaten in Verzug.' },
  SCORE_INQUIRIES: { de: 'Sie haben in den letzten 6 Monaten oft nach Kredit gefragt.' },
  SCORE_NO_GUARANTOR: { de: 'Für Ihren neuesten Ratenkredit bürgt niemand.' },
  SCORE_OTHER_INSTALMENTS: { de: 'Sie zahlen schon Raten bei Banken oder Geschäften.' },
  SCORE_SAVINGS: { de: 'Der Auskunftei sind keine oder nur geringe Ersparnisse von Ihnen bekannt.' },
  SCORE_SHORT_HISTORY: { de: 'Ihre Kreditgeschichte ist kurz.' },
  SCORE_THIN_FILE: { de: 'Die Auskunftei weiß zu wenig über Sie.' },
  TOO_MANY_ATTEMPTS: { de: 'Sie haben in kurzer Zeit sehr oft zu kaufen versucht.' },
  TOO_MUCH_AT_ONCE: { de: 'Sie haben in kurzer Zeit sehr viel gekauft.' },
}

/** The reasons as lines of text, one fact a language: `reasons.en`, `reasons.de`. */
export function reasonFacts(reasons: readonly Reason[]): Record<string, string> {
  const linesIn = (language: Language) =>
    reasons.map((reason) => `- ${texts[reason.code]?.[language] ?? reason.text}`).join('\n')
  return Object.fromEntries(languages.map((language) => [`reasons.${language}`, linesIn(language)]))
}
