/**
 * The posting rules: one function a money event, and nothing else posts. Debits are positive, credits negative.
 * An event that is not here moves no money of ours: a hold is memo only, and a ReturnDue for a refund or an overpayment
 * was posted to the consumer's credit by the event before it.
 */
import { deriveId } from '#domain/ids.ts'
import { sumMinor } from '#domain/money.ts'
import {
  childMeta,
  type InstalmentPaid,
  type InterestCharged,
  type LateFeeCharged,
  type LateFeeReversed,
  type LedgerEntryPosted,
  type PaymentChargedBack,
  type PaymentEvent,
  type PaymentReturned,
  type PayoutPaid,
  type PlanChargedOff,
  type PlanChargeOffUndone,
  type PlanEvent,
  type PlanReworked,
  type PlanScheduled,
  type PlanWrittenOff,
  type Posting,
  type PurchaseCaptured,
  type PurchaseEvent,
  type RefundAllocated,
  type ReturnDue,
  type SettlementEvent,
  type SettlementLineAdded,
} from '#schemas'
import { StreamsError } from '#streams'
import { accounts } from './accounts.ts'
import { credit, type Draft, debit, draft } from './draft.ts'
import { settlementDraft } from './settlement-entries.ts'

/** Every event of the topics the ledger reads. */
export type LedgerInput = PurchaseEvent | PlanEvent | PaymentEvent | SettlementEvent

type Rules = { readonly [T in LedgerInput['type']]?: (event: Extract<LedgerInput, { type: T }>) => Draft }

const rules: Rules = {
  PurchaseCaptured: (e: PurchaseCaptured) =>
    draft('CAPTURE', [
      debit(accounts.receivable(e.consumerId), e.amountMinor),
      credit(accounts.merchantPayable(e.merchantId), e.amountMinor),
    ]),
  PlanScheduled: (e: PlanScheduled) =>
    draft('DEPOSIT_APPLIED', [
      debit(accounts.deposits(e.consumerId), e.depositAppliedMinor),
      credit(accounts.receivable(e.consumerId), e.depositAppliedMinor),
    ]),
  InstalmentPaid: (e: InstalmentPaid) =>
    draft('INSTALMENT_PAID', [
      debit(accounts.cash, e.amountMinor),
      credit(accounts.deposits(e.consumerId), e.depositMinor),
      credit(accounts.receivable(e.consumerId), e.principalMinor),
      credit(accounts.interestReceivable(e.consumerId), e.interestMinor),
      credit(accounts.feeReceivable(e.consumerId), e.feeMinor),
      credit(accounts.recoveries, e.recoveryMinor),
      credit(accounts.consumerCredit(e.consumerId), e.excessMinor),
    ]),
  InterestCharged: (e: InterestCharged) =>
    draft('INTEREST', [
      debit(accounts.interestReceivable(e.consumerId), e.amountMinor),
      credit(accounts.interest, e.amountMinor),
    ]),
  LateFeeCharged: (e: LateFeeCharged) =>
    draft('LATE_FEE', [
      debit(accounts.feeReceivable(e.consumerId), e.amountMinor),
      credit(accounts.lateFees, e.amountMinor),
    ]),
  LateFeeReversed: (e: LateFeeReversed) =>
    draft('LATE_FEE_REVERSED', [
      debit(accounts.lateFees, e.amountMinor),
      credit(accounts.feeReceivable(e.consumerId), e.unpaidMinor),
      credit(accounts.consumerCredit(e.consumerId), e.returnedMinor),
    ]),
  RefundAllocated: (e: RefundAllocated) =>
    draft('REFUND', [
      debit(accounts.merchantPayable(e.merchantId), e.amountMinor),
      debit(accounts.interest, e.interestReversedMinor),
      credit(accounts.receivable(e.consumerId), e.reducedMinor),
      credit(accounts.interestReceivable(e.consumerId), e.interestReducedMinor),
      credit(accounts.recoveries, e.recoveryMinor),
      credit(accounts.consumerCredit(e.consumerId), e.returnedMinor),
    ]),
  ReturnDue: (e: ReturnDue) =>
    draft('DEPOSIT_RETURNED', [
      debit(accounts.deposits(e.consumerId), e.cause === 'DEPOSIT' ? e.amountMinor : 0),
      credit(accounts.consumerCredit(e.consumerId), e.cause === 'DEPOSIT' ? e.amountMinor : 0),
    ]),
  PaymentReturned: (e: PaymentReturned) =>
    draft('PAYMENT_RETURNED', [
      debit(accounts.consumerCredit(e.consumerId), e.amountMinor),
      credit(accounts.cash, e.amountMinor),
    ]),
  PlanReworked: (e: PlanReworked) =>
    draft('REWORK', [
      credit(e.cause === 'CHARGED_BACK' ? accounts.chargeBacks(e.consumerId) : accounts.cash, e.amountMinor),
      debit(accounts.receivable(e.consumerId), e.principalMinor),
      debit(accounts.feeReceivable(e.consumerId), e.feeMinor),
      debit(accounts.interestReceivable(e.consumerId), e.interestMinor),
      credit(accounts.interest, e.interestChargedMinor),
      debit(accounts.deposits(e.consumerId), e.depositMinor),
      debit(accounts.consumerCredit(e.consumerId), e.excessMinor),
      debit(accounts.badDebt, sumMinor([e.chargedOffMinor, e.lossMinor])),
    ]),
  PlanChargedOff: givenUp('CHARGE_OFF'),
  PlanWrittenOff: givenUp('WRITE_OFF'),
  PlanChargeOffUndone: (e: PlanChargeOffUndone) =>
    draft('CHARGE_OFF_UNDONE', [
      debit(accounts.receivable(e.consumerId), e.principalMinor),
      debit(accounts.feeReceivable(e.consumerId), e.feeMinor),
      debit(accounts.interestReceivable(e.consumerId), e.interestMinor),
      debit(accounts.recoveries, e.recoveredMinor),
      credit(accounts.badDebt, e.chargedOffMinor),
    ]),
  SettlementLineAdded: (e: SettlementLineAdded) => settlementDraft(e),
  PaymentChargedBack: (e: PaymentChargedBack) =>
    draft('CHARGE_BACK', [
      debit(accounts.chargeBacks(e.consumerId), e.amountMinor),
      credit(accounts.cash, e.amountMinor),
    ]),
  PayoutPaid: (e: PayoutPaid) =>
    draft('PAYOUT', [
      debit(accounts.merchantPayable(e.merchantId), e.amountMinor),
      credit(accounts.cash, e.amountMinor),
    ]),
}

/** The entry of an event as a list, empty where it moves nothing. @throws as `entryOf` */
export function entriesOf(event: LedgerInput): LedgerEntryPosted[] {
  const entry = entryOf(event)
  return entry === null ? [] : [entry]
}

/**
 * The entry of an event; null where it moves nothing.
 * @throws StreamsError LEDGER_UNBALANCED where the event's parts do not sum to its amount: it is parked for a person.
 */
export function entryOf(event: LedgerInput): LedgerEntryPosted | null {
  const rule = rules[event.type] as ((event: LedgerInput) => Draft) | undefined
  const drafted = rule?.(event)
  if (drafted === undefined || !('currency' in event)) return null
  const postings = drafted.postings.filter((posting) => posting.amountMinor !== 0)
  if (postings.length === 0) return null
  assertBalanced(event, postings)
  return {
    type: 'LedgerEntryPosted',
    meta: childMeta('ledger', event, 'LedgerEntryPosted'),
    entryId: deriveId('ent', event.meta.id),
    kind: drafted.kind,
    currency: event.currency,
    postings,
    purchaseId: 'purchaseId' in event ? event.purchaseId : null,
    planId: 'planId' in event ? event.planId : null,
    merchantId: 'merchantId' in event ? event.merchantId : null,
    consumerId: 'consumerId' in event ? event.consumerId : null,
    bookedOn: null,
  }
}

function assertBalanced(event: LedgerInput, postings: readonly Posting[]): void {
  const sum = sumMinor(postings.map((posting) => posting.amountMinor))
  if (sum === 0) return
  throw new StreamsError(
    'LEDGER_UNBALANCED',
    `${event.type} ${event.meta.id} does not balance: its postings sum to ${sum} minor units. Nothing was posted; ` +
      'find the writer of the event, then replay or discard the parked record.',
  )
}

/** What a plan owes is expected no more. */
function givenUp(kind: string) {
  return (e: PlanChargedOff | PlanWrittenOff): Draft =>
    draft(kind, [
      debit(accounts.badDebt, sumMinor([e.principalMinor, e.interestMinor, e.feeMinor])),
      credit(accounts.receivable(e.consumerId), e.principalMinor),
      credit(accounts.interestReceivable(e.consumerId), e.interestMinor),
      credit(accounts.feeReceivable(e.consumerId), e.feeMinor),
    ])
}
