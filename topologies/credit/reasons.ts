import type { Reason } from '#schemas'

/** What a decision may give as a reason, with what it says to the consumer. The codes are stable. */
export const REASON_TEXTS = {
  PURCHASE_EXISTS: 'This checkout was confirmed before.',
  CONSUMER_UNKNOWN: 'There is no such account.',
  AMOUNT_INVALID: 'The amount of the purchase is not above zero.',
  KYC_REQUIRED: 'Your identity is not confirmed.',
  KYC_IN_REVIEW: 'Your identity is still being checked.',
  COUNTRY_NOT_SUPPORTED: 'We do not give credit in your country.',
  CURRENCY_NOT_SUPPORTED: 'Your spending limit is in another currency than the purchase.',
  CREDIT_REPORT_PENDING: 'Your credit report has not arrived yet.',
  CREDIT_FILE_FROZEN: 'Your credit file is frozen at the bureau.',
  PAYMENT_OVERDUE: 'A payment of yours is overdue.',
  SCORE_DELINQUENCIES: 'Accounts of yours were past due in the last 24 months.',
  SCORE_BUREAU_HISTORY: 'Your record of repayment at the credit bureau is weak.',
  SCORE_THIN_FILE: 'The credit bureau knows too little about you.',
  SCORE_INQUIRIES: 'You have asked for credit many times in the last 6 months.',
  SCORE_SHORT_HISTORY: 'Your credit history is short.',
  SCORE_CHECKING_ACCOUNT: 'The state of your current account, as the bureau reports it, counts against you.',
  SCORE_CREDIT_RECORD: 'Your record with earlier and present credits counts against you.',
  SCORE_CREDIT_DURATION: 'Your newest instalment credit runs for a long time.',
  SCORE_CREDIT_AMOUNT: 'Your newest instalment credit is large.',
  SCORE_CREDIT_PURPOSE: 'Credits for the purpose of your newest one are paid back less often.',
  SCORE_SAVINGS: 'You have little or no savings that the bureau knows of.',
  SCORE_NO_GUARANTOR: 'Nobody guarantees your newest instalment credit.',
  SCORE_OTHER_INSTALMENTS: 'You pay instalments at banks or shops already.',
  FIRST_PURCHASE_LIMIT: 'The purchase is more than a first one may be.',
  NEW_MERCHANT_LIMIT: 'The purchase is more than a first one at a shop may be.',
  NEW_DEVICE_LIMIT: 'The purchase is more than a first one from a new device may be.',
  AMOUNT_UNUSUAL: 'The purchase is far larger than those that you have paid off.',
  INCOME_TOO_LOW: 'What you would owe is too much for your income, as the bureau reports it.',
  TOO_MANY_ATTEMPTS: 'You have tried to buy very often in a short time.',
  TOO_MUCH_AT_ONCE: 'You have bought very much in a short time.',
  LIMIT_EXCEEDED: 'The purchase is more than what is left of your spending limit.',
} as const

/** The stable code of a reason. */
export type ReasonCode = keyof typeof REASON_TEXTS

/** True of a text that is one of the codes. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASON_TEXTS, text)
}

/** A reason with its text. */
export function reason(code: ReasonCode): Reason {
  return { code, text: REASON_TEXTS[code] }
}
