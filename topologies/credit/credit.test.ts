import { describe, expect, test } from 'vitest'
import { given } from '#streams/testing'
import { credit } from './credit.ts'
import { bureauRequestId, HOUR, kyc, registered, report, request, T0, tick } from './credit-samples.ts'
import type { CreditInput } from './facts.ts'

const at = (...inputs: readonly CreditInput[]) => given(credit, 'con_1').after(...inputs)
const verified = at(registered(), kyc('APPROVED'))
/** A consumer with a limit of 600.00: a bureau score of 550 and nothing against it. */
const limit600 = verified.after(report(550))

describe('the credit report', () => {
  test('is asked for when the identity is confirmed, and once', () => {
    at(registered()).when(kyc('PENDING')).gives({ type: 'KycStatusChanged' })
    at(registered())
      .when(kyc('APPROVED'))
      .gives(
        { type: 'KycStatusChanged' },
        { type: 'BureauReportRequested', requestId: bureauRequestId(1), givenName: 'Lena', country: 'US' },
      )
      .leaves({ kyc: 'APPROVED', inquiry: { requestId: bureauRequestId(1), attempt: 1, answered: false } })
    verified
      .after(kyc('NEEDS_REVIEW'))
      .when(kyc('APPROVED', T0 + HOUR))
      .gives({ type: 'KycStatusChanged' })
    limit600
      .after(kyc('DECLINED'))
      .when(kyc('APPROVED', T0 + HOUR))
      .gives({ type: 'KycStatusChanged' })
  })

  test('is not asked for where no credit is given', () => {
    at(registered({ country: 'AQ' }))
      .when(kyc('APPROVED'))
      .gives({ type: 'KycStatusChanged' })
  })

  test.each([
    [550, 60_000],
    [820, 250_000],
    [399, 0],
  ])('with a score of %i gives a limit of %i', (score, limitMinor) => {
    verified
      .when(report(score))
      .gives(
        { type: 'BureauReported' },
        {
          type: 'LimitChanged',
          limitMinor,
          previousMinor: 0,
          currency: 'USD',
          score,
          policyVersion: 'p2',
          modelVersion: 'm0',
          reason: 'BUREAU_REPORT',
        },
        { type: 'ExposureChanged', limitMinor, availableMinor: limitMinor, holdMinor: 0, blocked: false },
      )
      .leaves({ limitMinor, score, exposure: { availableMinor: limitMinor } })
  })

  test('of a frozen file, or with too many delinquencies, gives none', () => {
    verified
      .when(report(null, { outcome: 'FROZEN' }))
      .gives(
        { type: 'BureauReported' },
        { type: 'LimitChanged', limitMinor: 0, score: null, reason: 'CREDIT_FILE_FROZEN' },
        { type: 'ExposureChanged' },
      )
    verified
      .when(report(900, { delinquencies: 3 }))
      .gives(
        { type: 'BureauReported' },
        { type: 'LimitChanged', limitMinor: 0, score: 660, reason: 'SCORE_DELINQUENCIES' },
        { type: 'ExposureChanged' },
      )
  })

  test('that says something else than before leaves the limit, and is told', () => {
    limit600
      .when(report(820))
      .gives({ type: 'BureauReportsContradicted', fields: ['score'] })
      .leaves({ limitMinor: 60_000 })
  })

  test('that nobody asked for changes nothing', () => {
    verified.when(report(820, { requestId: 'req_other' })).givesNothing()
    at(registered()).when(report(820)).givesNothing()
    at().when(report(820)).givesNothing()
  })

  test('that the bureau cannot give is asked for again, later and later', () => {
    let state = verified
    for (const [index, hours] of [1, 6, 24, 72, 72].entries()) {
      state = state.after(report(null, { outcome: 'UNAVAILABLE', requestId: bureauRequestId(index + 1) }))
      expect(state.dueAt).toBe(T0 + hours * HOUR)
      state.when(tick(T0 + hours * HOUR - 1)).givesNothing()
      const asked = state.when(tick(T0 + hours * HOUR))
      asked.gives({ type: 'BureauReportRequested', requestId: bureauRequestId(index + 2) })
      state = state.given(...asked.events)
      expect(state.dueAt).toBeNull()
    }
    state.when(report(550, { requestId: bureauRequestId(5) })).givesNothing()
    state.when(report(550, { requestId: bureauRequestId(6) })).leaves({ limitMinor: 60_000 })
  })

  test('is not asked for again while the identity is in doubt', () => {
    const doubted = verified.after(report(null, { outcome: 'UNAVAILABLE' }), kyc('DECLINED'))
    expect(doubted.dueAt).toBeNull()
    expect(doubted.after(kyc('APPROVED', T0 + HOUR)).dueAt).toBe(T0 + HOUR)
  })
})

describe('an approval', () => {
  test('holds the amount and says what it was made from', () => {
    limit600
      .when(request(1, 10_000))
      .gives(
        {
          type: 'PurchaseApproved',
          purchaseId: 'pur_1',
          amountMinor: 10_000,
          limitMinor: 60_000,
          exposureBeforeMinor: 0,
          exposureAfterMinor: 10_000,
          score: 550,
          policyVersion: 'p2',
          modelVersion: 'm0',
          features: { amountMinor: 10_000, limitMinor: 60_000, bureauScore: 550, delinquencies: 0, thinFile: 0 },
          rulesHit: ['m0:SCORE_BUREAU_HISTORY'],
        },
        { type: 'ExposureChanged', holdMinor: 10_000, outstandingMinor: 0, feesMinor: 0, availableMinor: 50_000 },
      )
      .leaves({ purchases: [{ purchaseId: 'pur_1', holdMinor: 10_000 }] })
  })

  test('is given to exactly 6 of 50 purchases of 100 on a limit of 600', () => {
    let state = limit600
    const answers = Array.from({ length: 50 }, (_, index) => {
      const decided = state.when(request(index, 10_000))
      state = state.given(...decided.events)
      return decided.events[0]?.type
    })
    expect(answers.filter((type) => type === 'PurchaseApproved')).toHaveLength(6)
    expect(answers.filter((type) => type === 'PurchaseDeclined')).toHaveLength(44)
    expect(state.state.exposure).toMatchObject({ holdMinor: 60_000, availableMinor: 0 })
  })

  test('is the same for the same input and state', () => {
    expect(limit600.when(request(1, 10_000)).events).toEqual(limit600.when(request(1, 10_000)).events)
  })
})

describe('a refusal', () => {
  const inReview = at(registered(), kyc('NEEDS_REVIEW'))
  const poor = verified.after(report(520, { delinquencies: 2, inquiries: 9, oldestAccountMonths: 3 }))
  const knockedOut = verified.after(report(900, { delinquencies: 3, inquiries: 9 }))
  test.each([
    ['nobody is there', at(), request(1, 100), ['CONSUMER_UNKNOWN']],
    ['the amount is nothing', limit600, request(1, 0), ['AMOUNT_INVALID']],
    ['the amount is below nothing', limit600, request(1, -100), ['AMOUNT_INVALID']],
    ['the identity was never checked', at(registered()), request(1, 100), ['KYC_REQUIRED']],
    ['the identity was declined', at(registered(), kyc('DECLINED')), request(1, 100), ['KYC_REQUIRED']],
    ['the check has expired', at(registered(), kyc('EXPIRED')), request(1, 100), ['KYC_REQUIRED']],
    ['the check is running', at(registered(), kyc('PENDING')), request(1, 100), ['KYC_IN_REVIEW']],
    ['a person looks at the identity', inReview, request(1, 100), ['KYC_IN_REVIEW']],
    ['the approval was overturned', limit600.after(kyc('DECLINED')), request(1, 100), ['KYC_REQUIRED']],
    [
      'no credit is given in the country',
      at(registered({ country: 'AQ' }), kyc('APPROVED')),
      request(1, 100),
      ['COUNTRY_NOT_SUPPORTED'],
    ],
    ['the limit is in another currency', limit600, request(1, 100, { currency: 'EUR' }), ['CURRENCY_NOT_SUPPORTED']],
    [
      'the bureau could not answer',
      verified.after(report(null, { outcome: 'UNAVAILABLE' })),
      request(1, 100),
      ['CREDIT_REPORT_PENDING'],
    ],
    [
      'the file is frozen',
      verified.after(report(null, { outcome: 'FROZEN' })),
      request(1, 100),
      ['CREDIT_FILE_FROZEN'],
    ],
    ['the limit is reached', limit600, request(1, 60_001), ['LIMIT_EXCEEDED']],
    ['the bureau score is weak', verified.after(report(399)), request(1, 100), ['SCORE_BUREAU_HISTORY']],
    [
      'much lowers the score, the heaviest first',
      poor,
      request(1, 100),
      ['SCORE_DELINQUENCIES', 'SCORE_BUREAU_HISTORY', 'SCORE_INQUIRIES', 'SCORE_SHORT_HISTORY'],
    ],
    ['delinquencies rule out credit', knockedOut, request(1, 100), ['SCORE_DELINQUENCIES', 'SCORE_INQUIRIES']],
  ])('names its reasons where %s', (_what, state, command, codes) => {
    const decided = state.when(command)
    expect(decided.events[0]).toMatchObject({ type: 'PurchaseDeclined', reasons: codes.map((code) => ({ code })) })
    expect(decided.state.purchases).toEqual(state.state.purchases)
    expect(decided.state.exposure).toEqual(state.state.exposure)
  })

  test('has a text for each reason and at most four of them', () => {
    const [event] = poor.when(request(1, 100)).events
    const reasons = event?.type === 'PurchaseDeclined' ? event.reasons : []
    expect(reasons).toHaveLength(4)
    for (const { text } of reasons) expect(text).toMatch(/^[A-Z].*\.$/)
  })

  test('for the limit offers what would pass, where that is worth it', () => {
    limit600.when(request(1, 60_001)).gives({
      type: 'PurchaseDeclined',
      counterOfferMinor: 60_000,
      availableMinor: 60_000,
      exposureMinor: 0,
      rulesHit: ['within-limit', 'm0:SCORE_BUREAU_HISTORY'],
    })
    const offered = limit600.when(request(2, 60_000))
    offered.gives({ type: 'PurchaseApproved' }, { type: 'ExposureChanged', availableMinor: 0 })
    limit600
      .after(request(1, 59_501))
      .when(request(2, 1_000))
      .gives({ type: 'PurchaseDeclined', availableMinor: 499, counterOfferMinor: null })
    limit600
      .after(request(1, 59_500))
      .when(request(2, 1_000))
      .gives({ type: 'PurchaseDeclined', counterOfferMinor: 500 })
    verified.after(report(399)).when(request(1, 100)).gives({ type: 'PurchaseDeclined', counterOfferMinor: null })
  })

  test('answers a second request for a purchase, approved or declined, and changes nothing', () => {
    const again = request(1, 10_000, { meta: { ...request(1, 1).meta, id: 'cmd_again' } })
    for (const state of [limit600.after(request(1, 10_000)), limit600.after(request(1, 70_000))]) {
      const decided = state
        .when(again)
        .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PURCHASE_EXISTS' }], counterOfferMinor: null })
      expect(decided.state.purchases).toEqual(state.state.purchases)
    }
  })

  test('forgets what was decided after two days, but not what is still held', () => {
    const later = T0 + 48 * HOUR
    const state = limit600
      .after(request(1, 10_000), request(2, 70_000))
      .after(request(3, 100, { meta: { ...request(3, 1).meta, occurredAt: later } }))
    expect(state.state.decided.map((one) => one.purchaseId)).toEqual(['pur_3'])
    state.when(request(1, 10_000)).gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PURCHASE_EXISTS' }] })
  })
})
