/** Inputs of a plan for tests: one purchase of one consumer, approved on 1 January 2026. */
import { addDays, dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import type {
  MonthlyTerms,
  MoveInstalmentDate,
  PausePlan,
  PaymentChargedBack,
  Product,
  PurchaseApproved,
  PurchaseCaptured,
  PurchaseRefunded,
  PurchaseReleased,
  ReportFraud,
  ReverseLateFee,
  StartHardship,
  UndoChargeOff,
  UndoHardship,
  UndoPayment,
  WaiveLateFee,
  WriteOffPlan,
} from '#schemas'
import { type ClockTicked, type Instalment, type PaymentFailed, type PaymentSucceeded, rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'

/** The day of the approval: t0 of the schedule. */
const T0 = '2026-01-01'
/** The purchase of these tests. */
const PURCHASE_ID = 'pur_1'
/** Its plan. */
export const PLAN_ID = deriveId('pln', PURCHASE_ID)

const WHO = { consumerId: 'con_1', merchantId: 'mer_1', purchaseId: PURCHASE_ID, currency: 'AUD' }

/** The date so many days after t0. */
export function day(days: number): string {
  return addDays(T0, days)
}

/** Credit approves the purchase. */
export function approved(amountMinor: number, product: Product = 'PAY_IN_4'): PurchaseApproved {
  return sampleRecord('PurchaseApproved', { ...WHO, meta: metaOn('approved', 0), amountMinor, product })
}

/** Credit approves a purchase in monthly instalments: 6 at 9.4822 % on the declining balance, 30/360. */
export function approvedMonthly(amountMinor: number, terms: Partial<MonthlyTerms> = {}): PurchaseApproved {
  const offered = { instalments: 6, interest: 'DECLINING', ratePpm: 94_822, dayCount: 'THIRTY_360' }
  return { ...approved(amountMinor, 'PAY_MONTHLY'), monthly: { ...offered, ...terms } }
}

/** A payment came in on a day; its id says which. */
export function paid(paymentId: string, amountMinor: number, days = 0, instalmentNo = 1): PaymentSucceeded {
  const meta = metaOn(`paid ${paymentId}`, days)
  return sampleRecord('PaymentSucceeded', { ...onPlan(meta), paymentId, amountMinor, instalmentNo, attempt: 1 })
}

/** A payment failed for good. */
export function failed(paymentId: string, days = 0, atCheckout = true): PaymentFailed {
  const meta = metaOn(`failed ${paymentId}`, days)
  const decline = { declineCode: 'card_declined', declineClass: 'HARD' as const }
  return sampleRecord('PaymentFailed', { ...onPlan(meta), ...decline, paymentId, instalmentNo: 1, atCheckout })
}

/** The merchant captured. */
export function captured(captureId: string, amountMinor: number, days = 0): PurchaseCaptured {
  return sampleRecord('PurchaseCaptured', { ...onPurchase(`captured ${captureId}`, days), captureId, amountMinor })
}

/** The merchant gave up what was not captured. */
export function released(releaseId: string, amountMinor: number, days = 0): PurchaseReleased {
  return sampleRecord('PurchaseReleased', { ...onPurchase(`released ${releaseId}`, days), releaseId, amountMinor })
}

/** The merchant refunded. */
export function refunded(refundId: string, amountMinor: number, days = 0): PurchaseRefunded {
  return sampleRecord('PurchaseRefunded', { ...onPurchase(`refunded ${refundId}`, days), refundId, amountMinor })
}

/** The consumer wants to pay an instalment on another day. */
export function moveDate(instalmentNo: number, toDays: number, days: number, hour = 0): MoveInstalmentDate {
  const meta = { ...metaOn(`move ${instalmentNo} ${toDays}`, days), occurredAt: dateToMs(day(days)) + hour * 3_600_000 }
  return sampleRecord('MoveInstalmentDate', { ...onPlan(meta), instalmentNo, dueDate: day(toDays) })
}

/** The consumer reports a return or a problem. */
export function pause(reason: string, days: number, pauseId = 'pau_1'): PausePlan {
  return sampleRecord('PausePlan', { ...onPlan(metaOn(`pause ${pauseId}`, days)), pauseId, reason })
}

/** What is past due is to be paid in parts from a day on. */
export function hardship(hardshipId: string, parts: number, firstDays: number, days: number): StartHardship {
  const meta = metaOn(`hardship ${hardshipId}`, days)
  return sampleRecord('StartHardship', { ...onPlan(meta), hardshipId, parts, firstDue: day(firstDays) })
}

/** A hardship plan is undone. */
export function undoHardship(hardshipId: string, days: number): UndoHardship {
  return sampleRecord('UndoHardship', { ...onPlan(metaOn(`undo ${hardshipId}`, days)), hardshipId })
}

/** A fraud was discovered on a day, and is reported on it or later. */
export function fraud(discoveredDays: number, days = discoveredDays): ReportFraud {
  return sampleRecord('ReportFraud', { ...onPlan(metaOn('fraud', days)), discoveredOn: day(discoveredDays) })
}

/** A charge-off is undone. */
export function undoChargeOff(days: number): UndoChargeOff {
  return sampleRecord('UndoChargeOff', onPlan(metaOn(`undo charge-off ${days}`, days)))
}

/** The plan is written off. */
export function writeOff(days: number): WriteOffPlan {
  return sampleRecord('WriteOffPlan', onPlan(metaOn(`write off ${days}`, days)))
}

/** An operator waives what is not paid of a fee, or a part of it. */
export function waive(feeId: string, amountMinor: number | null, days: number): WaiveLateFee {
  return sampleRecord('WaiveLateFee', { ...onPlan(metaOn(`waive ${feeId} ${days}`, days)), feeId, amountMinor })
}

/** An operator reverses a fee that was a mistake. */
export function reverse(feeId: string, days: number): ReverseLateFee {
  return sampleRecord('ReverseLateFee', { ...onPlan(metaOn(`reverse ${feeId} ${days}`, days)), feeId })
}

/** An operator undoes a payment that never came in. */
export function undoPayment(paymentId: string, days: number): UndoPayment {
  return sampleRecord('UndoPayment', { ...onPlan(metaOn(`undo ${paymentId}`, days)), paymentId })
}

/** The consumer's bank took a payment back, or a part of it. */
export function chargedBack(paymentId: string, amountMinor: number, days: number, id = 'cb_1'): PaymentChargedBack {
  const meta = metaOn(`charged back ${id}`, days)
  return sampleRecord('PaymentChargedBack', { ...onPlan(meta), chargeBackId: id, paymentId, amountMinor })
}

/** Business time is now this hour of this day. */
export function tick(days: number, hour = 0): ClockTicked {
  const date = day(days)
  const time = dateToMs(date) + hour * 3_600_000
  const meta = rootMeta({ source: 'clock', id: `tick ${time}`, occurredAt: time, businessDate: date })
  return { type: 'ClockTicked', meta, time, date }
}

/** A row of a schedule: amount and what of it is paid. */
export function row(no: number, amountMinor: number, change: Partial<Instalment> = {}): Instalment {
  const untouched = {
    paidMinor: 0,
    feesMinor: 0,
    feesPaidMinor: 0,
    status: 'SCHEDULED' as const,
    delinquency: null,
    interest: null,
  }
  return { no, dueDate: day((no - 1) * 14), amountMinor, ...untouched, ...change }
}

function onPurchase(id: string, days: number) {
  return { ...WHO, meta: metaOn(id, days), planId: PLAN_ID }
}

function onPlan(meta: ReturnType<typeof metaOn>) {
  return { meta, consumerId: WHO.consumerId, planId: PLAN_ID, currency: WHO.currency }
}

function metaOn(id: string, days: number) {
  return rootMeta({ source: 'test', id: `evt ${id}`, occurredAt: dateToMs(day(days)), businessDate: day(days) })
}
