import type { Reason } from '#schemas'

/** Why a limit moves, with what it says to the consumer. The codes are stable. */
export const LIMIT_REASON_TEXTS = {
  BUREAU_REPORT: {
    en: 'Your credit report gives this limit.',
    de: 'Dieser Rahmen ergibt sich aus Ihrer Auskunft.',
  },
  CREDIT_FILE_FROZEN: {
    en: 'Your credit file is frozen at the bureau.',
    de: 'Ihre Kreditakte ist bei der Auskunftei gesperrt.',
  },
  SCORE_DELINQUENCIES: {
    en: 'Accounts of yours were past due in the last 24 months.',
    de: 'Konten von Ihnen waren in den letzten 24 Monaten in Verzug.',
  },
  RULES_CHANGED: {
    en: 'Our rules for spending limits have changed.',
    de: 'Unsere Regeln für Einkaufsrahmen haben sich geändert.',
  },
  PAID_EARLY: {
    en: 'You have paid instalments before they were due.',
    de: 'Sie haben Raten vor der Fälligkeit bezahlt.',
  },
  PAID_ON_TIME: {
    en: 'You have paid instalments on time.',
    de: 'Sie haben Raten pünktlich bezahlt.',
  },
  PAID_OFF: {
    en: 'You have paid purchases off.',
    de: 'Sie haben Einkäufe vollständig abbezahlt.',
  },
  PAID_LATE: {
    en: 'You have paid instalments late.',
    de: 'Sie haben Raten verspätet bezahlt.',
  },
  OVERDUE: {
    en: 'An instalment was not paid when it was due.',
    de: 'Eine Rate wurde bei Fälligkeit nicht bezahlt.',
  },
  PAYMENT_FAILED: {
    en: 'Payments of yours have failed.',
    de: 'Zahlungen von Ihnen sind fehlgeschlagen.',
  },
  CHARGED_BACK: {
    en: 'Your bank has taken a payment back.',
    de: 'Ihre Bank hat eine Zahlung zurückgeholt.',
  },
  RETURNED: {
    en: 'You have returned many purchases.',
    de: 'Sie haben viele Einkäufe zurückgegeben.',
  },
} as const

/** The stable code of a reason. */
export type LimitReasonCode = keyof typeof LIMIT_REASON_TEXTS

/** A reason with its text in every language: a move of a limit keeps what it said. */
export function limitReason(code: LimitReasonCode): Reason {
  const { en, ...texts } = LIMIT_REASON_TEXTS[code]
  return { code, text: en, texts }
}
