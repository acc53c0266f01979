import type { Checkout, Confirmation } from '../api-types.ts'
import { h } from '../kit/dom.ts'
import { plannedList } from '../kit/instalment-list.ts'
import { formatMoney } from '../kit/money.ts'
import type { Offered } from './products.ts'

type Confirmed = {
  readonly checkout: Checkout
  readonly confirmation: Confirmation
  readonly offered: Offered
  readonly today: string
  readonly decisionMs: string | undefined
  /** Shows the offer again. */
  readonly retry: () => void
}

/** What became of a confirmed checkout: approved with its dates, or why not and what would be possible. */
export function confirmationView(confirmed: Confirmed): HTMLElement {
  const { status } = confirmed.confirmation
  if (status === 'AUTHORISED') return approved(confirmed)
  if (status === 'PENDING') {
    const text = 'The purchase is approved, and its first payment is still under way. It appears under “Plans”.'
    return h('div', { class: 'outcome outcome-info' }, h('h3', {}, 'Almost done'), h('p', {}, text))
  }
  return refused(confirmed)
}

function approved({ checkout, confirmation, offered, today, decisionMs }: Confirmed): HTMLElement {
  const { amountMinor, currency } = confirmation
  return h(
    'div',
    { class: 'outcome outcome-ok' },
    h('h3', {}, `Approved: ${formatMoney(amountMinor, currency)} at ${checkout.merchantName}`),
    plannedList(offered.payments, currency, today),
    h(
      'p',
      { class: 'quiet' },
      offered.nowMinor > 0 ? 'The first payment is made. The rest is collected by itself.' : 'Nothing is paid today.',
    ),
    versions(confirmation, decisionMs),
    backToShop(checkout),
  )
}

function refused({ checkout, confirmation, decisionMs, retry }: Confirmed): HTMLElement {
  const { status, reasons, decision, currency } = confirmation
  const failed = status === 'PAYMENT_FAILED'
  const counter = decision.counterOfferMinor
  return h(
    'div',
    { class: 'outcome outcome-bad' },
    h('h3', {}, failed ? 'The first payment did not go through' : 'Not approved this time'),
    h(
      'ul',
      { class: 'reasons' },
      ...reasons.map(({ code, text }) => h('li', {}, h('span', {}, text), h('code', {}, code))),
    ),
    counter === null
      ? null
      : h(
          'p',
          { class: 'counter' },
          'You could buy for up to ',
          h('strong', {}, formatMoney(counter, currency)),
          ' now.',
        ),
    failed ? h('p', {}, 'Nothing was bought. Try another card with a new checkout.') : null,
    versions(confirmation, decisionMs),
    h('p', { class: 'line' }, h('button', { type: 'button', class: 'small', onclick: retry }, 'Show the offer again')),
    backToShop(checkout),
  )
}

function versions({ decision }: Confirmation, decisionMs: string | undefined): HTMLElement {
  const time = decisionMs === undefined ? '' : ` in ${Number(decisionMs).toFixed(1)} ms`
  const text = `Decided${time} by policy ${decision.policyVersion}, model ${decision.modelVersion}.`
  return h('p', { class: 'hint' }, text)
}

/** Only to a web address: what a merchant sent is not run. */
function backToShop({ returnUrl, merchantName }: Checkout): HTMLElement | null {
  if (returnUrl === null || !/^https?:$/.test(new URL(returnUrl).protocol)) return null
  return h('p', {}, h('a', { class: 'button', href: returnUrl, rel: 'noreferrer' }, `Back to ${merchantName}`))
}
