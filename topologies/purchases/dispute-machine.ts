/** The states of a dispute and what leads from one to another, as data. WON and LOST are the merchant's view of it. */
import { isLegal, type StateMachine } from '#domain/state-machine.ts'
import type { DisputeDecided, DisputeEvidenceSubmitted, DisputeOpened, DisputeStatus } from '#schemas'
import { StreamsError } from '#streams'

/** What moves a dispute. */
export type DisputeFact = DisputeOpened | DisputeEvidenceSubmitted | DisputeDecided

/** What may happen to a dispute. A decision is final. */
export const disputeMachine: StateMachine<DisputeStatus, DisputeFact['type']> = {
  name: 'dispute',
  initial: 'NEW',
  transitions: {
    NEW: { DisputeOpened: ['OPEN'] },
    OPEN: { DisputeEvidenceSubmitted: ['UNDER_REVIEW'], DisputeDecided: ['WON', 'LOST'] },
    UNDER_REVIEW: { DisputeEvidenceSubmitted: ['UNDER_REVIEW'], DisputeDecided: ['WON', 'LOST'] },
    WON: {},
    LOST: {},
  },
}

/**
 * The state a fact leads to, where the machine has that step.
 * @throws StreamsError TRANSITION_ILLEGAL where it has not: a defect, and the record is parked before anything changes.
 */
export function disputeAfter(before: DisputeStatus, fact: DisputeFact, after: DisputeStatus): DisputeStatus {
  if (isLegal(disputeMachine, before, fact.type, after)) return after
  throw new StreamsError(
    'TRANSITION_ILLEGAL',
    `${fact.type} ${fact.meta.id} would lead dispute ${fact.disputeId} from ${before} to ${after}, which the machine ` +
      'of disputes does not have.',
  )
}
