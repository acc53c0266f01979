import type { Purchase } from '../api-types.ts'
import { formatDay } from '../kit/dates.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'

/** What a shop calls authorised and captured, in a shopper's words. */
const WORDS: Readonly<Record<string, string>> = {
  AUTHORISED: 'Confirmed',
  CAPTURED: 'Shipped',
  PARTLY_CAPTURED: 'Partly shipped',
  REJECTED: 'Not approved',
  VOIDED: 'Cancelled',
}

/** Draws the consumer's purchases where one changed. */
export const drawPurchases = whenChanged((purchases: readonly Purchase[]) => {
  fill(
    byId('my-purchases', HTMLDivElement),
    purchases.length === 0
      ? h('p', { class: 'quiet' }, 'No purchase yet.')
      : h('ul', { class: 'rows' }, ...purchases.map(row)),
  )
})

function row({ merchantName, merchantReference, requestedOn, status, amountMinor, refundedMinor, currency }: Purchase) {
  const facts = [formatDay(requestedOn), merchantReference].filter((part) => part !== null)
  const refunded = refundedMinor > 0 ? `${formatMoney(refundedMinor, currency)} refunded` : null
  return h(
    'li',
    {},
    h('span', {}, h('strong', {}, merchantName), h('small', {}, facts.join(' · '))),
    statusBadge(status, WORDS[status]),
    h('span', { class: 'amount' }, formatMoney(amountMinor, currency), refunded && h('small', {}, refunded)),
  )
}
