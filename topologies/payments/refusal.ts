import type { PaymentCommand, PaymentCommandRefused } from '#schemas'
import { childMeta } from '#schemas'

/** Why a command about payments can be refused. */
export type RefusalCode =
  | 'CARD_EXPIRED'
  | 'CARD_EXPIRY_INVALID'
  | 'PAYMENT_METHODS_FULL'
  | 'NOTHING_OWED'
  | 'PAYMENT_METHOD_UNKNOWN'
  | 'CURRENCY_MISMATCH'
  | 'AMOUNT_INVALID'
  | 'AMOUNT_TOO_LARGE'
  | 'PAYMENT_IN_FLIGHT'
  | 'PAYMENT_UNKNOWN'
  | 'CHARGE_BACK_UNKNOWN'
  | 'CHARGE_BACK_TOO_LARGE'

/** The event of a refused command; nothing else changes. `detail` says what to do instead. */
export function refusal(command: PaymentCommand, code: RefusalCode, detail: string): PaymentCommandRefused {
  const meta = childMeta('payments', command, 'PaymentCommandRefused')
  return { type: 'PaymentCommandRefused', meta, consumerId: command.consumerId, command: command.type, code, detail }
}
