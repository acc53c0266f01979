import type { Checkout, Confirmation, MonthlyOffer } from '../api-types.ts'
import { h } from '../kit/dom.ts'
import { plannedList } from '../kit/instalment-list.ts'
import { formatMoney } from '../kit/money.ts'
import { type PlannedPayment, previewSchedule } from '../kit/schedule-preview.ts'

/** A way to pay a checkout back: what its confirmation says of it, and what the consumer is told before. */
export type Offered = {
  /** Names it on the page; PAY_IN_4, or PAY_MONTHLY_6. */
  readonly key: string
  readonly body: {
    readonly product: string
    readonly instalments?: number
    /** With the refusal that offered it. */
    readonly firstPaymentMinor?: number
    readonly acceptsDecisionId?: string
  }
  readonly name: string
  readonly note: string
  readonly payments: readonly PlannedPayment[]
  /** What is paid at once, minor units. */
  readonly nowMinor: number
}

/** All ways to pay a checkout back, were it captured today: in 4, in 30 days, and as its shop offers it monthly. */
export function offeredBy(checkout: Checkout, monthly: readonly MonthlyOffer[], today: string): readonly Offered[] {
  const { amountMinor, currency } = checkout
  const plain = (product: string, name: string, note: string): Offered => {
    const payments = previewSchedule(product, amountMinor, today)
    const nowMinor = product === 'PAY_IN_4' ? (payments[0]?.amountMinor ?? 0) : 0
    return { key: product, body: { product }, name, note, payments, nowMinor }
  }
  return [
    plain('PAY_IN_4', 'Pay in 4', 'Interest-free, every two weeks'),
    plain('PAY_IN_30', 'Pay in 30 days', 'Interest-free; 30 days from when the shop ships'),
    ...monthly.map((offer) => monthlyOffered(offer, currency)),
  ]
}

function monthlyOffered({ instalments, cost, schedule }: MonthlyOffer, currency: string): Offered {
  return {
    key: `PAY_MONTHLY_${instalments}`,
    body: { product: 'PAY_MONTHLY', instalments },
    name: `Pay in ${instalments} months`,
    note: costText(cost, currency),
    payments: schedule.map(({ dueDate: date, amountMinor, interestMinor }) => ({ date, amountMinor, interestMinor })),
    nowMinor: 0,
  }
}

/** What a credit costs, in words: interest, total and the annual rate by the law's name of it. */
export function costText({ interestMinor, totalMinor, rateBps, rateMethod }: MonthlyOffer['cost'], currency: string) {
  if (interestMinor === 0) return 'Interest-free; the first payment is a month after the shop ships'
  const rate = `${(rateBps / 100).toFixed(2)}% ${rateMethod === 'ACTUARIAL' ? 'APR' : 'effective annual rate'}`
  return `${formatMoney(interestMinor, currency)} interest, ${formatMoney(totalMinor, currency)} in all, ${rate}`
}

/** The larger first payment that a refusal offers, as a way to pay: more at once, the rest in three; null: none. */
export function counterOffered({ decision, amountMinor }: Confirmation, today: string): Offered | null {
  const { counterFirstPaymentMinor: firstPaymentMinor, decisionId: acceptsDecisionId } = decision
  if (firstPaymentMinor === null) return null
  return {
    key: 'PAY_IN_4',
    body: { product: 'PAY_IN_4', firstPaymentMinor, acceptsDecisionId },
    ...{ name: 'Pay in 4', note: 'More today, the rest in three' },
    payments: previewSchedule('PAY_IN_4', amountMinor, today, firstPaymentMinor),
    nowMinor: firstPaymentMinor,
  }
}

/** The choice of one of them. */
export function productChoice(offered: Offered, isFirst: boolean, currency: string, today: string): HTMLElement {
  const { key, name, note, payments } = offered
  const id = `product-${key.toLowerCase()}`
  return h(
    'label',
    { class: 'product', for: id },
    h('input', { type: 'radio', name: 'product', value: key, id, checked: isFirst, required: true }),
    h('span', { class: 'product-name' }, h('strong', {}, name), h('small', {}, note)),
    plannedList(payments, currency, today),
  )
}
