/** Refunds: what is due comes first, then a policy; what exceeds the balance goes back, last payment first. */
import type { RefundPolicyName } from '#domain/refund.ts'
import { given } from '#streams/testing'
import { defaultPolicy, planDecider } from '#topologies/installments/plan.ts'
import {
  approved,
  captured,
  day,
  row as instalment,
  PLAN_ID,
  paid,
  refunded,
} from '#topologies/installments/plan-samples.ts'
import { allocateRefund } from '#topologies/installments/refunds.ts'
import { amount, amounts, vectors } from './text-table.ts'

vectors(
  'a refund on day 7 of 500 in 4: what it takes off each instalment, and what goes back',
  `
  | first is | policy      | refund | gives                                        |
  | due      | RE_AMORTISE | 300    | off 125.00, 58.33 x2, 58.34; back 0.00       |
  | due      | RE_AMORTISE | 400    | off 125.00, 91.67 x2, 91.66; back 0.00       |
  | paid     | RE_AMORTISE | 300    | off 0.00, 100.00 x3; back 0.00               |
  | paid     | LAST_FIRST  | 200    | off 0.00 x2, 75.00, 125.00; back 0.00        |
  | paid     | NEXT_FIRST  | 200    | off 0.00, 125.00, 75.00, 0.00; back 0.00     |
  | paid     | SPREAD      | 100    | off 0.00, 33.33 x2, 33.34; back 0.00         |
  | due      | LAST_FIRST  | 200    | off 125.00, 0.00 x2, 75.00; back 0.00        |
  | paid     | LAST_FIRST  | 500    | off 125.00 x4; back 125.00                   |
  | paid     | NEXT_FIRST  | 400    | off 25.00, 125.00 x3; back 25.00             |
  `,
  (row) => {
    const isPaid = row.text('first is') === 'paid'
    const before = [1, 2, 3, 4].map((no) =>
      instalment(no, 125_00, no === 1 && isPaid ? { paidMinor: 125_00, status: 'PAID' } : {}),
    )
    const policy = row.text('policy') as RefundPolicyName
    const after = allocateRefund(before, {
      ...{ amountMinor: row.minor('refund'), today: day(7), policy },
      ...{ terms: null, isFull: false },
    })
    const off = after.instalments.map((it, index) => (before[index]?.amountMinor ?? 0) - it.amountMinor)
    return `off ${amounts(off)}; back ${amount(after.returnedMinor)}`
  },
)

vectors(
  'what goes back goes to what paid it, the last payment first',
  `
  | payments          | refund | gives                             |
  | 125               | 500    | COMPLETED, back 125.00            |
  | 125, 125          | 500    | COMPLETED, back 125.00, 125.00    |
  | 125, 100          | 300    | COMPLETED, back 0.00, 25.00       |
  | 125, 100          | 200    | AUTHORISED, back 0.00, 0.00       |
  | 125, 200          | 350    | COMPLETED, back 0.00, 175.00      |
  | 125, 100          | 450    | COMPLETED, back 75.00, 100.00     |
  `,
  (row) => {
    const [first = 0, ...others] = row.minors('payments')
    const more = others.map((minor, index) => paid(`pay_${index + 2}`, minor, 7, 2))
    const plan = given(planDecider(defaultPolicy), PLAN_ID)
      .after(approved(500_00), paid('pay_1', first), captured('cap_1', 500_00, 1), ...more)
      .after(refunded('ref_1', row.minor('refund'), 8))
    const back = plan.state.payments.map((payment) => amount(payment.returnedMinor))
    return `${plan.state.status}, back ${back.join(', ')}`
  },
)
