/** How a limit moves with the way somebody pays; never on request. */
import { describe, expect, test } from 'vitest'
import type { PaymentChargedBack, PaymentFailed } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import type { BehaviourRules, CreditPolicy } from './credit-policy.ts'
import { completed, kyc, overdue, paid, registered, report, request } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'
import type { CreditInput } from './facts.ts'

const rules: BehaviourRules['rules'] = [
  { name: 'early', on: 'PAID_EARLY', times: 2, percent: 10 },
  { name: 'on-time', on: 'PAID_ON_TIME', times: 1, percent: 5 },
  { name: 'late', on: 'PAID_LATE', times: 1, percent: -10 },
  { name: 'overdue', on: 'OVERDUE', times: 1, percent: -20 },
  { name: 'failed', on: 'PAYMENT_FAILED', times: 2, percent: -5 },
  { name: 'bank', on: 'CHARGED_BACK', times: 1, percent: -100 },
  { name: 'returned', on: 'RETURNED', times: 1, percent: -1 },
]
const behaviour: BehaviourRules = { rules, percentMin: 40, percentMax: 120, quietDays: 10 }
const consumer = (over: Partial<BehaviourRules> = {}, policy: Partial<CreditPolicy> = {}) => {
  const all = { ...CREDIT_POLICY, ...policy, behaviour: { ...behaviour, ...over } }
  return given(creditDecider(fixedRules(all)), 'con_1').after(registered(), kyc('APPROVED'), report(550))
}

/** An instalment that is due on 15 March is paid; the number tells events apart. */
const pays = (no: number, date: string, over: object = {}): CreditInput => {
  const event = paid(no, { outstandingMinor: 100 }, 'PAID', 'SCHEDULED')
  return { ...event, meta: { ...event.meta, businessDate: date, occurredAt: Date.parse(date) }, ...over }
}
const ofConsumer = (no: number) => ({
  consumerId: 'con_1',
  meta: { ...request(no, 1).meta, id: `evt_payment_${no}` },
})
const fails = (no: number, over: Partial<PaymentFailed> = {}) =>
  sampleRecord('PaymentFailed', { ...ofConsumer(no), atCheckout: false, ...over })
const takenBack = (no: number): PaymentChargedBack => sampleRecord('PaymentChargedBack', ofConsumer(no))

const limitOf = (inputs: readonly CreditInput[], over: Partial<BehaviourRules> = {}) =>
  consumer(over).after(...inputs).state.limitMinor

describe('a limit of 600.00', () => {
  test.each([
    ['one early payment is not enough', [pays(1, '2026-03-14')], 60_000],
    ['two early payments raise it', [pays(1, '2026-03-14'), pays(2, '2026-03-10')], 66_000],
    ['and count anew after that', [1, 2, 3].map((no) => pays(no, '2026-03-14')), 66_000],
    ['one on the day raises it', [pays(1, '2026-03-15')], 63_000],
    ['a late one lowers it', [pays(1, '2026-03-20', { late: true })], 54_000],
    ['one that is missed lowers it', [overdue(1, 1, { outstandingMinor: 100 })], 48_000],
    ['failed payments lower it', [fails(1), fails(2)], 57_000],
    ['those at the checkout do not', [fails(1, { atCheckout: true }), fails(2, { atCheckout: true })], 60_000],
    ['a charge-back lowers it as far as it goes', [takenBack(1)], 24_000],
    ['what is collected at the checkout says nothing', [pays(1, '2026-03-15', { principalMinor: 0 })], 60_000],
    ['and not above the most', Array.from({ length: 9 }, (_, no) => pays(no, '2026-03-15')), 72_000],
  ])('%s', (_what, inputs, limitMinor) => {
    expect(limitOf(inputs)).toBe(limitMinor)
  })

  test('that is lost by it is the reason of a refusal, and not the score, which gives one', () => {
    const refused = consumer({ percentMin: 0 }).after(takenBack(1)).when(request(2, 100))
    refused.gives({ type: 'PurchaseDeclined', limitMinor: 0, counterOfferMinor: null })
    const [decision] = refused.events
    expect(decision?.type === 'PurchaseDeclined' && decision.reasons.map(({ code }) => code)).toEqual([
      'PAYMENT_RECORD',
    ])
  })

  test('tells of each move what it was, what it is, by which rule and why', () => {
    consumer()
      .when(pays(1, '2026-03-20', { late: true }))
      .gives(
        { type: 'InstalmentPaid' },
        {
          type: 'LimitChanged',
          ...{ limitMinor: 54_000, previousMinor: 60_000, reason: 'PAID_LATE', rule: 'late', percent: 90 },
          policyVersion: 'p2',
          reasons: [{ code: 'PAID_LATE', text: 'You have paid instalments late.' }],
        },
        { type: 'ExposureChanged', limitMinor: 54_000 },
      )
      .leaves({ standing: { percent: 90, loweredAt: Date.parse('2026-03-20') } })
  })

  test('does not rise in the quiet days after a fall, and does after them', () => {
    const fallen = [pays(1, '2026-03-20', { late: true })]
    expect(limitOf([...fallen, pays(2, '2026-03-29')])).toBe(54_000)
    const onTime = pays(3, '2026-03-30', {
      instalments: [{ ...paid(3, {}, 'PAID').instalments[0], dueDate: '2026-03-30' }],
    })
    expect(limitOf([...fallen, onTime])).toBe(57_000)
  })

  test('does not rise while a payment is overdue', () => {
    const late = overdue(1, 2, { outstandingMinor: 100 })
    expect(limitOf([late, pays(7, '2026-03-15')], { quietDays: 0 })).toBe(48_000)
  })

  test('never rises on request', () => {
    const asked = consumer().when(request(1, 90_000))
    asked.gives({ type: 'PurchaseDeclined', limitMinor: 60_000 })
    expect(asked.state.limitMinor).toBe(60_000)
  })

  test('keeps its standing when a new report comes', () => {
    const again = { ...report(650), requestId: 'req_again' }
    const state = consumer().after(pays(1, '2026-03-20', { late: true })).state
    const asked = {
      ...state,
      inquiry: { requestId: 'req_again', attempt: 2, answered: false, askAgainAt: null, questions: [] },
    }
    const decider = creditDecider(fixedRules({ ...CREDIT_POLICY, behaviour }))
    expect(decider.decide(asked, again, 'con_1')).toMatchObject([
      { type: 'BureauReported' },
      { type: 'LimitChanged', limitMinor: 90_000, percent: 90 },
      { type: 'ExposureChanged' },
    ])
  })

  test('stays where the policy has no such rules', () => {
    const free = given(creditDecider(fixedRules({ ...CREDIT_POLICY, behaviour: null })), 'con_1')
      .after(registered(), kyc('APPROVED'), report(550))
      .after(pays(1, '2026-03-20', { late: true }), takenBack(1))
    expect(free.state).toMatchObject({ limitMinor: 60_000, standing: null })
  })
})

test('the policy of the platform lets nobody who pays well lose, or who pays badly win', () => {
  const inputs = [completed(1, {}), pays(1, '2026-03-14'), pays(2, '2026-03-15')]
  const before = consumer({}, {}).state.limitMinor
  expect(consumer(CREDIT_POLICY.behaviour ?? {}).after(...inputs).state.limitMinor).toBeGreaterThanOrEqual(before)
})
