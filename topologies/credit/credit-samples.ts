/** Inputs of the credit topology, for its tests. Amounts are minor units of USD. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import type {
  BureauReported,
  ClockTicked,
  ConsumerRegistered,
  ContactVerified,
  Envelope,
  Instalment,
  InstalmentPaid,
  InstalmentStatus,
  KycStatus,
  KycStatusChanged,
  PlanBalance,
  PlanEvent,
  RequestPurchase,
} from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'

/** The business time of the samples, unless they say otherwise. */
export const T0 = dateToMs('2026-03-01')
/** Milliseconds of an hour. */
export const HOUR = 3_600_000

/** An envelope; the id tells one sample from another. */
function meta(id: string, at: number = T0): Envelope {
  return rootMeta({ source: 'test', id, occurredAt: at, businessDate: msToDate(at) })
}

export const registered = (over: Partial<ConsumerRegistered> = {}): ConsumerRegistered => ({
  type: 'ConsumerRegistered',
  meta: meta('evt_registered'),
  consumerId: 'con_1',
  email: 'lena@example.com',
  phone: null,
  givenName: 'Lena',
  familyName: 'Berg',
  dateOfBirth: '1990-05-17',
  country: 'US',
  timeZone: 'America/New_York',
  language: 'en',
  ...over,
})

export const kyc = (status: KycStatus, at: number = T0): KycStatusChanged => ({
  type: 'KycStatusChanged',
  meta: meta(`evt_${status}_${at}`, at),
  consumerId: 'con_1',
  checkId: 'idc_1',
  status,
  previous: 'PENDING',
  final: false,
  reasons: [],
})

export const contactVerified = (purpose: 'EMAIL' | 'PHONE'): ContactVerified => ({
  ...{ type: 'ContactVerified', meta: meta(`evt_verified_${purpose}`), consumerId: 'con_1', codeId: 'cod_1', purpose },
})

/** The id of the `attempt`-th question to the first bureau, or to the one that is named. */
export const bureauRequestId = (attempt: number, ...bureau: readonly string[]) =>
  deriveId('req', 'bureau', 'con_1', attempt, ...bureau)

/** A report with nothing in it that speaks against the consumer but the score. */
export const report = (score: number | null, over: Partial<BureauReported> = {}): BureauReported => ({
  type: 'BureauReported',
  meta: meta(`evt_report_${score}`),
  requestId: bureauRequestId(1),
  consumerId: 'con_1',
  outcome: 'FOUND',
  score,
  openAccounts: 4,
  delinquencies: 0,
  inquiries: 1,
  oldestAccountMonths: 96,
  monthlyIncomeMinor: null,
  providerRef: null,
  attributes: null,
  bureau: 'primary',
  ...over,
})

/** A request for a purchase; its number tells one from another. */
export const request = (no: number, amountMinor: number, over: Partial<RequestPurchase> = {}): RequestPurchase => ({
  type: 'RequestPurchase',
  meta: meta(`cmd_request_${no}`),
  consumerId: 'con_1',
  purchaseId: `pur_${no}`,
  checkoutId: `chk_${no}`,
  merchantId: 'mer_1',
  merchantName: 'Kiosk',
  product: 'PAY_IN_30',
  amountMinor,
  currency: 'USD',
  paymentMethodId: 'pm_1',
  merchantReference: null,
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
  monthly: null,
  items: [],
  ticketMinMinor: 0,
  ...over,
})

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})

const noMoney: PlanBalance = {
  authorisedMinor: 0,
  capturedMinor: 0,
  releasedMinor: 0,
  refundedMinor: 0,
  depositMinor: 0,
  holdMinor: 0,
  outstandingMinor: 0,
  feesMinor: 0,
  paidMinor: 0,
  interestMinor: 0,
}

/** What of a plan counts for exposure. */
export type Owed = Partial<Pick<PlanBalance, 'holdMinor' | 'outstandingMinor' | 'feesMinor'>>

const planOf = (no: number, name: string, owed: Owed) => ({
  meta: meta(`evt_${name}_${no}_${JSON.stringify(owed)}`),
  consumerId: 'con_1',
  merchantId: 'mer_1',
  purchaseId: `pur_${no}`,
  planId: `pln_${no}`,
  currency: 'USD',
  balance: { ...noMoney, ...owed },
})

const instalmentsIn = (statuses: readonly InstalmentStatus[]): readonly Instalment[] =>
  statuses.map((status, index) => ({
    no: index + 1,
    dueDate: '2026-03-15',
    amountMinor: 100,
    paidMinor: status === 'PAID' ? 100 : 0,
    feesMinor: 0,
    feesPaidMinor: 0,
    status,
    delinquency: null,
    interest: null,
  }))

/** A payment for a plan, after which its instalments stand so. */
export const paid = (no: number, owed: Owed, ...statuses: readonly InstalmentStatus[]): InstalmentPaid => ({
  type: 'InstalmentPaid',
  ...planOf(no, 'paid', owed),
  instalmentNo: 1,
  paymentId: 'pay_1',
  amountMinor: 100,
  depositMinor: 0,
  principalMinor: 100,
  interestMinor: 0,
  feeMinor: 0,
  excessMinor: 0,
  shares: [],
  recoveryMinor: 0,
  prepayment: null,
  instalments: instalmentsIn(statuses),
  late: false,
})

export const overdue = (no: number, instalmentNo: number, owed: Owed): PlanEvent => ({
  type: 'InstalmentOverdue',
  ...planOf(no, `overdue_${instalmentNo}`, owed),
  instalmentNo,
  dueDate: '2026-03-15',
  overdueMinor: 100,
  daysLate: 2,
})

export const scheduled = (no: number, owed: Owed, ...statuses: readonly InstalmentStatus[]): PlanEvent => ({
  type: 'PlanScheduled',
  ...planOf(no, 'scheduled', owed),
  captureId: 'cap_1',
  amountMinor: 100,
  depositAppliedMinor: 0,
  instalments: instalmentsIn(statuses),
})

export const lateFee = (no: number, owed: Owed, ...statuses: readonly InstalmentStatus[]): PlanEvent => ({
  type: 'LateFeeCharged',
  ...planOf(no, 'fee', owed),
  instalmentNo: 1,
  feeId: 'fee_1',
  amountMinor: 1_000,
  scheme: 'afterpay-au',
  rule: 'FIRST',
  instalments: instalmentsIn(statuses),
})

export const released = (no: number, owed: Owed): PlanEvent => ({
  type: 'PlanReleased',
  ...planOf(no, 'released', owed),
  releaseId: 'rel_1',
  cause: 'RELEASED',
  amountMinor: 100,
})

export const completed = (no: number, owed: Owed = {}): PlanEvent => ({
  type: 'PlanCompleted',
  ...planOf(no, 'completed', owed),
})

export const cancelled = (no: number): PlanEvent => ({
  type: 'PlanCancelled',
  ...planOf(no, 'cancelled', {}),
  checkoutId: `chk_${no}`,
  amountMinor: 100,
  cause: 'FIRST_PAYMENT_FAILED',
  declineCode: 'card_declined',
})
