/** Inputs about the payments of one plan for tests; day 0 is 1 January 2026. */
import { addDays, dateToMs } from '#domain/calendar.ts'
import type {
  AddPaymentMethod,
  ChargeFailed,
  ChargeSucceeded,
  ClockTicked,
  Envelope,
  Instalment,
  InstalmentDue,
  InstalmentPaid,
  PayInstalment,
  PaymentMethodState,
  RefundAllocated,
  ReturnDue,
  ReturnFailed,
  ReturnSucceeded,
} from '#schemas'
import { rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'

/** The consumer, plan and currency of these tests. */
export const WHO = { consumerId: 'con_1', planId: 'pln_1', currency: 'AUD' }

/** The consumer's card. */
export const CARD: PaymentMethodState = {
  ...{ paymentMethodId: 'pm_1', token: 'tok_1', brand: 'visa', last4: '4242' },
  ...{ expiryMonth: 6, expiryYear: 2027 },
}

/** The date so many days after day 0. */
export function day(days: number): string {
  return addDays('2026-01-01', days)
}

/** The envelope of an input on a day. */
export function on(days: number, id: string): Envelope {
  return rootMeta({ source: 'test', id, occurredAt: dateToMs(day(days)), businessDate: day(days) })
}

/** A card to keep. */
export function addCard(fields: Partial<AddPaymentMethod> = {}): AddPaymentMethod {
  return sampleRecord('AddPaymentMethod', { meta: on(0, 'cmd_add'), ...WHO, ...CARD, ...fields })
}

/** The plan asks for an instalment. */
export function due(days: number, no: number, amountMinor: number, fields: Partial<InstalmentDue> = {}): InstalmentDue {
  const meta = on(days, `evt_due_${no}_${days}`)
  const asked = { instalmentNo: no, amountMinor, paymentMethodId: CARD.paymentMethodId }
  return sampleRecord('InstalmentDue', { meta, ...WHO, ...asked, ...fields })
}

/** The gateway collected. */
export function collected(days: number, requestId: string, amountMinor: number): ChargeSucceeded {
  const meta = on(days, `evt_ok_${requestId}`)
  return sampleRecord('ChargeSucceeded', { meta, ...WHO, requestId, amountMinor, gatewayRef: `ch_${requestId}` })
}

/** The gateway could not collect. */
export function declined(days: number, requestId: string, declineClass: 'SOFT' | 'HARD'): ChargeFailed {
  const meta = on(days, `evt_no_${requestId}`)
  const declineCode = declineClass === 'SOFT' ? 'insufficient_funds' : 'card_declined'
  return sampleRecord('ChargeFailed', { meta, ...WHO, requestId, declineCode, declineClass })
}

/** The consumer pays. */
export function payNow(days: number, paymentId: string, no: number, amountMinor: number): PayInstalment {
  const meta = on(days, `cmd_${paymentId}`)
  const pay = { paymentId, instalmentNo: no, amountMinor, paymentMethodId: CARD.paymentMethodId }
  return sampleRecord('PayInstalment', { meta, ...WHO, ...pay })
}

/** The plan has taken a payment in, and owes this on its instalments now. */
export function applied(days: number, paymentId: string, owed: readonly Owed[]): InstalmentPaid {
  const meta = on(days, `evt_applied_${paymentId}`)
  return sampleRecord('InstalmentPaid', { meta, ...WHO, paymentId, instalments: owed.map(instalment) })
}

/** A refund left this owed. */
export function refundLeft(days: number, refundId: string, owed: readonly Owed[]): RefundAllocated {
  const meta = on(days, `evt_${refundId}`)
  return sampleRecord('RefundAllocated', { meta, ...WHO, refundId, instalments: owed.map(instalment) })
}

/** Money owed back. */
export function returnDue(days: number, returnId: string, paymentId: string, amountMinor: number): ReturnDue {
  return sampleRecord('ReturnDue', { meta: on(days, `evt_${returnId}`), ...WHO, returnId, paymentId, amountMinor })
}

/** The gateway gave back. */
export function gaveBack(days: number, requestId: string): ReturnSucceeded {
  return sampleRecord('ReturnSucceeded', { meta: on(days, `evt_ok_${requestId}`), ...WHO, requestId })
}

/** The gateway could not give back. */
export function notGivenBack(days: number, requestId: string, declineClass: 'SOFT' | 'HARD'): ReturnFailed {
  return sampleRecord('ReturnFailed', { meta: on(days, `evt_no_${requestId}`), ...WHO, requestId, declineClass })
}

/** Business time is midnight of this day. */
export function tick(days: number): ClockTicked {
  return { type: 'ClockTicked', meta: on(days, `tick_${days}`), time: dateToMs(day(days)), date: day(days) }
}

/** What an instalment owes, and where it stands. */
export type Owed = readonly [no: number, owedMinor: number, status?: Instalment['status']]

/** An instalment that owes so much. */
function instalment([no, owedMinor, status]: Owed): Instalment {
  const open = {
    dueDate: day(14 * (no - 1)),
    paidMinor: 0,
    feesMinor: 0,
    feesPaidMinor: 0,
    delinquency: null,
    interest: null,
  }
  return { no, ...open, amountMinor: owedMinor, status: status ?? (owedMinor === 0 ? 'PAID' : 'SCHEDULED') }
}
