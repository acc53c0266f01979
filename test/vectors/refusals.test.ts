/** What is refused, with which reason; the purchase stays as it was. A purchase of 100, authorised on 1 March 2026. */
import { badDebt } from '#domain/hardship.ts'
import { safeMinor, sumMinor } from '#domain/money.ts'
import { given } from '#streams/testing'
import { purchase } from '#topologies/purchases/purchase.ts'
import {
  authorised,
  capture,
  DAY,
  meta,
  refund,
  release,
  request,
  T0,
  tick,
} from '#topologies/purchases/purchase-samples.ts'
import { vectors } from './text-table.ts'

vectors(
  'captures, releases and refunds that cannot be',
  `
  | before                        | then                                | gives                   |
  |                               | capture c1 100.01                   | CAPTURE_OVER_AUTHORISED |
  | capture c1 60                 | capture c1 60                       | CAPTURE_EXISTS          |
  | capture c1 60                 | capture c1 40                       | CAPTURE_EXISTS          |
  | capture c1 60                 | capture c2 40.01                    | CAPTURE_OVER_AUTHORISED |
  | capture c1 100                | capture c2 0.01                     | CAPTURE_OVER_AUTHORISED |
  |                               | capture c1 1 on day 13              | AUTHORISATION_EXPIRED   |
  | day 13                        | capture c1 1                        | AUTHORISATION_EXPIRED   |
  | release r1 all                | capture c1 1                        | PURCHASE_VOIDED         |
  |                               | capture c1 50 USD                   | CURRENCY_MISMATCH       |
  | capture c1 100                | refund f1 50 USD                    | CURRENCY_MISMATCH       |
  |                               | refund f1 1                         | NOTHING_CAPTURED        |
  | capture c1 60                 | refund f1 60.01                     | REFUND_OVER_CAPTURED    |
  | capture c1 60, refund f1 60   | refund f2 0.01                      | REFUND_OVER_CAPTURED    |
  | capture c1 60, refund f1 10   | refund f1 10                        | REFUND_EXISTS           |
  | capture c1 60                 | refund f1 10 of c9                  | CAPTURE_UNKNOWN         |
  | capture c1 60, capture c2 40  | refund f1 40.01 of c2               | REFUND_OVER_CAPTURED    |
  | capture c1 60                 | release r1 40.01                    | RELEASE_OVER_OPEN       |
  | capture c1 60, release r1 10  | release r1 10                       | RELEASE_EXISTS          |
  | capture c1 100                | release r1 all                      | NOTHING_TO_RELEASE      |
  |                               | capture c1 0                        | AMOUNT_INVALID          |
  |                               | capture c1 -1                       | AMOUNT_INVALID          |
  |                               | capture c1 0.005                    | AMOUNT_INVALID          |
  |                               | capture c1 90071992547409.92        | AMOUNT_INVALID          |
  | capture c1 60                 | refund f1 90071992547409.92         | AMOUNT_INVALID          |
  |                               | release r1 0                        | AMOUNT_INVALID          |
  |                               | capture c1 90071992547409.91        | CAPTURE_OVER_AUTHORISED |
  `,
  (row) => {
    const before = given(purchase, 'pur_1').after(request(), authorised(), ...row.list('before').map(inputOf))
    const { events, state } = before.when(inputOf(row.text('then')))
    const changed = JSON.stringify(state) === JSON.stringify(before.state) ? '' : ', and the purchase has changed'
    return events.map((event) => (event.type === 'PurchaseCommandRefused' ? event.code : event.type)).join() + changed
  },
)

vectors(
  'amounts that are no safe integers any more',
  `
  | sum                     | gives          |
  | 9007199254740991        | fits           |
  | 9007199254740991, 1     | MONEY_OVERFLOW |
  | -9007199254740991, -1   | MONEY_OVERFLOW |
  | 0.5                     | MONEY_OVERFLOW |
  `,
  (row) => {
    try {
      safeMinor(sumMinor(row.list('sum').map(Number)))
      return 'fits'
    } catch (error) {
      return (error as Error).message.split(':')[0] ?? ''
    }
  },
)

vectors(
  'what comes for a plan that was written off',
  `
  | what      | gives              |
  | PAY       | WRITE_OFF_IS_FINAL |
  | BACKDATE  | WRITE_OFF_IS_FINAL |
  `,
  (row) => Object.values(badDebt.WRITTEN_OFF[row.text('what') as 'PAY']).join(),
)

/** `capture c1 60 USD on day 13`, `refund f1 10 of c9`, `release r1 all`, `day 13`. */
function inputOf(step: string) {
  const [verb = '', id = '', much = '', word, more, day] = step.split(' ')
  if (verb === 'day') return tick(T0 + Number(id) * DAY)
  const minor = Number(much) * 100
  const currency = word === 'USD' ? { currency: 'USD' } : {}
  const at = word === 'on' ? { meta: meta(`cmd_${id}_late`, T0 + Number(day) * DAY) } : {}
  if (verb === 'release') return release(id, much === 'all' ? null : minor)
  if (verb === 'refund')
    return refund(id, minor, { ...currency, ...(word === 'of' && more ? { captureId: more } : {}) })
  return capture(id, minor, { ...currency, ...at })
}
