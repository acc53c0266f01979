/** Several bureaus: who is asked when, which report decides, and what becomes of those that contradict each other. */
import { describe, expect, test } from 'vitest'
import type { CreditState } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import { openCreditPolicy } from './credit-policy.ts'
import policyFile from './credit-policy-p2.json' with { type: 'json' }
import { bureauRequestId, HOUR, kyc, registered, report, request, T0, tick } from './credit-samples.ts'
import { newCreditState } from './credit-state.ts'
import { fixedRules } from './decision-rules.ts'

const DAY = 24 * HOUR
const MINUTE = HOUR / 60
const FIRST = { name: 'primary', role: 'PRIMARY' }
const BOTH = [FIRST, { name: 'secondary', role: 'BOTH' }]
const FALLBACK = [FIRST, { name: 'secondary', role: 'FALLBACK' }]

const policyWith = (over: object) =>
  openCreditPolicy({ ...policyFile, bureau: { ...policyFile.bureau, waitMinutes: 10, silentMinutes: 3, ...over } })
const deciderOf = (over: object) => creditDecider(fixedRules(policyWith(over)))
const consumer = (over: object) => given(deciderOf(over), 'con_1').after(registered(), kyc('APPROVED'))

const first = (score: number | null, at: number = T0, over: object = {}) =>
  said('primary', bureauRequestId(1), score, at, over)
const second = (score: number | null, at: number = T0, over: object = {}) =>
  said('secondary', bureauRequestId(1, 'secondary'), score, at, over)
function said(bureau: string, requestId: string, score: number | null, at: number, over: object) {
  const news = report(score, { bureau, requestId, providerRef: `${bureau}_ref`, ...over })
  return { ...news, meta: { ...news.meta, id: `evt_${bureau}_${score}_${at}`, occurredAt: at } }
}
const silence = { outcome: 'UNAVAILABLE' as const }
const at = (no: number, amountMinor: number, time: number) => {
  const { meta, ...rest } = request(no, amountMinor)
  return { ...rest, meta: { ...meta, occurredAt: time } }
}
const limit = (limitMinor: number) => ({ type: 'LimitChanged' as const, limitMinor })
const exposure = { type: 'ExposureChanged' as const }

describe('two bureaus that are both asked', () => {
  const asked = consumer({ bureaus: BOTH })

  test('are asked at once, in the order of the policy', () => {
    given(deciderOf({ bureaus: BOTH }), 'con_1')
      .after(registered())
      .when(kyc('APPROVED'))
      .gives(
        { type: 'KycStatusChanged' },
        { type: 'BureauReportRequested', bureau: 'primary', requestId: bureauRequestId(1), attempt: 1 },
        {
          ...{ type: 'BureauReportRequested', bureau: 'secondary', attempt: 1 },
          requestId: bureauRequestId(1, 'secondary'),
        },
      )
  })

  test.each([
    ['the first', first(650), second(550)],
    ['the second', second(550), first(650)],
  ])(
    'decide when both have answered, by the more cautious one, whichever is later: %s is earlier',
    (_which, one, other) => {
      const waits = asked.after(request(1, 60_000))
      waits.when(one).gives({ type: 'BureauReported' }).leaves({ limitMinor: 0, report: null })
      waits
        .after(one)
        .when(other)
        .gives(
          { type: 'BureauReported' },
          limit(60_000),
          {
            ...{ type: 'PurchaseApproved', score: 550, contradiction: null },
            reports: [one, other].map(({ bureau, requestId }) => ({
              ...{ bureau, requestId, providerRef: `${bureau}_ref`, decisive: bureau === 'secondary' },
            })),
          },
          exposure,
        )
    },
  )

  test('decide by the first of the list where the policy says so', () => {
    consumer({ bureaus: BOTH, whenDiffer: 'FIRST' })
      .after(second(550))
      .when(first(650))
      .leaves({ limitMinor: 100_000, reportBureau: 'primary' })
  })

  test.each([
    ['an account past due more', { delinquencies: 1 }],
    ['a frozen file', { outcome: 'FROZEN' as const }],
    ['a thin file', { outcome: 'THIN_FILE' as const, score: null }],
  ])('count %s as the more cautious report', (_what, over) => {
    const both = asked.after(first(650), second(650, T0, over))
    expect(both.state.reportBureau).toBe('secondary')
  })

  test('decide by the one that came where the other cannot answer', () => {
    asked
      .after(request(1, 100), first(650))
      .when(second(null, T0, silence))
      .gives({ type: 'BureauReported' }, limit(100_000), { type: 'PurchaseApproved' }, exposure)
  })

  test('decide without a silent one after some minutes, and take it into account when it comes', () => {
    const waits = asked.after(request(1, 70_000), first(650))
    expect(waits.dueAt).toBe(T0 + 3 * MINUTE)
    waits.when(tick(T0 + 3 * MINUTE - 1)).givesNothing()
    const silent = waits.when(tick(T0 + 3 * MINUTE))
    silent.gives({ type: 'ClockTicked' }, limit(100_000), { type: 'PurchaseApproved' }, exposure)
    waits
      .after(tick(T0 + 3 * MINUTE))
      .when(second(550, T0 + HOUR))
      .gives({ type: 'BureauReported' }, limit(60_000), exposure)
      .leaves({ decided: [{ purchaseId: 'pur_1', approved: true }] })
  })

  test('are both asked again later where neither can answer', () => {
    const without = asked.after(first(null, T0, silence), second(null, T0, silence))
    expect(without.dueAt).toBe(T0 + HOUR)
    without
      .when(tick(T0 + HOUR))
      .gives({ type: 'BureauReportRequested', attempt: 2 }, { type: 'BureauReportRequested', attempt: 2 })
  })

  test('keep the other report while one is asked anew, and leave out what is too old', () => {
    const maxAge = { bureaus: BOTH, maxAgeDays: 30, whenLate: 'DECLINE', lateCap: null }
    const later = T0 + 31 * DAY
    const again = consumer(maxAge).after(first(550), second(650), at(1, 100, later))
    const [one, two] = [bureauRequestId(2), bureauRequestId(2, 'secondary')]
    const fresh = again.after(said('secondary', two, 700, later, {}), said('primary', one, null, later, silence))
    expect(fresh.state).toMatchObject({ score: 700, reportBureau: 'secondary' })
    expect(fresh.state.files.map(({ bureau, facts }) => [bureau, facts.score])).toEqual([
      ['primary', 550],
      ['secondary', 700],
    ])
  })
})

describe('a fallback', () => {
  const asked = consumer({ bureaus: FALLBACK })
  const next = { type: 'BureauReportRequested' as const, bureau: 'secondary', attempt: 1 }

  test('is not asked where the first bureau answers', () => {
    asked.when(first(650)).gives({ type: 'BureauReported' }, limit(100_000), exposure)
    expect(asked.after(first(650)).dueAt).toBeNull()
  })

  test.each([
    ['cannot answer', first(null, T0, silence)],
    ['makes no sense', first(5_000)],
    ['is silent', tick(T0 + 3 * MINUTE)],
  ])('is asked where the first bureau %s, while the purchase waits', (_what, cause) => {
    const waits = asked.after(request(1, 100))
    waits.when(cause).gives({ type: cause.type }, next)
    waits
      .after(cause)
      .when(second(650))
      .gives({ type: 'BureauReported' }, limit(100_000), { type: 'PurchaseApproved' }, exposure)
  })

  test('that is silent as well lets the purchase be decided, and all are asked again', () => {
    const waits = asked.after(request(1, 100), tick(T0 + 3 * MINUTE))
    expect(waits.dueAt).toBe(T0 + 6 * MINUTE)
    waits
      .when(tick(T0 + 6 * MINUTE))
      .gives({ type: 'ClockTicked' }, { type: 'PurchaseDeclined', reasons: [{ code: 'CREDIT_REPORT_PENDING' }] })
    expect(waits.after(tick(T0 + 6 * MINUTE)).dueAt).toBe(T0 + 6 * MINUTE + HOUR)
  })

  test('is not waited for where the first bureau answers after all', () => {
    asked
      .after(request(1, 100), tick(T0 + 3 * MINUTE))
      .when(first(650, T0 + 4 * MINUTE))
      .gives({ type: 'BureauReported' }, limit(100_000), { type: 'PurchaseApproved' }, exposure)
  })

  test('is asked once: a repeat of the failure asks nobody', () => {
    asked
      .after(first(null, T0, silence))
      .when(first(null, T0, silence))
      .givesNothing()
  })
})

describe('reports that contradict each other', () => {
  const contradiction = { scorePoints: 100, delinquencies: 1, incomePercent: 50 }
  const bothWith = (whenContradicted: string) => consumer({ bureaus: BOTH, contradiction, whenContradicted })

  test.each([
    ['by what is borne', { score: 550 }, []],
    ['in the score', { score: 549 }, ['score']],
    ['in accounts past due', { delinquencies: 2, score: 800 }, ['delinquencies']],
    ['in income', { score: 640, monthlyIncomeMinor: 99_999 }, ['monthlyIncomeMinor']],
    ['in income, within what is borne', { monthlyIncomeMinor: 100_000 }, []],
    ['where one file is frozen', { outcome: 'FROZEN' as const }, ['outcome']],
  ])('%s are told with both references', (_where, over, fields) => {
    const heard = bothWith('DECIDE').after(first(650, T0, { monthlyIncomeMinor: 200_000 }))
    const told = heard.when(second(650, T0, over)).events.filter(({ type }) => type === 'BureauReportsContradicted')
    const reference = (bureau: string) => ({ bureau, providerRef: `${bureau}_ref` })
    const event = {
      ...{ source: 'OTHER_BUREAU', standing: reference('secondary'), other: reference('primary') },
      ...{ fields, rule: 'DECIDE', policyVersion: 'p2' },
    }
    expect(told).toMatchObject(fields.length === 0 ? [] : [event])
  })

  test('are decided by the more cautious one, and the decision says so', () => {
    bothWith('DECIDE')
      .after(first(850), second(550))
      .when(request(1, 60_000))
      .gives({ type: 'PurchaseApproved', contradiction: { fields: ['score'] } }, exposure)
  })

  test('refuse where the policy declines, with a reason of their own beside others', () => {
    bothWith('DECLINE')
      .after(first(850), second(550))
      .when(request(1, 60_001))
      .gives({
        ...{ type: 'PurchaseDeclined', counterOfferMinor: null },
        reasons: [{ code: 'CREDIT_REPORTS_DIFFER' }, { code: 'LIMIT_EXCEEDED' }],
      })
  })

  test('go to a person by themselves where the policy asks for it, one purchase at a time', () => {
    const sent = bothWith('REVIEW').after(first(850), second(550))
    const decision = sent.when(request(1, 60_000))
    decision.gives(
      { type: 'PurchaseDeclined', reasons: [{ code: 'CREDIT_REPORTS_DIFFER' }] },
      { type: 'ReviewRequested', openedBy: 'POLICY', reasons: ['CREDIT_REPORTS_DIFFER'], dueAt: T0 + 14 * DAY },
    )
    sent.after(request(1, 60_000)).when(request(2, 100)).gives({ type: 'PurchaseDeclined' })
  })

  test('that a person has looked at pass once, and no other reason is waived with them', () => {
    const sent = bothWith('REVIEW').after(first(850), second(550), request(1, 60_000))
    const decisionId = sent.state.refusals[0]?.decisionId ?? ''
    const head = (id: string) => ({
      meta: { ...request(9, 1).meta, id },
      consumerId: 'con_1',
      decisionId,
      reviewer: 'Jo',
    })
    const allowed = sent.after(
      { type: 'ClaimReview', ...head('cmd_claim') },
      { type: 'DecideReview', ...head('cmd_decide'), overturned: true, reason: 'both bureaus were called' },
    )
    allowed
      .when(request(3, 60_000))
      .gives({ type: 'PurchaseApproved', rulesHit: ['reports-agree', 'm0:SCORE_BUREAU_HISTORY'] }, exposure)
    allowed.when(request(3, 60_001)).gives({ type: 'PurchaseDeclined' }, { type: 'ReviewRequested' })
  })

  test('are told once, and end when they agree', () => {
    const told = bothWith('DECLINE').after(first(850), second(550))
    const later = T0 + 181 * DAY
    const again = told.after(at(1, 100, later))
    const [one, two] = [bureauRequestId(2), bureauRequestId(2, 'secondary')]
    const agreed = again.after(said('primary', one, 800, later, {}), said('secondary', two, 790, later, {}))
    expect(agreed.state).toMatchObject({ contradiction: null, decided: [{ approved: true }] })
  })
})

test('a state from before there were several bureaus goes on: its report is that of the first', () => {
  const facts = { outcome: 'FOUND', score: 550, openAccounts: 1, delinquencies: 0, inquiries: 0 } as const
  const old: CreditState = {
    ...newCreditState('con_1'),
    ...{ kyc: 'APPROVED', limitMinor: 60_000, score: 550, limitPolicy: 'p2', limitModel: 'm0' },
    profile: { givenName: 'Lena', familyName: 'Berg', dateOfBirth: '1990-05-17', country: 'US', currency: 'USD' },
    inquiry: { requestId: bureauRequestId(1), attempt: 1, answered: true, askAgainAt: null, questions: [] },
    report: { ...facts, oldestAccountMonths: 96, reportedAt: T0, attributes: null, monthlyIncomeMinor: null },
  }
  const { decide, evolve } = deciderOf({ bureaus: BOTH })
  const decided = decide(old, request(1, 100), 'con_1')
  expect(decided[0]).toMatchObject({
    type: 'PurchaseApproved',
    reports: [{ bureau: 'primary', requestId: bureauRequestId(1), providerRef: null, decisive: true }],
  })
  const asked = decide(old, at(2, 100, T0 + 181 * DAY), 'con_1').reduce(evolve, old)
  expect(asked.inquiry?.questions.map(({ bureau }) => bureau)).toEqual(['primary', 'secondary'])
  const waiting: CreditState = { ...old, report: null, inquiry: { ...old.inquiry!, answered: false } }
  expect(decide(waiting, first(650), 'con_1').map(({ type }) => type)).toContain('LimitChanged')
})

test.each([
  ['a fallback that nobody is asked before', { bureaus: [{ name: 'primary', role: 'FALLBACK' }] }],
  ['a bureau twice', { bureaus: [FIRST, FIRST] }],
  ['a bureau nobody knows', { bureaus: [{ name: 'third', role: 'PRIMARY' }] }],
  ['waiting for a silent bureau longer than a purchase waits', { bureaus: BOTH, silentMinutes: 10 }],
])('a policy with %s cannot be used', (_what, over) => {
  expect(() => policyWith(over)).toThrow(/cannot be used/)
})
