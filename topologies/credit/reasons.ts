import type { Reason } from '#schemas'

/** What a decision may give as a reason, with what it says to the consumer. The codes are stable. */
export const REASON_TEXTS = {
  PURCHASE_EXISTS: {
    en: 'This checkout was confirmed before.',
    de: 'Dieser Einkauf wurde schon bestätigt.',
  },
  CONSUMER_UNKNOWN: {
    en: 'There is no such account.',
    de: 'Dieses Konto gibt es nicht.',
  },
  MERCHANT_NOT_ACTIVE: {
    en: 'The shop does not sell at the moment.',
    de: 'Der Händler verkauft zurzeit nicht.',
  },
  AMOUNT_INVALID: {
    en: 'The amount of the purchase is not above zero.',
    de: 'Der Betrag des Einkaufs ist nicht größer als null.',
  },
  FIRST_PAYMENT_INVALID: {
    en: 'The first payment must be at least a quarter of the purchase and less than all of it, with pay in 4.',
    de: 'Die erste Zahlung muss mindestens ein Viertel und weniger als der ganze Einkauf sein, in vier Raten.',
  },
  PRODUCT_NOT_OFFERED: {
    en: 'The shop does not offer this way of paying.',
    de: 'Der Händler bietet diese Zahlungsart nicht an.',
  },
  MONTHLY_NOT_GIVEN: {
    en: 'We do not give monthly instalments at the moment.',
    de: 'Wir vergeben zurzeit keine Monatsraten.',
  },
  MONTHLY_TERM_TOO_LONG: {
    en: 'The purchase cannot be paid back in so many months.',
    de: 'Der Einkauf kann nicht über so viele Monate bezahlt werden.',
  },
  MONTHLY_AMOUNT_TOO_SMALL: {
    en: 'The purchase is too small for monthly instalments.',
    de: 'Der Einkauf ist zu klein für Monatsraten.',
  },
  OFFER_UNKNOWN: {
    en: 'There is no such offer for this checkout, or it is no longer open.',
    de: 'Dieses Angebot gibt es für diesen Einkauf nicht, oder es gilt nicht mehr.',
  },
  KYC_REQUIRED: {
    en: 'Your identity is not confirmed.',
    de: 'Ihre Identität ist nicht bestätigt.',
  },
  KYC_IN_REVIEW: {
    en: 'Your identity is still being checked.',
    de: 'Ihre Identität wird noch geprüft.',
  },
  EMAIL_NOT_CONFIRMED: {
    en: 'Your e-mail address is not confirmed. Enter the code that we send you, then try again.',
    de: 'Ihre E-Mail-Adresse ist nicht bestätigt. Geben Sie den Code ein, den wir senden, und versuchen Sie es erneut.',
  },
  PHONE_NOT_CONFIRMED: {
    en: 'Your phone number is not confirmed. Enter the code that we send you, then try again.',
    de: 'Ihre Telefonnummer ist nicht bestätigt. Geben Sie den Code ein, den wir senden, und versuchen Sie es erneut.',
  },
  COUNTRY_NOT_SUPPORTED: {
    en: 'We do not give credit in your country.',
    de: 'In Ihrem Land geben wir keinen Kredit.',
  },
  CURRENCY_NOT_SUPPORTED: {
    en: 'Your spending limit is in another currency than the purchase.',
    de: 'Ihr Einkaufsrahmen ist in einer anderen Währung als der Einkauf.',
  },
  CREDIT_REPORT_PENDING: {
    en: 'Your credit report has not arrived yet.',
    de: 'Ihre Auskunft liegt noch nicht vor.',
  },
  CREDIT_REPORT_OLD: {
    en: 'Your credit report is old, and a new one has not arrived in time.',
    de: 'Ihre Auskunft ist alt, und eine neue ist nicht rechtzeitig gekommen.',
  },
  CREDIT_REPORTS_DIFFER: {
    en: 'The credit bureaus tell us different things about you.',
    de: 'Die Auskunfteien sagen Unterschiedliches über Sie.',
  },
  CREDIT_FILE_FROZEN: {
    en: 'Your credit file is frozen at the bureau.',
    de: 'Ihre Kreditakte ist bei der Auskunftei gesperrt.',
  },
  SCORE_MODEL_MISSING: {
    en: 'We cannot assess your credit report at the moment. Please try again later.',
    de: 'Wir können Ihre Auskunft zurzeit nicht bewerten. Bitte versuchen Sie es später noch einmal.',
  },
  PAYMENT_OVERDUE: {
    en: 'A payment of yours is overdue.',
    de: 'Eine Ihrer Zahlungen ist überfällig.',
  },
  PAYMENT_RECORD: {
    en: 'How your earlier purchases with us went (late, failed or returned payments) leaves no spending limit.',
    de: 'Nach dem Verlauf Ihrer früheren Einkäufe (verspätet, geplatzt, zurückgeholt) bleibt kein Einkaufsrahmen.',
  },
  SCORE_DELINQUENCIES: {
    en: 'Accounts of yours were past due in the last 24 months.',
    de: 'Konten von Ihnen waren in den letzten 24 Monaten in Verzug.',
  },
  SCORE_BUREAU_HISTORY: {
    en: 'Your record of repayment at the credit bureau is weak.',
    de: 'Ihre Zahlungen sind bei der Auskunftei schwach bewertet.',
  },
  SCORE_THIN_FILE: {
    en: 'The credit bureau knows too little about you.',
    de: 'Die Auskunftei weiß zu wenig über Sie.',
  },
  SCORE_INQUIRIES: {
    en: 'You have asked for credit many times in the last 6 months.',
    de: 'Sie haben in den letzten 6 Monaten oft nach Kredit gefragt.',
  },
  SCORE_SHORT_HISTORY: {
    en: 'Your credit history is short.',
    de: 'Ihre Kreditgeschichte ist kurz.',
  },
  SCORE_CHECKING_ACCOUNT: {
    en: 'The state of your current account, as the bureau reports it, counts against you.',
    de: 'Der Stand Ihres Girokontos spricht laut Auskunftei gegen Sie.',
  },
  SCORE_CREDIT_RECORD: {
    en: 'Your record with earlier and present credits counts against you.',
    de: 'Ihr Umgang mit früheren und laufenden Krediten spricht gegen Sie.',
  },
  SCORE_CREDIT_DURATION: {
    en: 'Your newest instalment credit runs for a long time.',
    de: 'Ihr neuester Ratenkredit läuft lange.',
  },
  SCORE_CREDIT_AMOUNT: {
    en: 'Your newest instalment credit is large.',
    de: 'Ihr neuester Ratenkredit ist hoch.',
  },
  SCORE_CREDIT_PURPOSE: {
    en: 'Credits for the purpose of your newest one are paid back less often.',
    de: 'Kredite für den Zweck Ihres neuesten werden seltener zurückgezahlt.',
  },
  SCORE_SAVINGS: {
    en: 'You have little or no savings that the bureau knows of.',
    de: 'Der Auskunftei sind keine oder nur geringe Ersparnisse von Ihnen bekannt.',
  },
  SCORE_NO_GUARANTOR: {
    en: 'Nobody guarantees your newest instalment credit.',
    de: 'Für Ihren neuesten Ratenkredit bürgt niemand.',
  },
  SCORE_OTHER_INSTALMENTS: {
    en: 'You pay instalments at banks or shops already.',
    de: 'Sie zahlen schon Raten bei Banken oder Geschäften.',
  },
  FIRST_PURCHASE_LIMIT: {
    en: 'The purchase is more than a first one may be.',
    de: 'Der Einkauf ist größer, als ein erster sein darf.',
  },
  NEW_MERCHANT_LIMIT: {
    en: 'The purchase is more than a first one at a shop may be.',
    de: 'Der Einkauf ist größer, als ein erster in einem Geschäft sein darf.',
  },
  NEW_DEVICE_LIMIT: {
    en: 'The purchase is more than a first one from a new device may be.',
    de: 'Der Einkauf ist größer, als ein erster von einem neuen Gerät sein darf.',
  },
  AMOUNT_UNUSUAL: {
    en: 'The purchase is far larger than those that you have paid off.',
    de: 'Der Einkauf ist viel größer als die, die Sie schon abbezahlt haben.',
  },
  INCOME_TOO_LOW: {
    en: 'What you would owe is too much for your income, as the bureau reports it.',
    de: 'Was Sie schulden würden, ist zu viel für Ihr Einkommen laut Auskunftei.',
  },
  TOO_MANY_ATTEMPTS: {
    en: 'You have tried to buy very often in a short time.',
    de: 'Sie haben in kurzer Zeit sehr oft zu kaufen versucht.',
  },
  TOO_MUCH_AT_ONCE: {
    en: 'You have bought very much in a short time.',
    de: 'Sie haben in kurzer Zeit sehr viel gekauft.',
  },
  LIMIT_EXCEEDED: {
    en: 'The purchase is more than what is left of your spending limit.',
    de: 'Der Einkauf liegt über dem, was von Ihrem Einkaufsrahmen noch frei ist.',
  },
} as const

/** The stable code of a reason. */
export type ReasonCode = keyof typeof REASON_TEXTS

/** True of a text that is one of the codes. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASON_TEXTS, text)
}

/** A reason with its text in every language: a decision keeps what it said, whatever becomes of the texts. */
export function reason(code: ReasonCode): Reason {
  return REASONS[code]
}

const REASONS = Object.fromEntries(
  Object.entries(REASON_TEXTS).map(([code, { en, ...texts }]): [string, Reason] => [code, { code, text: en, texts }]),
) as Readonly<Record<ReasonCode, Reason>>
