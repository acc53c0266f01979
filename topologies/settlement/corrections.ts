/** Lines that the operator adds by hand: charges, credits and corrections. */
import { dayIn } from '#domain/zone-day.ts'
import {
  type CorrectSettlement,
  childMeta,
  type SettlementCommandRefused,
  type SettlementLineAdded,
  type SettlementState,
} from '#schemas'
import { book } from './book.ts'
import { notBefore } from './lines.ts'

type Refusal = readonly [code: string, detail: string]

/** The line of a correction, settled with the next day that closes; or why there is none. */
export function correct(
  state: SettlementState,
  command: CorrectSettlement,
): readonly (SettlementLineAdded | SettlementCommandRefused)[] {
  const { payoutAccount, timeZone, closedThrough } = state
  const { kind, amountMinor, currency, purchaseId, captureId, refundId, note, meta } = command
  const refusal = whyNot(state, command)
  if (refusal !== null || payoutAccount === null) {
    const [code, detail] = refusal ?? NOTHING_SETTLED
    const child = childMeta('settlement', command, 'SettlementCommandRefused')
    const refused = { type: 'SettlementCommandRefused', meta: child, merchantId: state.merchantId } as const
    return [{ ...refused, command: command.type, code, detail }]
  }
  const settleOn = notBefore(dayIn(timeZone, meta.occurredAt), closedThrough)
  const names = { purchaseId, captureId, refundId, disputeId: null, note, releaseOn: null }
  const signed = kind === 'CHARGE' ? -amountMinor : amountMinor
  const booking = { kind, amountMinor: signed, ...names, settleOn, timeZone, key: kind }
  return book(state, command, [booking], { currency, payoutAccount })
}

const NOTHING_SETTLED: Refusal = [
  'SETTLEMENT_NOTHING_YET',
  'The merchant has had no capture or refund yet, so that nothing can be corrected.',
]

function whyNot(state: SettlementState, { kind, amountMinor, currency }: CorrectSettlement): Refusal | null {
  if (kind !== 'CHARGE' && kind !== 'CREDIT' && kind !== 'CORRECTION') {
    return ['CORRECTION_KIND_INVALID', `A ${kind} comes from an event only; use CHARGE, CREDIT or CORRECTION.`]
  }
  if (state.currency === null) return NOTHING_SETTLED
  if (state.currency !== currency) {
    return ['CURRENCY_MISMATCH', `The merchant settles in ${state.currency}, not in ${currency}.`]
  }
  if (!Number.isSafeInteger(amountMinor) || amountMinor === 0 || (amountMinor < 0 && kind !== 'CORRECTION')) {
    return ['AMOUNT_INVALID', 'Give whole minor units above 0; a CORRECTION may also be below.']
  }
  return null
}
