/** Payments that the consumer's bank takes back, and those that the network gives back to the platform. */
import { deriveId } from '#domain/ids.ts'
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { ChargeBackState, DecideChargeBack, PaymentState, PlanPayments, ReportChargeBack } from '#schemas'
import { childMeta } from '#schemas'
import { newPayment, type PaymentRule } from './charges.ts'
import type { PaymentFact } from './payments-state.ts'
import { type RefusalCode, refusal } from './refusal.ts'

/**
 * Takes note of a charge-back. What a payment was charged back, with what was returned of it, is never more than it
 * was. A charge-back that is known already is a repeat.
 */
export function chargedBack(command: ReportChargeBack): PaymentRule {
  return (plan) => {
    if (plan.chargeBacks.some(({ chargeBackId }) => chargeBackId === command.chargeBackId)) return []
    const payment = plan.payments.find(({ paymentId }) => paymentId === command.paymentId)
    const refused = whyNot(plan, command, payment)
    if (refused !== null || payment === undefined) return refused === null ? [] : [refusal(command, ...refused)]
    const { consumerId, chargeBackId, paymentId, planId, purchaseId, amountMinor, currency, reason } = command
    const meta = childMeta('payments', command, 'PaymentChargedBack', chargeBackId)
    const ids = { consumerId, chargeBackId, paymentId, planId, purchaseId, instalmentNo: payment.instalmentNo }
    return [{ type: 'PaymentChargedBack', meta, ...ids, amountMinor, currency, reason }]
  }
}

/** The network has decided. Money that comes back is a payment of its own, on the instalment it was for. */
export function chargeBackDecided(command: DecideChargeBack): PaymentRule {
  return (plan) => {
    const known = plan.chargeBacks.find(({ chargeBackId }) => chargeBackId === command.chargeBackId)
    if (known === undefined) {
      return [refusal(command, 'CHARGE_BACK_UNKNOWN', `The plan has no charge-back ${command.chargeBackId}.`)]
    }
    const payment = plan.payments.find(({ paymentId }) => paymentId === known.paymentId)
    if (known.status !== 'OPEN' || payment === undefined) return []
    const { chargeBackId, paymentId, purchaseId, amountMinor } = known
    const { consumerId, planId, currency } = plan
    const meta = childMeta('payments', command, 'ChargeBackDecided', chargeBackId)
    const ids = { consumerId, chargeBackId, paymentId, planId, purchaseId }
    const decided: PaymentFact = { type: 'ChargeBackDecided', meta, ...ids, won: command.won, amountMinor, currency }
    return command.won ? [decided, ...moneyBack(plan, command, known, payment)] : [decided]
  }
}

function moneyBack(
  plan: PlanPayments,
  command: DecideChargeBack,
  { chargeBackId, amountMinor }: ChargeBackState,
  charged: PaymentState,
): readonly PaymentFact[] {
  const { consumerId, planId, currency } = plan
  const { instalmentNo, token, gatewayRef, gateway } = charged
  const paymentId = deriveId('pay', chargeBackId, 'won')
  const payment = newPayment({
    ...{ paymentId, instalmentNo, kind: 'MANUAL', causeId: command.meta.id, token, amountMinor, nextAttemptOn: null },
    gateway,
  })
  const meta = childMeta('payments', command, 'PaymentSucceeded', paymentId)
  // No attempt: nothing was charged for it.
  return [
    { type: 'PaymentOpened', payment },
    {
      ...{ type: 'PaymentSucceeded', meta, consumerId, paymentId, planId, instalmentNo, attempt: 0, currency },
      ...{ amountMinor, gatewayRef: gatewayRef ?? '', gateway, groupId: null, parts: [], prepayment: null },
    },
  ]
}

function whyNot(
  plan: PlanPayments,
  { consumerId, paymentId, amountMinor, currency }: ReportChargeBack,
  payment: PaymentState | undefined,
): [code: RefusalCode, detail: string] | null {
  const isCollected = payment?.status === 'SUCCEEDED' || payment?.status === 'APPLIED'
  if (payment === undefined || !isCollected || plan.consumerId !== consumerId) {
    return ['PAYMENT_UNKNOWN', `No payment ${paymentId} was collected for this plan; look at it with the gateway.`]
  }
  if (currency !== plan.currency) return ['CURRENCY_MISMATCH', `The plan is in ${plan.currency}, not in ${currency}.`]
  const left = payment.amountMinor - goneMinor(plan, paymentId)
  if (Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= left) return null
  const most = `${formatMinor(left, currency)} ${currency}`
  return ['CHARGE_BACK_TOO_LARGE', `Of the payment ${most} are left; answer the bank that the rest was returned.`]
}

/** What of a payment was given back, is on its way back, or was charged back. */
function goneMinor(plan: PlanPayments, paymentId: string): number {
  const returned = plan.returns.filter((it) => it.paymentId === paymentId && it.status !== 'FAILED')
  const taken = plan.chargeBacks.filter((it) => it.paymentId === paymentId)
  return sumMinor([...returned, ...taken].map((it) => it.amountMinor))
}
