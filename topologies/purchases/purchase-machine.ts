/** The states of a purchase and what leads from one to another, as data. What a merchant may ask is in lifecycle.ts. */
import { isLegal, type StateMachine } from '#domain/state-machine.ts'
import type { PurchaseEvent, PurchaseState, PurchaseStatus } from '#schemas'
import { StreamsError } from '#streams'
import { isPurchaseEvent, type PurchaseFact } from './facts.ts'

/** What moves a purchase. A refused command and an outcome that is only kept for later move nothing, in any state. */
type PurchaseMove = Exclude<PurchaseEvent['type'], 'PurchaseCommandRefused'>

/** What may happen to a purchase. A refund changes no state, nor does a dispute, which has a machine of its own. */
export const purchaseMachine: StateMachine<PurchaseStatus, PurchaseMove> = {
  name: 'purchase',
  initial: 'NEW',
  transitions: {
    NEW: { PurchaseRequested: ['PENDING'] },
    PENDING: { PurchaseAuthorised: ['AUTHORISED'], PurchaseRejected: ['REJECTED'] },
    AUTHORISED: {
      PurchaseCaptured: ['PARTLY_CAPTURED', 'CAPTURED'],
      PurchaseReleased: ['AUTHORISED', 'VOIDED', 'EXPIRED'],
      PurchaseExtended: ['AUTHORISED'],
    },
    PARTLY_CAPTURED: {
      PurchaseCaptured: ['PARTLY_CAPTURED', 'CAPTURED'],
      PurchaseReleased: ['PARTLY_CAPTURED', 'CAPTURED'],
      PurchaseExtended: ['PARTLY_CAPTURED'],
      PurchaseRefunded: ['PARTLY_CAPTURED'],
      ...disputed('PARTLY_CAPTURED'),
    },
    CAPTURED: { PurchaseRefunded: ['CAPTURED'], PurchaseCompleted: ['COMPLETED'], ...disputed('CAPTURED') },
    COMPLETED: { PurchaseRefunded: ['COMPLETED'], ...disputed('COMPLETED') },
    REJECTED: {},
    VOIDED: {},
    EXPIRED: {},
  },
}

/** A captured purchase stays what it is while it is disputed. */
function disputed(status: PurchaseStatus) {
  const same = [status]
  return { DisputeOpened: same, DisputeEvidenceSubmitted: same, DisputeDecided: same }
}

/**
 * The state after a fact, where the machine has that step.
 * @throws StreamsError TRANSITION_ILLEGAL where it has not: a defect, and the record is parked before anything changes.
 */
export function checkedMove(before: PurchaseState, fact: PurchaseFact, after: PurchaseState): PurchaseState {
  if (!isPurchaseEvent(fact) || fact.type === 'PurchaseCommandRefused') return after
  if (isLegal(purchaseMachine, before.status, fact.type, after.status)) return after
  throw new StreamsError(
    'TRANSITION_ILLEGAL',
    `${fact.type} ${fact.meta.id} would lead purchase ${before.purchaseId} from ${before.status} to ` +
      `${after.status}, which the machine of purchases does not have.`,
  )
}
