/**
 * What a settlement line posts: against the merchant's payable stands the account of its kind. Sales and returns were
 * posted by the capture and by the plan's refund, so that their lines post nothing.
 */
import type { SettlementLineAdded, SettlementLineKind } from '#schemas'
import { accounts } from './accounts.ts'
import { type Draft, debit, draft } from './draft.ts'

type Contra = readonly [kind: string, account: (merchantId: string) => string]

const CONTRA: Readonly<Partial<Record<SettlementLineKind, Contra>>> = {
  FEE: ['MERCHANT_FEE', () => accounts.merchantFees],
  FEE_REFUND: ['MERCHANT_FEE_REFUNDED', () => accounts.merchantFees],
  COMMISSION: ['COMMISSION', () => accounts.commissions],
  TAX: ['FEE_TAX', () => accounts.tax],
  HOLDBACK: ['HOLDBACK', accounts.merchantReserve],
  RELEASE: ['HOLDBACK_RELEASED', accounts.merchantReserve],
  CHARGE: ['MERCHANT_CHARGE', () => accounts.adjustments],
  CREDIT: ['MERCHANT_CREDIT', () => accounts.adjustments],
  CORRECTION: ['MERCHANT_CORRECTION', () => accounts.adjustments],
}

/** The entry of a line. Signed as the merchant gets it: what lowers the payout debits the payable. */
export function settlementDraft({ kind, merchantId, amountMinor }: SettlementLineAdded): Draft {
  const contra = CONTRA[kind]
  if (contra === undefined) return draft(kind, [])
  const [name, account] = contra
  return draft(name, [
    debit(accounts.merchantPayable(merchantId), -amountMinor),
    debit(account(merchantId), amountMinor),
  ])
}
