/** Undoing: the plan is worked out again without what is undone, and says how much more is owed than before. */
import { later } from '#domain/calendar.ts'
import { daysLate, lateOn, rangeOf } from '#domain/delinquency.ts'
import { charged, withoutMore } from '#domain/instalment-interest.ts'
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { Instalment, InstalmentState, PaymentChargedBack, PlanPayment, PlanState } from '#schemas'
import { StreamsError } from '#streams'
import { feesOwed, owedBackMinor, owedMinor, principalOwed } from './balance.ts'
import { GRACE_DAYS } from './delinquency.ts'
import { interestChargedOn, interestOwedOn } from './monthly-plan.ts'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { isBadDebt } from './plan-refusal.ts'
import { asPaid, instalmentOf } from './plan-rows.ts'
import { replay } from './replay.ts'

/** What is undone: a movement, or a payment as far as it did not come in after all. */
export type Undoing = {
  readonly reworkId: string
  readonly cause: 'CHARGED_BACK' | 'PAYMENT_UNDONE' | 'HARDSHIP_UNDONE'
  readonly undoneId: string | null
  readonly paymentId: string | null
  /** Gone of the payment; 0 where no money moved. */
  readonly amountMinor: number
}

/** Works the plan out again. */
export function rework(plan: PlanState, cause: Cause, undoing: Undoing): ReturnType<PlanRule> {
  const { paymentId, amountMinor, undoneId } = undoing
  const payment = plan.payments.find((known) => known.paymentId === paymentId)
  const goneMinor = Math.min(amountMinor, payment === undefined ? 0 : keptOf(payment))
  const payments = plan.payments.map((known) =>
    known === payment ? { ...known, chargedBackMinor: known.chargedBackMinor + goneMinor } : known,
  )
  const replayed = replay({ ...plan, payments }, undoneId)
  const today = cause.meta.businessDate
  const instalments = withClosed(plan, replayed.instalments).map((row) =>
    withItsInterest(plan, standing(plan, row, today, undoing)),
  )
  const after = { ...plan, ...replayed, payments, instalments }
  const interestOf = (of: (rows: readonly Instalment[]) => number) => of(after.instalments) - of(plan.instalments)
  const [interestMinor, interestChargedMinor] = [interestOf(interestOwedOn), interestOf(interestChargedOn)]
  const more = (part: (row: Instalment) => number) =>
    sumMinor(after.instalments.map(part)) - sumMinor(plan.instalments.map(part))
  const [principalMinor, feeMinor] = [more(principalOwed), more(feesOwed)]
  const isBad = isBadDebt(plan)
  return [
    planEvent(
      plan,
      cause,
      'PlanReworked',
      {
        ...undoing,
        principalMinor: isBad ? 0 : principalMinor,
        feeMinor: isBad ? 0 : feeMinor,
        depositMinor: plan.depositMinor - after.depositMinor,
        depositAppliedMinor: after.depositAppliedMinor,
        excessMinor: owedBackMinor(plan) - owedBackMinor(after),
        interestMinor: isBad ? 0 : interestMinor,
        interestChargedMinor,
        chargedOffMinor: isBad ? principalMinor + feeMinor + interestMinor : 0,
        lossMinor: amountMinor - goneMinor,
        instalments: instalments.map(instalmentOf),
      },
      undoing.reworkId,
    ),
  ]
}

/** A payment that the consumer's bank took back, once. @throws StreamsError PLAN_OUT_OF_STEP for one never taken in. */
export function chargeBack(back: PaymentChargedBack): PlanRule {
  return (plan) => {
    const { chargeBackId: reworkId, paymentId, amountMinor } = back
    if (plan.movements.includes(reworkId)) return []
    if (!plan.payments.some((payment) => payment.paymentId === paymentId)) {
      const amount = `${formatMinor(amountMinor, plan.order.currency)} ${plan.order.currency}`
      throw new StreamsError(
        'PLAN_OUT_OF_STEP',
        `charge-back ${reworkId} takes back ${amount} of payment ${paymentId}, which plan ${plan.planId} never took ` +
          'in; compare payment.events with plan.events, then replay or discard the parked record.',
      )
    }
    return rework(plan, back, { reworkId, cause: 'CHARGED_BACK', undoneId: null, paymentId, amountMinor })
  }
}

/** What is kept of a payment. */
export function keptOf({ collectedMinor, returnedMinor, chargedBackMinor }: PlanPayment): number {
  return collectedMinor - returnedMinor - chargedBackMinor
}

/** Instalments that are none any more (a re-age was undone) stay in the plan, closed and empty. */
function withClosed(plan: PlanState, rows: readonly InstalmentState[]): InstalmentState[] {
  const kept = new Set(rows.map(({ no }) => no))
  const gone = plan.instalments.filter(({ no }) => !kept.has(no))
  const empty = { amountMinor: 0, paidMinor: 0, feesMinor: 0, feesPaidMinor: 0, interest: null }
  return [...rows, ...gone.map((row) => asPaid({ ...row, ...empty }))]
}

/** What is asked for has its interest charged; on a debt that was given up none is to come. */
function withItsInterest(plan: PlanState, row: InstalmentState): InstalmentState {
  if (!isBadDebt(plan)) return row.status === 'DUE' || row.status === 'OVERDUE' ? charged(row) : row
  const rest = withoutMore(row)
  return owedMinor(rest) === 0 ? asPaid(rest) : rest
}

/**
 * Where a row stands today. What owes again because money went away is not late for the time it was paid: it is due
 * from today, if its day has come. What owes again because a re-age was undone is as late as it was.
 */
function standing(plan: PlanState, row: InstalmentState, today: string, { cause }: Undoing): InstalmentState {
  const before = plan.instalments.find(({ no }) => no === row.no)
  if (owedMinor(row) === 0) return asPaid({ ...before, ...row })
  const owesAgain = before?.status === 'PAID'
  if (owesAgain && cause !== 'HARDSHIP_UNDONE') {
    return { ...row, status: row.dueDate <= today ? 'DUE' : 'SCHEDULED', delinquency: null }
  }
  const askedOn = before?.askedOn ?? null
  if (askedOn === null) return { ...row, askedOn, status: 'SCHEDULED', delinquency: null }
  const since = later(row.dueDate, askedOn)
  const status = lateOn(since, GRACE_DAYS, plan.pauses) <= today ? 'OVERDUE' : 'DUE'
  const delinquency = owedMinor(row) === feesOwed(row) ? null : rangeOf(daysLate(since, today, plan.pauses))
  return { ...row, askedOn, status, delinquency: delinquency?.name ?? null }
}
