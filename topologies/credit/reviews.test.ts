/** A person looks at a refusal: who may ask, who may decide, and what an overturned refusal is good for. */
import { describe, expect, test } from 'vitest'
import type { ClaimReview, DecideReview, RequestReview } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import { HOUR, kyc, overdue, registered, report, request, T0, tick } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const DAY = 24 * HOUR
const credit = creditDecider(fixedRules(CREDIT_POLICY))
const at = (no: number, amountMinor: number, time: number, over: object = {}) => {
  const { meta, ...rest } = request(no, amountMinor, over)
  return { ...rest, meta: { ...meta, occurredAt: time } }
}
/** A consumer with a limit of 600.00 whose purchase of 700.00 was refused for it. */
const refused = given(credit, 'con_1').after(registered(), kyc('APPROVED'), report(550), request(1, 70_000))
const decisionId = refused.state.refusals[0]?.decisionId ?? ''
const head = (name: string, time: number) => ({
  meta: { ...request(1, 1).meta, id: `cmd_${name}_${time}`, occurredAt: time },
  ...{ consumerId: 'con_1', decisionId },
})
const ask = (time = T0, over: Partial<RequestReview> = {}): RequestReview => ({
  ...{ type: 'RequestReview', ...head('ask', time), statement: 'I earn more now.', ...over },
})
const claim = (reviewer = 'Jo', over: Partial<ClaimReview> = {}): ClaimReview => ({
  ...{ type: 'ClaimReview', ...head(`claim_${reviewer}`, T0), reviewer, ...over },
})
const verdict = (overturned: boolean, over: Partial<DecideReview> = {}): DecideReview => ({
  ...{
    type: 'DecideReview',
    ...head(`decide_${overturned}`, T0),
    reviewer: 'Jo',
    overturned,
    reason: 'Seen.',
    ...over,
  },
})
const refusal = (code: string) => ({ type: 'ReviewCommandRefused' as const, code })
const asked = refused.after(ask())
const allowed = asked.after(claim(), verdict(true))

describe('a request for review', () => {
  test('puts the refusal into the queue with its reasons and a deadline', () => {
    refused.when(ask()).gives({
      type: 'ReviewRequested',
      ...{ decisionId, purchaseId: 'pur_1', amountMinor: 70_000, reasons: ['LIMIT_EXCEEDED'], dueAt: T0 + 14 * DAY },
    })
    expect(asked.dueAt).toBe(T0 + 14 * DAY)
  })

  test('is taken once a decision, within 30 days, and for a refusal only', () => {
    asked.when(ask(T0 + HOUR)).gives(refusal('REVIEW_EXISTS'))
    asked
      .after(claim(), verdict(false))
      .when(ask(T0 + HOUR))
      .gives(refusal('REVIEW_EXISTS'))
    refused.when(ask(T0 + 30 * DAY)).gives({ type: 'ReviewRequested' })
    refused.when(ask(T0 + 30 * DAY + 1)).gives(refusal('REVIEW_TOO_LATE'))
    refused.when(ask(T0, { decisionId: 'dec_other' })).gives(refusal('REVIEW_DECISION_UNKNOWN'))
    const approved = given(credit, 'con_1').after(registered(), kyc('APPROVED'), report(550), request(1, 100))
    approved.when(ask()).gives(refusal('REVIEW_DECISION_UNKNOWN'))
  })

  test('that nobody decides is told of once when its time is over, and stays open', () => {
    asked.when(tick(T0 + 14 * DAY - 1)).givesNothing()
    const late = asked.when(tick(T0 + 14 * DAY))
    late.gives({ type: 'ReviewOverdue', decisionId })
    const overdue = asked.given(...late.events)
    expect(overdue.dueAt).toBeNull()
    overdue.after(claim()).when(verdict(true)).gives({ type: 'ReviewDecided', overturned: true })
  })
})

describe('the staff', () => {
  test('claims before it decides, each review by one person', () => {
    refused.when(claim()).gives(refusal('REVIEW_UNKNOWN'))
    asked.when(verdict(true)).gives(refusal('REVIEW_NOT_CLAIMED'))
    asked.when(claim()).gives({ type: 'ReviewClaimed', reviewer: 'Jo' })
    const claimed = asked.after(claim())
    claimed.when(claim('Kim')).gives(refusal('REVIEW_CLAIMED'))
    claimed.when(verdict(true, { reviewer: 'Kim' })).gives(refusal('REVIEW_NOT_CLAIMED'))
    claimed.when(verdict(true)).gives({ type: 'ReviewDecided', overturned: true, validUntil: T0 + 14 * DAY })
    claimed.when(verdict(false)).gives({ type: 'ReviewDecided', overturned: false, validUntil: null, reason: 'Seen.' })
  })

  test('decides once', () => {
    allowed.when(verdict(false)).gives(refusal('REVIEW_DECIDED'))
    allowed.when(claim()).gives(refusal('REVIEW_DECIDED'))
  })
})

/** The state after the refusal of a purchase was overturned. */
function allowedFor(state: typeof refused, no: number): typeof refused {
  const found = state.state.refusals.find(({ purchaseId }) => purchaseId === `pur_${no}`)
  const of = { decisionId: found?.decisionId ?? '' }
  const id = (name: string) => ({ ...of, meta: { ...head(name, T0).meta, id: `cmd_${name}_${no}` } })
  return state.after(ask(T0, id('ask')), claim('Jo', id('claim')), verdict(true, id('decide')))
}

describe('a refusal that was overturned', () => {
  test('approves one purchase there, and names the review', () => {
    const used = allowed.when(request(2, 70_000))
    used.gives(
      { type: 'PurchaseApproved', rulesHit: ['within-limit', 'm0:SCORE_BUREAU_HISTORY'] },
      { type: 'ExposureChanged' },
    )
    expect(used.events[0]).toMatchObject({ reviewId: allowed.state.refusals[0]?.review?.reviewId })
    allowed
      .after(request(2, 70_000))
      .when(request(3, 70_000))
      .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'LIMIT_EXCEEDED' }] })
  })

  test('can be used to the last moment of its days', () => {
    expect(allowed.when(at(2, 70_000, T0 + 14 * DAY)).events[0]).toMatchObject({ type: 'PurchaseApproved' })
  })

  test('is not used up by a purchase that passes by itself', () => {
    allowed
      .after(request(2, 1_000))
      .when(request(3, 70_000))
      .gives({ type: 'PurchaseApproved' }, { type: 'ExposureChanged' })
    expect(allowed.when(request(2, 1_000)).events[0]).toMatchObject({ reviewId: null })
  })

  test.each([
    ['of more', at(2, 70_001, T0)],
    ['elsewhere', at(2, 70_000, T0, { merchantId: 'mer_2' })],
    ['after its days', at(2, 70_000, T0 + 14 * DAY + 1)],
  ])('does not help a purchase %s', (_what, command) => {
    expect(allowed.when(command).events[0]).toMatchObject({ type: 'PurchaseDeclined' })
  })

  test('waives its own reasons and no others', () => {
    allowed
      .after(kyc('DECLINED', T0 + HOUR))
      .when(request(2, 70_000))
      .gives({
        type: 'PurchaseDeclined',
        reasons: [{ code: 'KYC_REQUIRED' }],
      })
  })

  test('is used where it helps, whatever else was overturned for that merchant', () => {
    const late = request(9, 100)
    const blocked = allowed.after(late, overdue(9, 1, { outstandingMinor: 100 }), request(2, 50_000))
    const both = allowedFor(blocked, 2)
    both.when(request(3, 50_000)).gives({ type: 'PurchaseApproved' }, { type: 'ExposureChanged' })
    // Neither waives what the other does.
    both.when(request(3, 70_000)).gives({ type: 'PurchaseDeclined' })
  })

  test('of a score waives all that lowered it, of which a refusal names four only', () => {
    const attributes = {
      ...{ checkingAccount: 'OVERDRAWN', creditHistory: 'CRITICAL', durationMonths: 48, creditAmount: 12_000 },
      ...{ purpose: 'NEW_CAR', savings: 'BELOW_100', otherDebtors: 'NONE', otherInstalments: 'BANK' },
    }
    const known = given(credit, 'con_1').after(registered(), kyc('APPROVED'), report(null, { attributes }))
    const declined = known.after(request(1, 10_000))
    const [first] = declined.state.refusals
    expect([first?.reasons.length, first?.unnamed.length]).toEqual([4, 3])
    const of = { decisionId: first?.decisionId ?? '' }
    const waived = declined.after(ask(T0, of), claim('Jo', of), verdict(true, of))
    expect(waived.when(request(2, 10_000)).events[0]).toMatchObject({ type: 'PurchaseApproved', amountMinor: 10_000 })
    // What a later report adds has been seen by nobody.
    const { report: seen } = waived.state
    const knockedOut = { ...waived.state, report: seen && { ...seen, delinquencies: 9 } }
    expect(credit.decide(knockedOut, request(2, 10_000), 'con_1')[0]).toMatchObject({
      ...{ type: 'PurchaseDeclined', reasons: [{ code: 'SCORE_DELINQUENCIES' }, {}, {}, {}] },
    })
  })

  test('waives no condition: the rules behind it have not been looked at', () => {
    const unknown = given(credit, 'con_1').after(registered(), report(550), request(1, 70_000))
    const id = unknown.state.refusals[0]?.decisionId ?? ''
    const claimed = unknown.after(ask(T0, { decisionId: id }), claim('Jo', { decisionId: id }))
    claimed.when(verdict(true, { decisionId: id })).gives(refusal('REVIEW_NOT_WAIVABLE'))
    claimed.when(verdict(false, { decisionId: id })).gives({ type: 'ReviewDecided', overturned: false })
    // A refusal that was overturned before this was so.
    const { state } = claimed
    const reviewed = state.refusals.map((one) => ({
      ...one,
      review: one.review && { ...one.review, overturned: true, validUntil: T0 + DAY },
    }))
    const decision = credit.decide({ ...state, refusals: reviewed }, request(2, 70_000), 'con_1')
    expect(decision[0]).toMatchObject({ type: 'PurchaseDeclined', reasons: [{ code: 'KYC_REQUIRED' }] })
  })

  test('helps in nothing where the refusal stands', () => {
    const upheld = asked.after(claim(), verdict(false))
    expect(upheld.when(request(2, 70_000)).events[0]).toMatchObject({ type: 'PurchaseDeclined' })
  })
})

test('refusals are remembered for their time, and those under review beyond it', () => {
  const many = Array.from({ length: 14 }, (_, no) => at(10 + no, 90_000, T0 + no * HOUR))
  const state = asked.after(...many)
  expect(state.state.refusals).toHaveLength(11)
  expect(state.state.refusals[0]).toMatchObject({ decisionId, review: { overturned: null } })
  const later = state.after(at(99, 90_000, T0 + 40 * DAY))
  expect(later.state.refusals.map(({ purchaseId }) => purchaseId)).toEqual(['pur_1', 'pur_99'])
})
