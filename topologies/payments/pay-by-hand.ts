/** A payment the consumer makes: what may be paid, and what is refused. */
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { PlanPayments } from '#schemas'
import { chargeByHand, type PaymentRule } from './charges.ts'
import type { FundedPay } from './look-up.ts'
import { isBusy, owedOn, roomMinor } from './payments-state.ts'
import { type RefusalCode, refusal } from './refusal.ts'
import type { SplitRefused } from './split-payment.ts'

/** Charges the card, or says why not. A payment that is known already goes its way: the command is a repeat. */
export function payByHand(command: FundedPay): PaymentRule {
  return (plan) => {
    if (plan.payments.some(({ paymentId }) => paymentId === command.paymentId)) return []
    const refused = whyNot(plan, command)
    if (refused !== null) return [refusal(command, ...refused)]
    return command.method === null ? [] : chargeByHand(plan, command, command.method)
  }
}

/** Says why a payment over several plans is not made. */
export function refuseSplit({ command, code, detail }: SplitRefused): PaymentRule {
  return () => [refusal(command, code, detail)]
}

function whyNot(plan: PlanPayments, command: FundedPay): [code: RefusalCode, detail: string] | null {
  const { instalmentNo, amountMinor, currency } = command
  const owedMinor = plan.consumerId === command.consumerId ? owedOn(plan, instalmentNo) : 0
  if (owedMinor === 0)
    return ['NOTHING_OWED', `Nothing is owed on instalment ${instalmentNo} of plan ${command.planId}.`]
  if (command.method === null) {
    return ['PAYMENT_METHOD_UNKNOWN', `There is no payment method ${command.paymentMethodId}; add it first.`]
  }
  if (currency !== plan.currency) return ['CURRENCY_MISMATCH', `The plan is in ${plan.currency}, not in ${currency}.`]
  if (amountMinor < 1)
    return ['AMOUNT_INVALID', `${amountMinor} cannot be paid; give an amount of 1 minor unit or more.`]
  // What is beyond its own instalment pays others, and must not meet a charge of theirs.
  const reaches = plan.owed.filter(({ no }) => no === instalmentNo || amountMinor > owedMinor)
  if (reaches.some(({ no }) => isBusy(plan, no))) return ON_ITS_WAY
  const allMinor = sumMinor(plan.owed.map((it) => it.owedMinor))
  if (amountMinor > allMinor) {
    return [
      'AMOUNT_TOO_LARGE',
      `The plan owes ${formatMinor(allMinor, currency)} ${currency} in all; pay that or less.`,
    ]
  }
  return amountMinor > roomMinor(plan) ? ON_ITS_WAY : null
}

const ON_ITS_WAY: [RefusalCode, string] = [
  'PAYMENT_IN_FLIGHT',
  'A payment for this is on its way; try again when it has come in or failed.',
]
