/** The states of a plan and of its instalments, and what leads from one to another, as data. */
import { isLegal, type StateMachine } from '#domain/state-machine.ts'
import type { InstalmentStatus, PlanState, PlanStatus } from '#schemas'
import { StreamsError } from '#streams'
import type { PlanFact } from './plan-state.ts'

type Move = PlanFact['type']

/** What may happen to a plan. Money that comes for a plan that has ended is taken in, and goes back. */
export const planMachine: StateMachine<PlanStatus, Move> = {
  name: 'plan',
  initial: 'NEW',
  transitions: {
    NEW: { PlanOpened: ['NEW'], PlanProposed: ['PROPOSED'], PlanCancelled: ['CANCELLED'] },
    PROPOSED: {
      InstalmentDue: ['PROPOSED'],
      InstalmentPaid: ['PROPOSED'],
      ReturnDue: ['PROPOSED'],
      PlanAuthorised: ['AUTHORISED'],
      PlanCancelled: ['CANCELLED'],
      PlanReworked: ['PROPOSED'],
      PlanCommandRefused: ['PROPOSED'],
    },
    AUTHORISED: {
      PlanScheduled: ['AUTHORISED'],
      PlanReleased: ['AUTHORISED'],
      InstalmentDue: ['AUTHORISED'],
      InterestCharged: ['AUTHORISED'],
      InstalmentOverdue: ['AUTHORISED'],
      LateFeeCharged: ['AUTHORISED'],
      InstalmentPaid: ['AUTHORISED'],
      RefundAllocated: ['AUTHORISED'],
      ReturnDue: ['AUTHORISED'],
      InstalmentMoved: ['AUTHORISED'],
      InstalmentDelinquent: ['AUTHORISED'],
      PlanPaused: ['AUTHORISED'],
      PlanReaged: ['AUTHORISED'],
      PlanReworked: ['AUTHORISED'],
      FraudReported: ['AUTHORISED'],
      PlanChargedOff: ['CHARGED_OFF'],
      PlanWrittenOff: ['WRITTEN_OFF'],
      LateFeeReversed: ['AUTHORISED'],
      PlanCommandRefused: ['AUTHORISED'],
      PlanCompleted: ['COMPLETED'],
      PlanCancelled: ['CANCELLED'],
    },
    COMPLETED: {
      InstalmentPaid: ['COMPLETED'],
      RefundAllocated: ['COMPLETED'],
      ReturnDue: ['COMPLETED'],
      PlanReworked: ['COMPLETED', 'AUTHORISED'],
      LateFeeReversed: ['COMPLETED'],
      PlanCommandRefused: ['COMPLETED'],
    },
    CANCELLED: {
      InstalmentPaid: ['CANCELLED'],
      ReturnDue: ['CANCELLED'],
      PlanReworked: ['CANCELLED'],
      PlanCommandRefused: ['CANCELLED'],
    },
    CHARGED_OFF: {
      InstalmentDelinquent: ['CHARGED_OFF'],
      InstalmentPaid: ['CHARGED_OFF'],
      RefundAllocated: ['CHARGED_OFF'],
      ReturnDue: ['CHARGED_OFF'],
      PlanReworked: ['CHARGED_OFF'],
      PlanChargeOffUndone: ['AUTHORISED'],
      PlanWrittenOff: ['WRITTEN_OFF'],
      PlanCompleted: ['COMPLETED'],
      PlanCommandRefused: ['CHARGED_OFF'],
    },
    WRITTEN_OFF: {
      InstalmentPaid: ['WRITTEN_OFF'],
      RefundAllocated: ['WRITTEN_OFF'],
      ReturnDue: ['WRITTEN_OFF'],
      PlanReworked: ['WRITTEN_OFF'],
      PlanCommandRefused: ['WRITTEN_OFF'],
    },
  },
}

/** Working a plan out again can leave an instalment anywhere. */
const ANY: readonly InstalmentStatus[] = ['SCHEDULED', 'DUE', 'OVERDUE', 'PAID']

/**
 * What moves an instalment; all else leaves it where it is. A later capture can make one that was paid larger: then it
 * owes again.
 */
export const instalmentMachine: StateMachine<InstalmentStatus, Move> = {
  name: 'instalment',
  initial: 'SCHEDULED',
  transitions: {
    SCHEDULED: {
      PlanScheduled: ['SCHEDULED', 'PAID'],
      InstalmentDue: ['DUE'],
      InstalmentPaid: ['PAID'],
      RefundAllocated: ['PAID'],
      PlanReaged: ['PAID'],
      PlanChargedOff: ['PAID'],
      LateFeeReversed: ['PAID'],
      PlanReworked: ANY,
    },
    DUE: {
      PlanScheduled: ['DUE', 'PAID'],
      InstalmentOverdue: ['OVERDUE'],
      InstalmentPaid: ['PAID'],
      RefundAllocated: ['PAID'],
      PlanReaged: ['PAID'],
      LateFeeReversed: ['PAID'],
      PlanReworked: ANY,
    },
    OVERDUE: {
      PlanScheduled: ['OVERDUE', 'PAID'],
      InstalmentPaid: ['PAID'],
      RefundAllocated: ['PAID'],
      PlanReaged: ['PAID'],
      LateFeeReversed: ['PAID'],
      PlanReworked: ANY,
    },
    PAID: { PlanScheduled: ['PAID', 'SCHEDULED'], PlanChargeOffUndone: ['SCHEDULED'], PlanReworked: ANY },
  },
}

/**
 * The plan after a fact, where the machines have its steps.
 * @throws StreamsError TRANSITION_ILLEGAL where they have not: a defect, and the record is parked before anything
 * changes.
 */
export function checkedMove(before: PlanState, fact: PlanFact, after: PlanState): PlanState {
  assertStep(planMachine, before.planId, fact.type, [before.status, after.status])
  const known = new Map(before.instalments.map((row) => [row.no, row.status]))
  for (const { no, status } of after.instalments) {
    const from = known.get(no)
    if (from !== undefined && (from !== status || fact.type === 'PlanScheduled')) {
      assertStep(instalmentMachine, `${before.planId}, instalment ${no}`, fact.type, [from, status])
    }
  }
  return after
}

function assertStep<State extends string>(
  machine: StateMachine<State, Move>,
  whose: string,
  move: Move,
  [from, to]: readonly [State, State],
): void {
  if (isLegal(machine, from, move, to)) return
  throw new StreamsError(
    'TRANSITION_ILLEGAL',
    `${move} would lead plan ${whose} from ${from} to ${to}, which the machine of the ${machine.name} does not have.`,
  )
}
