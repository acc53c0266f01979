import type { Instalment, InstalmentPaid } from '#schemas'
import { type Projection, patch, type RowChange } from '../projection.ts'

/** An event of a plan that carries its whole schedule. */
type Scheduled = {
  readonly planId: string
  readonly consumerId: string
  readonly currency: string
  readonly instalments: readonly Instalment[]
}

export const instalments: Projection = {
  table: 'instalments',
  key: ['plan_id', 'no'],
  rules: {
    PlanProposed: schedule,
    PlanScheduled: schedule,
    InstalmentPaid: (event) => (event.late ? [...schedule(event), paidLate(event)] : schedule(event)),
    InterestCharged: schedule,
    LateFeeCharged: schedule,
    LateFeeReversed: schedule,
    RefundAllocated: schedule,
    InstalmentMoved: schedule,
    PlanReaged: schedule,
    PlanReworked: schedule,
    PlanChargedOff: schedule,
    PlanChargeOffUndone: schedule,
    InstalmentDelinquent: (event) => patch({ plan_id: event.planId, no: event.instalmentNo, delinquency: event.range }),
    InstalmentDue: (event) => patch({ plan_id: event.planId, no: event.instalmentNo, status: 'DUE' }),
    InstalmentOverdue: (event) => patch({ plan_id: event.planId, no: event.instalmentNo, status: 'OVERDUE' }),
  },
}

function paidLate(event: InstalmentPaid): RowChange {
  return { kind: 'patch', columns: { plan_id: event.planId, no: event.instalmentNo, paid_late: true } }
}

function schedule({ planId, consumerId, currency, instalments }: Scheduled): readonly RowChange[] {
  return instalments.map((instalment) => ({
    kind: 'put',
    columns: {
      plan_id: planId,
      no: instalment.no,
      consumer_id: consumerId,
      currency,
      due_date: instalment.dueDate,
      amount_minor: instalment.amountMinor,
      paid_minor: instalment.paidMinor,
      fees_minor: instalment.feesMinor,
      fees_paid_minor: instalment.feesPaidMinor,
      interest_minor: instalment.interest?.amountMinor ?? 0,
      interest_charged_minor: instalment.interest?.chargedMinor ?? 0,
      interest_paid_minor: instalment.interest?.paidMinor ?? 0,
      interest_from: instalment.interest?.from ?? null,
      interest_to: instalment.interest?.to ?? null,
      status: instalment.status,
      delinquency: instalment.delinquency,
    },
  }))
}
