/** The instalments of a plan: as it keeps them, and as its events show them. */
import type { Instalment, InstalmentState, PlanState } from '#schemas'

/** An instalment as events show it, without what the plan keeps to itself. */
export function instalmentOf(row: Instalment): Instalment {
  const { no, dueDate, amountMinor, paidMinor, feesMinor, feesPaidMinor, status, delinquency, interest } = row
  return { no, dueDate, amountMinor, paidMinor, feesMinor, feesPaidMinor, status, delinquency, interest }
}

/** An instalment to be, without interest. */
export function openInstalment(no: number, dueDate: string, amountMinor: number): Instalment {
  const nothing = { paidMinor: 0, feesMinor: 0, feesPaidMinor: 0, delinquency: null, interest: null }
  return { no, dueDate, amountMinor, status: 'SCHEDULED', ...nothing }
}

/** An instalment that nothing was done about yet. */
export function freshRow(instalment: Instalment): InstalmentState {
  return { ...instalment, askedOn: null, feeSteps: 0, feeOn: null }
}

/** The plan with these instalments. One that was paid and owes again (a later capture made it larger) begins anew. */
export function withRows(plan: PlanState, instalments: readonly Instalment[]): PlanState {
  const known = new Map(plan.instalments.map((row) => [row.no, row]))
  const rows = instalments.map((instalment) => {
    const row = known.get(instalment.no)
    const owesAgain = row?.status === 'PAID' && instalment.status !== 'PAID'
    return row === undefined || owesAgain ? freshRow(instalment) : { ...row, ...instalment }
  })
  return { ...plan, instalments: rows }
}

/** The plan with one instalment changed. */
export function withRow(plan: PlanState, no: number, change: Partial<InstalmentState>): PlanState {
  return { ...plan, instalments: plan.instalments.map((row) => (row.no === no ? { ...row, ...change } : row)) }
}

/** An instalment on which nothing is owed any more. */
export function asPaid<I extends Instalment>(row: I): I {
  return { ...row, status: 'PAID', delinquency: null }
}
