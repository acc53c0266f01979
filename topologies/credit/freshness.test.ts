/** How fresh a report must be, and each way in which one can fail to come. */
import { describe, expect, test } from 'vitest'
import type { CreditAttributes } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { bureauRequestId, HOUR, kyc, registered, report, request, T0, tick } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const DAY = 24 * HOUR
const MINUTE = HOUR / 60
const bureau = { ...CREDIT_POLICY.bureau, maxAgeDays: 30, waitMinutes: 10 }
const policyWith = (over: Partial<CreditPolicy['bureau']>): CreditPolicy => ({
  ...CREDIT_POLICY,
  caps: { firstPurchase: null, newMerchant: null, newDevice: null, unusual: null },
  bureau: { ...bureau, whenLate: 'DECLINE', lateCap: null, ...over },
})
const consumer = (over: Partial<CreditPolicy['bureau']> = {}) =>
  given(creditDecider(fixedRules(policyWith(over))), 'con_1').after(registered(), kyc('APPROVED'))
const at = (no: number, amountMinor: number, time: number) => {
  const { meta, ...rest } = request(no, amountMinor)
  return { ...rest, meta: { ...meta, occurredAt: time } }
}
const answer = (attempt: number, score: number | null, time: number, over: object = {}) => {
  const news = report(score, { requestId: bureauRequestId(attempt), ...over })
  return { ...news, meta: { ...news.meta, id: `evt_report_${attempt}_${score}_${time}`, occurredAt: time } }
}
const sampleAttributes = (over: Partial<CreditAttributes>): CreditAttributes => ({
  ...{ checkingAccount: null, creditHistory: null, purpose: null, savings: null, otherDebtors: null },
  ...{ otherInstalments: null, durationMonths: null, creditAmount: null },
  ...over,
})
const LATER = T0 + 31 * DAY
const pending = { type: 'PurchaseDeclined' as const, reasons: [{ code: 'CREDIT_REPORT_PENDING' }] }
const unavailable = { outcome: 'UNAVAILABLE' as const }

describe('a purchase without a report', () => {
  test('waits for the one that was asked for, and asks for none twice', () => {
    const waits = consumer().when(request(1, 100))
    waits.gives({ type: 'RequestPurchase' })
    expect(consumer().after(request(1, 100)).dueAt).toBe(T0 + 10 * MINUTE)
    consumer().after(request(1, 100)).when(request(1, 100)).givesNothing()
  })

  test('is decided by it, with the others in their order', () => {
    consumer()
      .after(request(1, 50_000), request(2, 20_000), request(3, 10_000))
      .when(answer(1, 550, T0))
      .gives(
        { type: 'BureauReported' },
        { type: 'LimitChanged', limitMinor: 60_000 },
        { type: 'PurchaseApproved', purchaseId: 'pur_1' },
        { type: 'PurchaseDeclined', purchaseId: 'pur_2', reasons: [{ code: 'LIMIT_EXCEEDED' }] },
        { type: 'PurchaseApproved', purchaseId: 'pur_3' },
        { type: 'ExposureChanged', holdMinor: 60_000 },
      )
      .leaves({ waiting: [] })
  })

  test.each(['DECLINE', 'USE_OLD'] as const)('is refused when its time is over (%s)', (whenLate) => {
    const waits = consumer({ whenLate }).after(request(1, 100))
    waits.when(tick(T0 + 10 * MINUTE - 1)).givesNothing()
    waits
      .when(tick(T0 + 10 * MINUTE))
      .gives(pending)
      .leaves({ waiting: [] })
  })

  test('is refused at once where the bureau cannot answer, and the next ones with it until it is asked again', () => {
    const asked = consumer().after(request(1, 100))
    asked.when(answer(1, null, T0, unavailable)).gives({ type: 'BureauReported' }, pending)
    const without = asked.after(answer(1, null, T0, unavailable))
    without.when(at(2, 100, T0 + HOUR - 1)).gives(pending)
    without.when(at(2, 100, T0 + HOUR)).gives({ type: 'BureauReportRequested' }, { type: 'RequestPurchase' })
  })

  test('that is asked for with another command while it waits is refused, and goes on waiting', () => {
    const waits = consumer().after(request(1, 100))
    const again = { ...request(1, 100), meta: { ...request(1, 100).meta, id: 'cmd_again' } }
    const second = waits.when(again)
    second.gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PURCHASE_EXISTS' }] })
    expect(second.state.waiting).toHaveLength(1)
  })

  test('does not wait where the policy lets none wait', () => {
    consumer({ waitMinutes: 0 }).when(request(1, 100)).gives(pending)
  })
})

describe('a report that is too old', () => {
  const old = (over: Partial<CreditPolicy['bureau']> = {}) => consumer(over).after(answer(1, 550, T0))

  test('is asked for anew by the purchase that needs it', () => {
    old()
      .when(at(1, 100, T0 + 30 * DAY))
      .gives({ type: 'PurchaseApproved' }, { type: 'ExposureChanged' })
    old()
      .when(at(1, 100, LATER))
      .gives({ type: 'BureauReportRequested', requestId: bureauRequestId(2) }, { type: 'RequestPurchase' })
  })

  test('gives way to the fresh one, with its limit', () => {
    old()
      .after(at(1, 50_000, LATER))
      .when(answer(2, 450, LATER))
      .gives(
        { type: 'BureauReported' },
        { type: 'LimitChanged', limitMinor: 30_000, previousMinor: 60_000 },
        { type: 'PurchaseDeclined', score: 450, reasons: [{ code: 'LIMIT_EXCEEDED' }], features: { reportDays: 0 } },
        { type: 'ExposureChanged' },
      )
  })

  test.each([
    ['DECLINE', null, 10_000, pending],
    ['USE_OLD', null, 60_000, { type: 'PurchaseApproved' as const, features: { reportDays: 31 } }],
    ['LOWER_CAP', 100, 10_000, { type: 'PurchaseApproved' as const }],
    [
      'LOWER_CAP',
      100,
      10_001,
      {
        type: 'PurchaseDeclined' as const,
        reasons: [{ code: 'CREDIT_REPORT_OLD' }],
        rulesHit: ['report-old', 'm0:SCORE_BUREAU_HISTORY'],
        counterOfferMinor: 10_000,
      },
    ],
  ] as const)('decides by %s (cap %j) when the fresh one does not come: %i', (whenLate, lateCap, amount, decision) => {
    for (const end of [tick(LATER + 10 * MINUTE), answer(2, null, LATER, unavailable)]) {
      const ended = old({ whenLate, lateCap })
        .after(at(1, amount, LATER))
        .when(end)
      expect(ended.events.find(({ type }) => type.startsWith('Purchase'))).toMatchObject(decision)
      expect(ended.state.waiting).toEqual([])
    }
  })
})

describe('a report that', () => {
  const refused = consumer().after(request(1, 100), tick(T0 + 10 * MINUTE))

  test('comes late sets the limit, and leaves what was decided', () => {
    refused
      .when(answer(1, 550, T0 + HOUR))
      .gives({ type: 'BureauReported' }, { type: 'LimitChanged', limitMinor: 60_000 }, { type: 'ExposureChanged' })
      .leaves({ decided: [{ purchaseId: 'pur_1', approved: false }] })
  })

  test('comes twice changes nothing', () => {
    const known = consumer().after(answer(1, 550, T0))
    known.when(answer(1, 550, T0)).givesNothing()
    known.when(answer(1, 550, T0 + HOUR)).givesNothing()
    known.when(answer(1, null, T0 + HOUR, unavailable)).givesNothing()
    known.when(answer(1, 5_000, T0 + HOUR)).givesNothing()
  })

  test.each([
    ['another score', 900, {}, ['score']],
    ['that the file is frozen', null, { outcome: 'FROZEN', openAccounts: 0 }, ['outcome', 'score', 'openAccounts']],
    [
      'other savings',
      550,
      { attributes: sampleAttributes({ savings: 'BELOW_100' }), monthlyIncomeMinor: 100 },
      ['monthlyIncomeMinor', 'attributes.savings'],
    ],
  ])('says %s the second time is told once, and the first answer stands', (_what, score, over, fields) => {
    const known = consumer().after(answer(1, 550, T0, { providerRef: 'rep_1' }))
    const other = answer(1, score, T0 + HOUR, { ...over, providerRef: 'rep_2' })
    const reference = { bureau: 'primary', requestId: bureauRequestId(1) }
    known
      .when(other)
      .gives({
        ...{ type: 'BureauReportsContradicted', source: 'SAME_BUREAU', rule: 'DECIDE', fields },
        ...{ standing: { ...reference, providerRef: 'rep_1' }, other: { ...reference, providerRef: 'rep_2' } },
      })
      .leaves({ score: 550, limitMinor: 60_000, contradiction: { fields } })
    known.after(other).when(other).givesNothing()
    known
      .after(other)
      .when(request(1, 50_000))
      .gives(
        { type: 'PurchaseApproved', contradiction: { source: 'SAME_BUREAU', fields } },
        { type: 'ExposureChanged' },
      )
  })

  test('contradicts itself does so until the bureau is asked again', () => {
    const known = consumer().after(answer(1, 550, T0), answer(1, 900, T0 + HOUR))
    known
      .after(at(1, 100, LATER))
      .when(answer(2, 600, LATER))
      .leaves({ contradiction: null, score: 600 })
  })

  test.each([
    ['a score above 1000', { score: 5_000 }],
    ['a score below 0', { score: -1 }],
    ['fewer delinquencies than none', { delinquencies: -3 }],
    ['an income below 0', { monthlyIncomeMinor: -1 }],
    ['a credit of less than no months', { attributes: sampleAttributes({ durationMonths: -6 }) }],
    ['a credit below 0', { attributes: sampleAttributes({ creditAmount: -1 }) }],
  ])('has %s counts as no answer, and is asked for again', (_what, over) => {
    const broken = consumer()
      .after(request(1, 100))
      .when(answer(1, 550, T0, over))
    broken.gives({ type: 'BureauReported' }, pending).leaves({ limitMinor: 0, report: null })
    expect(consumer().after(answer(1, 550, T0, over)).dueAt).toBe(T0 + HOUR)
  })

  test('nobody asked for is passed over', () => {
    consumer()
      .when(answer(7, 900, T0))
      .givesNothing()
  })
})
