import { describe, expect, test } from 'vitest'
import type { PurchaseStatus } from '#schemas'
import { given } from '#streams/testing'
import type { PurchaseInput } from './facts.ts'
import { LEGAL } from './lifecycle.ts'
import { purchase } from './purchase.ts'
import * as sample from './purchase-samples.ts'
import {
  authorised,
  cancelled,
  capture,
  completed,
  DAY,
  declined,
  extend,
  refund,
  release,
  request,
  T0,
  tick,
} from './purchase-samples.ts'

const at = (...inputs: readonly PurchaseInput[]) => given(purchase, 'pur_1').after(...inputs)
const authorisedPurchase = at(request(), authorised())
const partlyCaptured = authorisedPurchase.after(capture('cap_1', 6_000))
const captured = partlyCaptured.after(capture('cap_2', 4_000))

/** A purchase in each state. */
const IN_STATE: Readonly<Record<PurchaseStatus, ReturnType<typeof at>>> = {
  NEW: at(),
  PENDING: at(request()),
  AUTHORISED: authorisedPurchase,
  PARTLY_CAPTURED: partlyCaptured,
  CAPTURED: captured,
  COMPLETED: captured.after(completed()),
  REJECTED: at(request(), declined('LIMIT_EXCEEDED')),
  VOIDED: authorisedPurchase.after(release('rel_1', null)),
  EXPIRED: authorisedPurchase.after(tick(T0 + 13 * DAY)),
}

describe('a request', () => {
  test('is noted as pending with all that it says', () => {
    const { type: _type, meta: _meta, ...order } = request()
    at()
      .when(request())
      .gives({ type: 'PurchaseRequested', ...order })
      .leaves({ status: 'PENDING' })
  })

  test('is authorised with its plan, for 13 days', () => {
    at(request())
      .when(authorised())
      .gives({ type: 'PurchaseAuthorised', planId: 'pln_1', amountMinor: 10_000, expiresAt: T0 + 13 * DAY })
      .leaves({ status: 'AUTHORISED', planId: 'pln_1', expiresAt: T0 + 13 * DAY })
  })

  test('is rejected with the reasons of credit', () => {
    at(request())
      .when(declined('LIMIT_EXCEEDED', 'PAYMENT_OVERDUE'))
      .gives({
        type: 'PurchaseRejected',
        cause: 'CREDIT_DECLINED',
        reasons: [{ code: 'LIMIT_EXCEEDED' }, { code: 'PAYMENT_OVERDUE' }],
      })
      .leaves({ status: 'REJECTED' })
  })

  test('is rejected where the first payment fails', () => {
    at(request())
      .when(cancelled('FIRST_PAYMENT_FAILED'))
      .gives({ type: 'PurchaseRejected', cause: 'FIRST_PAYMENT_FAILED', reasons: [{ code: 'FIRST_PAYMENT_FAILED' }] })
  })

  test.each([
    ['authorisation', authorised(), 'PurchaseAuthorised', 'AUTHORISED'],
    ['refusal', declined('KYC_REQUIRED'), 'PurchaseRejected', 'REJECTED'],
    ['failed first payment', cancelled('FIRST_PAYMENT_FAILED'), 'PurchaseRejected', 'REJECTED'],
  ] as const)('that is read after its %s is requested first, and settled at once', (_what, news, type, status) => {
    at().when(news).gives({ type: news.type })
    at(news).when(request()).gives({ type: 'PurchaseRequested' }, { type }).leaves({ status, early: null })
  })

  test('for a checkout that was confirmed before is refused', () => {
    const again = request({ meta: sample.meta('cmd_again') })
    for (const status of Object.keys(IN_STATE) as PurchaseStatus[]) {
      if (status === 'NEW') continue
      const decided = IN_STATE[status].when(again)
      decided.gives({ type: 'PurchaseCommandRefused', code: 'PURCHASE_EXISTS' })
      expect(decided.state).toEqual(IN_STATE[status].state)
    }
  })

  test('leaves the first one alone when credit refuses the second', () => {
    at(request()).when(declined('PURCHASE_EXISTS')).givesNothing()
    at().when(declined('PURCHASE_EXISTS')).givesNothing()
  })

  test('that was settled ignores what comes later', () => {
    authorisedPurchase.when(declined('LIMIT_EXCEEDED')).givesNothing()
    authorisedPurchase.when(authorised()).givesNothing()
    IN_STATE.REJECTED.when(authorised()).givesNothing()
    IN_STATE.VOIDED.when(cancelled('RELEASED')).givesNothing()
    at().when(cancelled('RELEASED')).givesNothing()
  })
})

describe('the table of legal actions', () => {
  const rows = Object.entries(LEGAL).flatMap(([action, states]) =>
    Object.entries(states).map(([status, verdict]) => [action, status as PurchaseStatus, verdict] as const),
  )
  const actions = {
    CapturePurchase: capture('cap_new', 1),
    ReleasePurchase: release('rel_new', 1),
    RefundPurchase: refund('ref_new', 1),
    ExtendPurchase: extend(T0 + 20 * DAY),
  }

  test.each(rows)('%s of a purchase that is %s: %s', (action, status, verdict) => {
    expect(IN_STATE[status].state.status).toBe(status)
    const decided = IN_STATE[status].when(actions[action as keyof typeof actions])
    if (verdict === 'legal') {
      expect(decided.events).toHaveLength(1)
      expect(decided.events[0]?.type).not.toBe('PurchaseCommandRefused')
    } else {
      decided.gives({ type: 'PurchaseCommandRefused', code: verdict, command: action })
      expect(decided.state).toEqual(IN_STATE[status].state)
    }
  })
})

describe('a capture', () => {
  test('of a part leaves the rest open', () => {
    authorisedPurchase
      .when(capture('cap_1', 6_000))
      .gives({
        type: 'PurchaseCaptured',
        amountMinor: 6_000,
        capturedMinor: 6_000,
        releasedMinor: 0,
        authorisedMinor: 10_000,
      })
      .leaves({ status: 'PARTLY_CAPTURED', capturedMinor: 6_000 })
  })

  test('of the rest makes it whole', () => {
    partlyCaptured
      .when(capture('cap_2', 4_000))
      .gives({ type: 'PurchaseCaptured', amountMinor: 4_000, capturedMinor: 10_000 })
      .leaves({ status: 'CAPTURED' })
  })

  test.each([
    ['more than is open', capture('cap_2', 4_001), 'CAPTURE_OVER_AUTHORISED'],
    ['a capture made before', capture('cap_1', 1), 'CAPTURE_EXISTS'],
    ['nothing', capture('cap_2', 0), 'AMOUNT_INVALID'],
    ['less than nothing', capture('cap_2', -5), 'AMOUNT_INVALID'],
    ['a fraction', capture('cap_2', 0.5), 'AMOUNT_INVALID'],
    ['another currency', capture('cap_2', 1, { currency: 'USD' }), 'CURRENCY_MISMATCH'],
    ['another merchant', capture('cap_2', 1, { merchantId: 'mer_2' }), 'MERCHANT_MISMATCH'],
    ['another consumer', capture('cap_2', 1, { consumerId: 'con_2' }), 'PURCHASE_UNKNOWN'],
    ['the time is over', capture('cap_2', 1, { meta: sample.meta('late', T0 + 13 * DAY) }), 'AUTHORISATION_EXPIRED'],
  ])('is refused: %s', (_what, command, code) => {
    partlyCaptured.when(command).gives({ type: 'PurchaseCommandRefused', command: 'CapturePurchase', code })
  })

  test('is still taken in the last millisecond', () => {
    partlyCaptured
      .when(capture('cap_2', 1, { meta: sample.meta('late', T0 + 13 * DAY - 1) }))
      .gives({ type: 'PurchaseCaptured' })
  })
})

describe('a release', () => {
  test('of all that is open, with nothing captured, is a void', () => {
    authorisedPurchase
      .when(release('rel_1', null))
      .gives({ type: 'PurchaseReleased', cause: 'VOIDED', amountMinor: 10_000, releasedMinor: 10_000 })
      .leaves({ status: 'VOIDED' })
  })

  test('of a part leaves the rest authorised, and a void ends it', () => {
    authorisedPurchase
      .when(release('rel_1', 4_000))
      .gives({ type: 'PurchaseReleased', cause: 'RELEASED' })
      .leaves({ status: 'AUTHORISED' })
    authorisedPurchase
      .after(release('rel_1', 4_000))
      .when(release('rel_2', 6_000))
      .gives({ type: 'PurchaseReleased', cause: 'VOIDED', amountMinor: 6_000, releasedMinor: 10_000 })
      .leaves({ status: 'VOIDED' })
  })

  test('of the rest after a capture leaves what is captured', () => {
    partlyCaptured
      .when(release('rel_1', null))
      .gives({
        type: 'PurchaseReleased',
        cause: 'RELEASED',
        amountMinor: 4_000,
        capturedMinor: 6_000,
        releasedMinor: 4_000,
      })
      .leaves({ status: 'CAPTURED' })
  })

  test.each([
    ['more than is open', release('rel_1', 4_001), 'RELEASE_OVER_OPEN'],
    ['nothing', release('rel_1', 0), 'AMOUNT_INVALID'],
    ['another merchant', { ...release('rel_1', 1), merchantId: 'mer_2' }, 'MERCHANT_MISMATCH'],
  ])('is refused: %s', (_what, command, code) => {
    partlyCaptured.when(command).gives({ type: 'PurchaseCommandRefused', command: 'ReleasePurchase', code })
  })

  test('made before is refused', () => {
    partlyCaptured
      .after(release('rel_1', 1))
      .when(release('rel_1', 1))
      .gives({ type: 'PurchaseCommandRefused', code: 'RELEASE_EXISTS' })
  })
})

describe('a refund', () => {
  test('goes over all captures, oldest first, where none is named', () => {
    captured
      .when(refund('ref_1', 7_000))
      .gives({
        type: 'PurchaseRefunded',
        amountMinor: 7_000,
        refundedMinor: 7_000,
        capturedMinor: 10_000,
        captureId: null,
      })
      .leaves({
        status: 'CAPTURED',
        captures: [
          { captureId: 'cap_1', refundedMinor: 6_000 },
          { captureId: 'cap_2', refundedMinor: 1_000 },
        ],
      })
  })

  test('of one capture takes from it alone', () => {
    captured
      .when(refund('ref_1', 4_000, { captureId: 'cap_2' }))
      .gives({ type: 'PurchaseRefunded', captureId: 'cap_2' })
      .leaves({ captures: [{ refundedMinor: 0 }, { refundedMinor: 4_000 }] })
  })

  test('is possible after the purchase is complete, and leaves it complete', () => {
    IN_STATE.COMPLETED.when(refund('ref_1', 10_000)).gives({ type: 'PurchaseRefunded' }).leaves({ status: 'COMPLETED' })
  })

  test.each([
    ['more than was captured', refund('ref_2', 4_001), 'REFUND_OVER_CAPTURED'],
    ['more than its capture', refund('ref_2', 1, { captureId: 'cap_1' }), 'REFUND_OVER_CAPTURED'],
    ['a capture that is not there', refund('ref_2', 1, { captureId: 'cap_9' }), 'CAPTURE_UNKNOWN'],
    ['a refund made before', refund('ref_1', 1), 'REFUND_EXISTS'],
    ['nothing', refund('ref_2', 0), 'AMOUNT_INVALID'],
    ['another currency', refund('ref_2', 1, { currency: 'USD' }), 'CURRENCY_MISMATCH'],
    ['another merchant', refund('ref_2', 1, { merchantId: 'mer_2' }), 'MERCHANT_MISMATCH'],
  ])('is refused: %s', (_what, command, code) => {
    captured
      .after(refund('ref_1', 6_000))
      .when(command)
      .gives({ type: 'PurchaseCommandRefused', command: 'RefundPurchase', code })
  })
})

describe('time', () => {
  test('wakes an open purchase when its authorisation ends, and no other', () => {
    for (const [status, { dueAt }] of Object.entries(IN_STATE)) {
      expect(dueAt, status).toBe(status === 'AUTHORISED' || status === 'PARTLY_CAPTURED' ? T0 + 13 * DAY : null)
    }
  })

  test.each([
    ['nothing is captured', authorisedPurchase, 10_000, 'EXPIRED'],
    ['a part is captured', partlyCaptured, 4_000, 'CAPTURED'],
    ['a part is released', authorisedPurchase.after(release('rel_1', 1_000)), 9_000, 'EXPIRED'],
  ] as const)('releases what is open when the authorisation ends: %s', (_what, state, amountMinor, status) => {
    state.when(tick(T0 + 13 * DAY - 1)).givesNothing()
    state
      .when(tick(T0 + 20 * DAY))
      .gives({ type: 'PurchaseReleased', cause: 'EXPIRED', amountMinor })
      .leaves({ status })
  })

  test('gives each expiry of one tick its own id', () => {
    const other = given(purchase, 'pur_2').after(
      { ...request(), purchaseId: 'pur_2' },
      { ...authorised(), purchaseId: 'pur_2' },
    )
    const late = tick(T0 + 13 * DAY)
    const [first, second] = [authorisedPurchase.when(late).events[0], other.when(late).events[0]]
    expect(first?.meta.id).not.toBe(second?.meta.id)
  })
})

test('a plan that is paid completes a captured purchase, once', () => {
  captured.when(completed()).gives({ type: 'PurchaseCompleted', planId: 'pln_1' }).leaves({ status: 'COMPLETED' })
  IN_STATE.COMPLETED.when(completed()).givesNothing()
  at().when(completed()).givesNothing()
})

describe('an authorisation', () => {
  const days = (authorisationDays: number | null) => ({ ...request().terms, authorisationDays })

  test.each([
    [null, 13],
    [1, 1],
    [180, 180],
  ])('lasts as long as the terms of the merchant say (%s days: %i)', (authorisationDays, lasts) => {
    at(request({ terms: days(authorisationDays) }), authorised())
      .when(tick(T0 + lasts * DAY - 1))
      .givesNothing()
    at(request({ terms: days(authorisationDays) }), authorised())
      .when(tick(T0 + lasts * DAY))
      .gives({ type: 'PurchaseReleased', cause: 'EXPIRED', amountMinor: 10_000 })
  })

  test('that is extended expires on the later day, and not before', () => {
    const extended = authorisedPurchase.after(extend(T0 + 20 * DAY))
    expect(extended.dueAt).toBe(T0 + 20 * DAY)
    extended.when(tick(T0 + 13 * DAY)).givesNothing()
    extended.when(capture('cap_1', 1, { meta: sample.meta('late', T0 + 19 * DAY) })).leaves({ capturedMinor: 1 })
    extended.when(tick(T0 + 20 * DAY)).leaves({ status: 'EXPIRED' })
  })

  test('of which a part is captured can be extended as well', () => {
    partlyCaptured
      .when(extend(T0 + 20 * DAY))
      .gives({ type: 'PurchaseExtended', expiresAt: T0 + 20 * DAY })
      .leaves({ status: 'PARTLY_CAPTURED', expiresAt: T0 + 20 * DAY })
  })

  test.each([
    ['to a day that is not later', extend(T0 + 13 * DAY), 'EXTENSION_NOT_LATER'],
    ['to a day beyond 180 days', extend(T0 + 180 * DAY + 1), 'EXTENSION_TOO_LONG'],
    ['when it has expired', extend(T0 + 20 * DAY, T0 + 13 * DAY), 'AUTHORISATION_EXPIRED'],
    ['by another merchant', { ...extend(T0 + 20 * DAY), merchantId: 'mer_2' }, 'MERCHANT_MISMATCH'],
  ])('is not extended %s', (_what, command, code) => {
    authorisedPurchase
      .when(command)
      .gives({ type: 'PurchaseCommandRefused', code })
      .leaves({ expiresAt: T0 + 13 * DAY })
  })
})
