/** Inputs of the purchases topology, for its tests. Amounts are minor units of EUR. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import type {
  CapturePurchase,
  ClockTicked,
  Envelope,
  ExtendPurchase,
  PlanAuthorised,
  PlanCancelled,
  PlanCompleted,
  PurchaseDeclined,
  RefundPurchase,
  ReleasePurchase,
  RequestPurchase,
} from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'

/** The business time of the samples, unless they say otherwise. */
export const T0 = dateToMs('2026-03-01')
/** Milliseconds of a day. */
export const DAY = 86_400_000

const ids = { consumerId: 'con_1', purchaseId: 'pur_1', merchantId: 'mer_1' }
const balance = {
  authorisedMinor: 10_000,
  capturedMinor: 0,
  releasedMinor: 0,
  refundedMinor: 0,
  depositMinor: 0,
  holdMinor: 10_000,
  outstandingMinor: 0,
  feesMinor: 0,
  paidMinor: 0,
}

/** An envelope; the id tells one sample from another. */
export function meta(id: string, at: number = T0): Envelope {
  return rootMeta({ source: 'test', id, occurredAt: at, businessDate: msToDate(at) })
}

export const request = (over: Partial<RequestPurchase> = {}): RequestPurchase => ({
  type: 'RequestPurchase',
  meta: meta('cmd_request'),
  ...ids,
  checkoutId: 'chk_1',
  merchantName: 'Kiosk',
  product: 'PAY_IN_4',
  amountMinor: 10_000,
  currency: 'EUR',
  paymentMethodId: 'pm_1',
  merchantReference: 'order 7',
  terms: { feeBps: 400, feeFixedMinor: 30, settlementDays: 2, refundPolicy: null, authorisationDays: null },
  payoutAccount: 'acct_1',
  deviceId: null,
  ...over,
})

export const authorised = (over: Partial<PlanAuthorised> = {}): PlanAuthorised => {
  const { type: _type, paymentMethodId: _method, ...order } = request()
  return { ...order, type: 'PlanAuthorised', meta: meta('evt_plan'), planId: 'pln_1', balance, ...over }
}

export const declined = (...codes: readonly string[]): PurchaseDeclined => ({
  type: 'PurchaseDeclined',
  meta: meta('evt_declined'),
  ...ids,
  decisionId: 'dec_1',
  checkoutId: 'chk_1',
  merchantName: 'Kiosk',
  product: 'PAY_IN_4',
  amountMinor: 10_000,
  currency: 'EUR',
  limitMinor: 0,
  exposureMinor: 0,
  availableMinor: 0,
  score: null,
  policyVersion: 'p1',
  modelVersion: 'm0',
  features: {},
  rulesHit: [],
  scoreBase: null,
  deviceId: null,
  variant: 'CHAMPION',
  shadow: null,
  factors: [],
  reasons: codes.map((code) => ({ code, text: code, texts: {} })),
  counterOfferMinor: null,
})

export const cancelled = (cause: string): PlanCancelled => ({
  type: 'PlanCancelled',
  meta: meta('evt_cancelled'),
  ...ids,
  planId: 'pln_1',
  currency: 'EUR',
  checkoutId: 'chk_1',
  amountMinor: 10_000,
  cause,
  declineCode: 'card_declined',
  balance,
})

export const completed = (): PlanCompleted => ({
  type: 'PlanCompleted',
  meta: meta('evt_completed'),
  ...ids,
  planId: 'pln_1',
  currency: 'EUR',
  balance,
})

export const capture = (
  captureId: string,
  amountMinor: number,
  over: Partial<CapturePurchase> = {},
): CapturePurchase => ({
  type: 'CapturePurchase',
  meta: meta(`cmd_${captureId}`),
  ...ids,
  captureId,
  amountMinor,
  currency: 'EUR',
  ...over,
})

export const release = (releaseId: string, amountMinor: number | null): ReleasePurchase => ({
  type: 'ReleasePurchase',
  meta: meta(`cmd_${releaseId}`),
  ...ids,
  releaseId,
  amountMinor,
})

export const extend = (expiresAt: number, at: number = T0): ExtendPurchase => ({
  type: 'ExtendPurchase',
  meta: meta(`cmd_extend_${expiresAt}_${at}`, at),
  ...ids,
  expiresAt,
})

export const refund = (refundId: string, amountMinor: number, over: Partial<RefundPurchase> = {}): RefundPurchase => ({
  type: 'RefundPurchase',
  meta: meta(`cmd_${refundId}`),
  ...ids,
  refundId,
  captureId: null,
  amountMinor,
  currency: 'EUR',
  reason: null,
  ...over,
})

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})
