/** What a merchant may do with a purchase, what the limit has left, and what partial captures do to a plan. */
import type { PurchaseState } from '#schemas'
import { given } from '#streams/testing'
import { availableMinor, exposureMinor } from '#topologies/credit/exposure.ts'
import { planDecider } from '#topologies/installments/plan.ts'
import { approved, captured, PLAN_ID, paid, released } from '#topologies/installments/plan-samples.ts'
import { purchase } from '#topologies/purchases/purchase.ts'
import {
  authorised,
  capture,
  DAY,
  extend,
  refund,
  release,
  request,
  T0,
  tick,
} from '#topologies/purchases/purchase-samples.ts'
import { amount, amounts, type Row, vectors } from './text-table.ts'

vectors(
  'purchase of 100: authorise, capture, release, refund, expire',
  `
  | what happens                                    | gives                                                          |
  |                                                 | AUTHORISED: captured 0.00, released 0.00, refunded 0.00        |
  | capture 100                                     | CAPTURED: captured 100.00, released 0.00, refunded 0.00        |
  | capture 60                                      | PARTLY_CAPTURED: captured 60.00, released 0.00, refunded 0.00  |
  | capture 60, release 40                          | CAPTURED: captured 60.00, released 40.00, refunded 0.00        |
  | capture 60, capture 40                          | CAPTURED: captured 100.00, released 0.00, refunded 0.00        |
  | capture 60, capture 41                          | CAPTURE_OVER_AUTHORISED                                        |
  | capture 101                                     | CAPTURE_OVER_AUTHORISED                                        |
  | release all                                     | VOIDED: captured 0.00, released 100.00, refunded 0.00          |
  | release all, capture 1                          | PURCHASE_VOIDED                                                |
  | capture 100, release all                        | NOTHING_TO_RELEASE                                             |
  | refund 1                                        | NOTHING_CAPTURED                                               |
  | capture 60, refund 60                           | PARTLY_CAPTURED: captured 60.00, released 0.00, refunded 60.00 |
  | capture 60, refund 61                           | REFUND_OVER_CAPTURED                                           |
  | capture 60, refund 60, capture 40, refund 41    | REFUND_OVER_CAPTURED                                           |
  | day 13                                          | EXPIRED: captured 0.00, released 100.00, refunded 0.00         |
  | capture 60, day 13                              | CAPTURED: captured 60.00, released 40.00, refunded 0.00        |
  | day 12                                          | AUTHORISED: captured 0.00, released 0.00, refunded 0.00        |
  | day 13, capture 1                               | AUTHORISATION_EXPIRED                                          |
  | extend to day 30, day 13                        | AUTHORISED: captured 0.00, released 0.00, refunded 0.00        |
  | extend to day 30, day 30                        | EXPIRED: captured 0.00, released 100.00, refunded 0.00         |
  | extend to day 180                               | AUTHORISED: captured 0.00, released 0.00, refunded 0.00        |
  | extend to day 181                               | EXTENSION_TOO_LONG                                             |
  | extend to day 13                                | EXTENSION_NOT_LATER                                            |
  `,
  (row) => {
    let spec = given(purchase, 'pur_1').after(request(), authorised())
    let refused = ''
    for (const [index, step] of row.list('what happens').entries()) {
      const decided = spec.when(inputOf(step, index))
      refused = decided.events.flatMap((event) => (event.type === 'PurchaseCommandRefused' ? [event.code] : [])).join()
      spec = spec.after(inputOf(step, index))
    }
    return refused === '' ? standing(spec.state) : refused
  },
)

vectors(
  'partial capture of pay in 4: authorise 100, 25 collected; what each instalment is, and what of it is paid',
  `
  | surplus          | what happens                       | gives                                                   |
  | LAST_INSTALMENT  | capture 60, release 40             | 15.00 x4, paid 15.00, 0.00 x2, 10.00, back 0.00         |
  | BACK_TO_CARD     | capture 60, release 40             | 15.00 x4, paid 15.00, 0.00 x3, back 10.00               |
  | LAST_INSTALMENT  | capture 100                        | 25.00 x4, paid 25.00, 0.00 x3, back 0.00                |
  | LAST_INSTALMENT  | release 100                        | , paid , back 25.00                                     |
  | LAST_INSTALMENT  | capture 60, capture 40             | 25.00 x4, paid 25.00, 0.00 x3, back 0.00                |
  | LAST_INSTALMENT  | capture 10, release 90             | 2.50 x4, paid 2.50 x4, back 15.00                       |
  `,
  (row) => {
    const { state } = planAfter(row)
    const rows = state.instalments
    const back = state.payments.reduce((sum, payment) => sum + payment.returnedMinor, 0)
    const is = amounts(rows.map((it) => it.amountMinor))
    return `${is}, paid ${amounts(rows.map((it) => it.paidMinor))}, back ${amount(back)}`
  },
)

vectors(
  'available: max(0, min(limit, own cap) − holds − outstanding − unpaid fees)',
  `
  | limit | own cap | held | owed | fees | gives   |
  | 2500  | 800     | 0    | 2000 | 0    | 0.00    |
  | 2500  |         | 0    | 2000 | 0    | 500.00  |
  | 600   |         | 400  | 0    | 0    | 200.00  |
  | 600   |         | 300  | 0    | 0    | 300.00  |
  | 600   |         | 0    | 300  | 10   | 290.00  |
  | 600   | 1000    | 0    | 0    | 0    | 600.00  |
  | 0     |         | 0    | 0    | 0    | 0.00    |
  `,
  (row) => {
    const exposure = exposureMinor([
      {
        purchaseId: 'pur_1',
        holdMinor: row.minor('held'),
        outstandingMinor: row.minor('owed'),
        feesMinor: row.minor('fees'),
        overdue: [],
        monthlyMinor: null,
      },
    ])
    const ownCap = row.text('own cap') === '' ? null : row.minor('own cap')
    return amount(availableMinor(row.minor('limit'), ownCap, exposure))
  },
)

vectors(
  'exposure of 400 in pay in 4: hold, outstanding and fees as things happen',
  `
  | what happens                            | gives                       |
  |                                         | held 400.00, owed 0.00      |
  | paid 100                                | held 300.00, owed 0.00      |
  | paid 100, capture 400                   | held 0.00, owed 300.00      |
  | paid 100, capture 200                   | held 200.00, owed 100.00    |
  | paid 100, capture 200, release 200      | held 0.00, owed 100.00      |
  | paid 100, release 400                   | held 0.00, owed 0.00        |
  `,
  (row) => {
    const steps = row.list('what happens').map(planInput)
    const plan = given(planDecider(), PLAN_ID).after(approved(400_00), ...steps)
    const held = Math.max(0, plan.state.order.amountMinor - plan.state.capturedMinor - plan.state.releasedMinor)
    const owed = plan.state.instalments.reduce((sum, it) => sum + it.amountMinor - it.paidMinor, 0)
    return `held ${amount(Math.max(0, held - plan.state.depositMinor))}, owed ${amount(owed)}`
  },
)

function inputOf(step: string, index: number) {
  const [verb = '', much = ''] = step.split(' ')
  if (verb === 'day') return tick(T0 + Number(much) * DAY)
  if (verb === 'extend') return extend(T0 + Number(step.split(' ').at(-1)) * DAY)
  if (verb === 'capture') return capture(`cap_${index}`, Number(much) * 100)
  if (verb === 'refund') return refund(`ref_${index}`, Number(much) * 100)
  return release(`rel_${index}`, much === 'all' ? null : Number(much) * 100)
}

function standing(state: PurchaseState): string {
  const { status, capturedMinor, releasedMinor, refundedMinor } = state
  return (
    `${status}: captured ${amount(capturedMinor)}, released ${amount(releasedMinor)}, ` +
    `refunded ${amount(refundedMinor)}`
  )
}

function planAfter(row: Row) {
  const decider = planDecider({
    lateFeeScheme: 'AFTERPAY_AU',
    refundPolicy: 'LAST_FIRST',
    prepayment: 'NEXT',
    depositSurplus: row.text('surplus') as 'LAST_INSTALMENT',
  })
  return given(decider, PLAN_ID).after(
    approved(100_00),
    paid('pay_1', 25_00),
    ...row.list('what happens').map(planInput),
  )
}

function planInput(step: string, index: number) {
  const [verb = '', much = ''] = step.split(' ')
  const minor = Number(much) * 100
  if (verb === 'paid') return paid(`pay_${index}`, minor)
  return verb === 'capture' ? captured(`cap_${index}`, minor, 2) : released(`rel_${index}`, minor, 3)
}
