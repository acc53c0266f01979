/**
 * Spending limit, exposure and credit decision. A consumer in the US; a bureau score of 550 with nothing against it
 * gives a limit of 600.00, one of 850 a limit of 2500.00.
 */
import { given } from '#streams/testing'
import { creditDecider } from '#topologies/credit/credit.ts'
import {
  cancelled,
  completed,
  kyc,
  lateFee,
  overdue,
  paid,
  registered,
  released,
  report,
  request,
  scheduled,
} from '#topologies/credit/credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from '#topologies/credit/decision-rules.ts'
import { availableMinor } from '#topologies/credit/exposure.ts'
import type { CreditInput } from '#topologies/credit/facts.ts'
import { SCORE_MODEL } from '#topologies/credit/scorecard.ts'
import { amount, type Row, vectors } from './text-table.ts'

const noCaps = { firstPurchase: null, newMerchant: null, newDevice: null, unusual: null }
/** The policy of the platform without its rules against fraud, which have tables of their own. */
const credit = creditDecider(
  fixedRules({ ...CREDIT_POLICY, caps: noCaps, bureau: { ...CREDIT_POLICY.bureau, waitMinutes: 0 } }),
)

vectors(
  'what is left of a limit: max(0, min(limit, own cap) − holds − outstanding − fees)',
  `
  | limit | own cap | exposure | gives  |
  | 2500  |         | 0        | 2500.00 |
  | 2500  |         | 2000     | 500.00 |
  | 2500  | 800     | 2000     | 0.00   |
  | 2500  | 800     | 300      | 500.00 |
  | 2500  | 3000    | 2000     | 500.00 |
  | 2500  | 0       | 0        | 0.00   |
  | 600   |         | 600.01   | 0.00   |
  `,
  (row) => {
    const cap = row.text('own cap') === '' ? null : row.minor('own cap')
    return amount(availableMinor(row.minor('limit'), cap, row.minor('exposure')))
  },
)

vectors(
  'the exposure of a purchase of 400 through its life: holds, outstanding, fees, and what is left of 2500',
  `
  | steps                                                         | gives                         |
  | buy 400                                                       | 400.00 0.00 0.00, 2100.00 left |
  | buy 400, paid 300 0                                           | 300.00 0.00 0.00, 2200.00 left |
  | buy 400, paid 300 0, captured 0 300                           | 0.00 300.00 0.00, 2200.00 left |
  | buy 400, paid 300 0, released 150 0                           | 150.00 0.00 0.00, 2350.00 left |
  | buy 400, paid 300 0, captured 0 300, refunded 0 100           | 0.00 100.00 0.00, 2400.00 left |
  | buy 400, captured 0 400, paid 0 300, charged-back 0 400       | 0.00 400.00 0.00, 2100.00 left |
  | buy 400, captured 0 300, fee 0 300 10                         | 0.00 300.00 10.00, 2190.00 left |
  | buy 400, captured 0 300, completed 0 0                        | 0.00 0.00 0.00, 2500.00 left  |
  | buy 400, cancelled                                            | 0.00 0.00 0.00, 2500.00 left  |
  `,
  (row) => {
    const { exposure } = consumer(850).after(...row.list('steps').map(inputOf)).state
    const { holdMinor, outstandingMinor, feesMinor, availableMinor } = exposure
    return `${[holdMinor, outstandingMinor, feesMinor].map(amount).join(' ')}, ${amount(availableMinor)} left`
  },
)

vectors(
  'purchases at the same instant, on a limit of 600',
  `
  | purchases | of each | gives      |
  | 50        | 100     | 6 approved |
  | 50        | 100.01  | 5 approved |
  | 50        | 600     | 1 approved |
  | 50        | 600.01  | 0 approved |
  `,
  (row) => {
    let state = consumer(550)
    let approved = 0
    for (let no = 1; no <= row.int('purchases'); no += 1) {
      const decided = state.when(request(no, row.minor('of each')))
      if (decided.events[0]?.type === 'PurchaseApproved') approved += 1
      state = state.given(...decided.events)
    }
    return `${approved} approved`
  },
)

vectors(
  'the next purchase, of 100, of somebody with a limit of 600',
  `
  | before                                           | gives                                  |
  |                                                  | approved                               |
  | buy 500                                          | approved                               |
  | buy 500.01                                       | LIMIT_EXCEEDED, 99.99 offered          |
  | buy 595, captured 0 595                          | LIMIT_EXCEEDED, 5.00 offered           |
  | buy 595.01, captured 0 595.01                    | LIMIT_EXCEEDED                         |
  | buy 200, captured 0 200, late 0 200              | PAYMENT_OVERDUE                        |
  | buy 550, captured 0 550, late 0 550              | PAYMENT_OVERDUE, LIMIT_EXCEEDED        |
  | buy 200, captured 0 200, late 0 200, paid 0 100  | approved                               |
  | buy 700                                          | approved                               |
  | kyc NEEDS_REVIEW                                 | KYC_IN_REVIEW                          |
  | kyc PENDING                                      | KYC_IN_REVIEW                          |
  | kyc DECLINED                                     | KYC_REQUIRED                           |
  | kyc EXPIRED                                      | KYC_REQUIRED                           |
  | kyc NEEDS_REVIEW, kyc APPROVED                   | approved                               |
  | kyc APPROVED, kyc DECLINED                       | KYC_REQUIRED                           |
  | kyc DECLINED, kyc APPROVED, kyc APPROVED         | approved                               |
  | report 900                                       | approved                               |
  `,
  (row) =>
    answerOf(
      consumer(550)
        .after(...row.list('before').map(inputOf))
        .when(request(9, 100_00)).events[0],
    ),
)

vectors(
  'a first purchase, of 100, before everything is known',
  `
  | known                           | gives                 |
  |                                 | CONSUMER_UNKNOWN      |
  | registered                      | KYC_REQUIRED          |
  | registered, kyc PENDING         | KYC_IN_REVIEW         |
  | registered, kyc APPROVED        | CREDIT_REPORT_PENDING |
  | kyc APPROVED, registered        | CREDIT_REPORT_PENDING |
  `,
  (row) => {
    const state = given(credit, 'con_1').after(...row.list('known').map(inputOf))
    return answerOf(state.when(request(9, 100_00)).events[0])
  },
)

vectors(
  'a refusal by the history: at most four reasons, of what lowered the score, the heaviest first, and no offer',
  `
  | score | past due | inquiries | oldest | gives |
  | 399   | 0        | 0         | 120    | SCORE_BUREAU_HISTORY |
  | 470   | 1        | 0         | 120    | SCORE_BUREAU_HISTORY, SCORE_DELINQUENCIES |
  | 900   | 3        | 0         | 120    | SCORE_DELINQUENCIES |
  | 620   | 2        | 9         | 3      | SCORE_DELINQUENCIES, SCORE_INQUIRIES, SCORE_SHORT_HISTORY |
  | 520   | 2        | 9         | 3 | SCORE_DELINQUENCIES, SCORE_BUREAU_HISTORY, SCORE_INQUIRIES, SCORE_SHORT_HISTORY |
  `,
  (row) => {
    const history = { delinquencies: row.int('past due'), inquiries: row.int('inquiries') }
    const state = consumer(row.int('score'), { ...history, oldestAccountMonths: row.int('oldest') })
    return answerOf(state.when(request(9, 100_00)).events[0])
  },
)

vectors(
  'what is never a feature',
  `
  | pattern                                | gives |
  | sex, gender, female, male              | never |
  | marital, spouse, dependant, children   | never |
  | foreign, national, resident, ethnic    | never |
  | age, birth                             | never |
  `,
  (row: Row) => {
    const decision = consumer(550).when(request(9, 100_00)).events[0]
    if (decision?.type !== 'PurchaseApproved') return 'no decision'
    const words = [...Object.keys(decision.features), ...SCORE_MODEL.characteristics.map((one) => one.attribute)]
    const lower = words.flatMap((word) =>
      word
        .replaceAll(/[A-Z]/g, (letter) => ` ${letter}`)
        .toLowerCase()
        .split(' '),
    )
    return lower.find((word) => row.list('pattern').includes(word)) ?? 'never'
  },
)

/** A verified consumer whose report says so. */
function consumer(score: number, more: Parameters<typeof report>[1] = {}) {
  return given(credit, 'con_1').after(registered(), kyc('APPROVED'), report(score, more))
}

/** `approved`, or the reasons of a refusal and what was offered. */
function answerOf(event: ReturnType<ReturnType<typeof consumer>['when']>['events'][number] | undefined): string {
  if (event?.type !== 'PurchaseDeclined') return event?.type === 'PurchaseApproved' ? 'approved' : 'nothing'
  const { counterOfferMinor } = event
  const offer = counterOfferMinor === null ? [] : [`${amount(counterOfferMinor)} offered`]
  return [...event.reasons.map(({ code }) => code), ...offer].join(', ')
}

let kycNo = 0

/** `buy 400`; a plan event with what is then held, outstanding and unpaid in fees: `paid 300 0`, `fee 0 300 10`. */
function inputOf(step: string): CreditInput {
  const [verb = '', ...words] = step.split(' ')
  const [holdMinor = 0, outstandingMinor = 0, feesMinor = 0] = words.map((word) => Math.round(Number(word) * 100))
  const owed = { holdMinor, outstandingMinor, feesMinor }
  switch (verb) {
    case 'registered':
      return registered()
    case 'kyc':
      kycNo += 1
      return kyc(words[0] as 'APPROVED', kycNo)
    case 'report':
      return report(Number(words[0]))
    case 'buy':
      return request(1, holdMinor)
    case 'captured':
    case 'refunded':
    case 'charged-back':
      return scheduled(1, owed, 'SCHEDULED')
    case 'paid':
      return paid(1, owed, 'PAID')
    case 'released':
      return released(1, owed)
    case 'fee':
      return lateFee(1, owed, 'SCHEDULED')
    case 'late':
      return overdue(1, 1, owed)
    case 'completed':
      return completed(1, owed)
    case 'cancelled':
      return cancelled(1)
    default:
      throw new Error(`There is no step ${step}.`)
  }
}
