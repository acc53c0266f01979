/** Giving back: a return goes to the gateway that took its payment, and is tried again where that can help. */
import { PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import { deriveId } from '#domain/ids.ts'
import type { PaymentReturnFailed, PlanPayments, ReturnDue, ReturnFailed, ReturnState, ReturnSucceeded } from '#schemas'
import { childMeta } from '#schemas'
import type { Cause, PaymentRule } from './charges.ts'
import type { PaymentFact } from './payments-state.ts'
import { nextAttemptOn } from './retry-schedule.ts'

/** Begins a return, once. A payment the gateway never collected cannot be given back: a person has to look. */
export function openReturn(due: ReturnDue): PaymentRule {
  return (plan) => {
    const { returnId, paymentId, amountMinor, meta } = due
    if (plan.returns.some((known) => known.returnId === returnId)) return []
    const paid = plan.payments.find((payment) => payment.paymentId === paymentId)
    const gatewayRef = paid?.gatewayRef ?? null
    const gateway = paid?.gateway ?? PRIMARY_GATEWAY
    const opened: ReturnState = {
      ...{ returnId, paymentId, amountMinor, gatewayRef: gatewayRef ?? '', attempt: 0, requestId: '' },
      gateway,
      ...{ status: 'WAITING', nextAttemptOn: meta.businessDate },
    }
    const begin: PaymentFact = { type: 'ReturnOpened', return: opened }
    return gatewayRef === null ? [begin, failure(plan, due, opened, 'payment_unknown')] : [begin]
  }
}

/** Asks the gateway for the returns whose day has come. */
export function requestReturns(cause: Cause, today: string): PaymentRule {
  return (plan) =>
    plan.returns
      .filter(({ status, nextAttemptOn: on }) => status === 'WAITING' && on !== null && on <= today)
      .map((it): PaymentFact => {
        const attempt = it.attempt + 1
        const { returnId, paymentId, gatewayRef, amountMinor, gateway } = it
        return {
          type: 'ReturnRequested',
          meta: childMeta('payments', cause, 'ReturnRequested', returnId, attempt),
          requestId: deriveId('req', returnId, attempt),
          ...{ consumerId: plan.consumerId, returnId, paymentId, planId: plan.planId },
          ...{ gatewayRef, amountMinor, currency: plan.currency, attempt, gateway },
        }
      })
}

/** The money is back. A result of another attempt than the one under way changes nothing. */
export function returned(result: ReturnSucceeded): PaymentRule {
  return (plan) =>
    underWay(plan, result).map(({ returnId, paymentId, amountMinor, gateway }) => {
      const { consumerId, planId, currency } = plan
      const meta = childMeta('payments', result, 'PaymentReturned', returnId)
      const back = { consumerId, returnId, paymentId, planId, amountMinor, currency }
      return { type: 'PaymentReturned', meta, ...back, gatewayRef: result.gatewayRef, gateway }
    })
}

/** The money is not back: another attempt follows a soft failure, as long as the schedule has one. */
export function returnFailed(result: ReturnFailed): PaymentRule {
  return (plan) =>
    underWay(plan, result).map((it): PaymentFact => {
      const { declineClass, declineCode, meta } = result
      const next = nextAttemptOn({ kind: 'RETURN', declineClass, attempt: it.attempt, today: meta.businessDate })
      if (next === null) return failure(plan, result, it, declineCode)
      return { type: 'ReturnDelayed', returnId: it.returnId, nextAttemptOn: next }
    })
}

function underWay(plan: PlanPayments, result: ReturnSucceeded | ReturnFailed): ReturnState[] {
  return plan.returns.filter(({ requestId, status }) => requestId === result.requestId && status === 'IN_FLIGHT')
}

function failure(plan: PlanPayments, cause: Cause, it: ReturnState, declineCode: string): PaymentReturnFailed {
  const { returnId, paymentId, amountMinor } = it
  const { consumerId, planId, currency } = plan
  const meta = childMeta('payments', cause, 'PaymentReturnFailed', returnId)
  const back = { consumerId, returnId, paymentId, planId, amountMinor, currency }
  return { type: 'PaymentReturnFailed', meta, ...back, declineCode }
}
