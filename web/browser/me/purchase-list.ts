import type { Dispute, Plan, Purchase } from '../api-types.ts'
import { formatDay } from '../kit/dates.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { problemOf } from './problems.ts'
import type { Wallet } from './wallet.ts'

/** What a shop calls authorised and captured, in a shopper's words. */
const WORDS: Readonly<Record<string, string>> = {
  AUTHORISED: 'Confirmed',
  CAPTURED: 'Shipped',
  PARTLY_CAPTURED: 'Partly shipped',
  REJECTED: 'Not approved',
  VOIDED: 'Cancelled',
}

/** What is drawn. */
export type Bought = {
  readonly purchases: readonly Purchase[]
  readonly plans: readonly Plan[]
  readonly disputes: readonly Dispute[]
}

/** Draws the consumer's purchases where one changed, or what is wrong with one. */
export function purchaseList(wallet: () => Wallet): (bought: Bought) => void {
  return whenChanged(({ purchases, plans, disputes }) => {
    const planOf = ({ planId }: Purchase) => plans.find((plan) => plan.planId === planId)
    fill(
      byId('my-purchases', HTMLDivElement),
      purchases.length === 0
        ? h('p', { class: 'quiet' }, 'No purchase yet.')
        : h(
            'ul',
            { class: 'rows' },
            ...purchases.map((one) => row(one, problemOf(one, planOf(one), disputes, wallet))),
          ),
    )
  })
}

function row(purchase: Purchase, problem: HTMLElement | null): HTMLElement {
  const { merchantName, merchantReference, requestedOn, status, amountMinor, refundedMinor, currency } = purchase
  const facts = [formatDay(requestedOn), merchantReference].filter((part) => part !== null)
  const refunded = refundedMinor > 0 ? `${formatMoney(refundedMinor, currency)} refunded` : null
  return h(
    'li',
    {},
    h('span', {}, h('strong', {}, merchantName), h('small', {}, facts.join(' · '))),
    statusBadge(status, WORDS[status]),
    h('span', { class: 'amount' }, formatMoney(amountMinor, currency), refunded && h('small', {}, refunded)),
    problem,
  )
}
