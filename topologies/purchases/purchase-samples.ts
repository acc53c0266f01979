/** Inputs of the purchases topology, for its tests. Amounts are minor units of EUR. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import type {
  AcceptDispute,
  CapturePurchase,
  ChargeBackDecided,
  ClockTicked,
  DecideDispute,
  Envelope,
  ExtendPurchase,
  OpenDispute,
  PaymentChargedBack,
  PlanAuthorised,
  PlanCancelled,
  PlanCompleted,
  PurchaseDeclined,
  RefundPurchase,
  ReleasePurchase,
  RequestPurchase,
  SubmitDisputeEvidence,
  WithdrawDispute,
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
  interestMinor: 0,
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
  terms: {
    feeBps: 400,
    feeFixedMinor: 30,
    settlementDays: 2,
    refundPolicy: null,
    authorisationDays: null,
    settlement: null,
    monthly: [],
  },
  payoutAccount: 'acct_1',
  deviceId: null,
  firstPaymentMinor: null,
  acceptsDecisionId: null,
  ticketMinMinor: 0,
  monthly: null,
  items: [],
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
  monthly: null,
  shadow: null,
  factors: [],
  reasons: codes.map((code) => ({ code, text: code, texts: {} })),
  counterOfferMinor: null,
  counterFirstPaymentMinor: null,
  reports: [],
  contradiction: null,
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
  items: [],
  ...over,
})

/** A refund by line: `[line, quantity]` of each. */
export const refundItems = (
  refundId: string,
  items: readonly (readonly [line: number, quantity: number])[],
  over: Partial<RefundPurchase> = {},
): RefundPurchase => ({
  ...refund(refundId, 0),
  amountMinor: null,
  items: items.map(([line, quantity]) => ({ line, quantity })),
  ...over,
})

/** The consumer disputes the purchase. */
export const dispute = (disputeId: string, amountMinor: number | null, at: number = T0): OpenDispute => ({
  ...{ type: 'OpenDispute', meta: meta(`cmd_${disputeId}`, at), consumerId: 'con_1', purchaseId: 'pur_1' },
  ...{ disputeId, reason: 'NOT_RECEIVED', note: null, amountMinor },
})

/** The merchant answers a dispute. */
export const evidence = (disputeId: string, at: number = T0): SubmitDisputeEvidence => ({
  ...{ type: 'SubmitDisputeEvidence', meta: meta(`cmd_evidence_${disputeId}_${at}`, at), ...ids, disputeId },
  evidence: 'It was delivered.',
})

/** The merchant accepts a dispute. */
export const acceptDispute = (disputeId: string): AcceptDispute => ({
  ...{ type: 'AcceptDispute', meta: meta(`cmd_accept_${disputeId}`), ...ids, disputeId },
})

/** The consumer withdraws a dispute. */
export const withdrawDispute = (disputeId: string): WithdrawDispute => ({
  ...{ type: 'WithdrawDispute', meta: meta(`cmd_withdraw_${disputeId}`), consumerId: 'con_1', purchaseId: 'pur_1' },
  disputeId,
})

/** The operator decides a dispute. */
export const decideDispute = (disputeId: string, merchantWins: boolean): DecideDispute => ({
  ...{ type: 'DecideDispute', meta: meta(`cmd_decide_${disputeId}`), consumerId: 'con_1', purchaseId: 'pur_1' },
  ...{ disputeId, merchantWins, note: null },
})

const charge = { consumerId: 'con_1', paymentId: 'pay_2', planId: 'pln_1', purchaseId: 'pur_1', currency: 'EUR' }

/** The consumer's bank took a payment back. */
export const chargedBack = (chargeBackId: string, amountMinor: number): PaymentChargedBack => ({
  ...{ type: 'PaymentChargedBack', meta: meta(`evt_${chargeBackId}`), ...charge, chargeBackId, instalmentNo: 2 },
  ...{ amountMinor, reason: 'fraudulent' },
})

/** The network decided on a charge-back. */
export const chargeBackDecided = (chargeBackId: string, won: boolean): ChargeBackDecided => ({
  ...{ type: 'ChargeBackDecided', meta: meta(`evt_${chargeBackId}_${won}`), ...charge, chargeBackId, won },
  amountMinor: 2_500,
})

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})
