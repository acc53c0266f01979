import type { Checkout, Confirmation } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { fill, h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { plannedList } from '../kit/instalment-list.ts'
import { formatMoney } from '../kit/money.ts'
import { askReview } from './ask-review.ts'
import { counterOffered, type Offered } from './products.ts'

type Confirmed = {
  readonly checkout: Checkout
  readonly confirmation: Confirmation
  readonly offered: Offered
  readonly today: string
  readonly decisionMs: string | undefined
  /** Shows the offer again. */
  readonly retry: () => void
  readonly api: ApiClient
  /** Takes up the larger first payment that a refusal offers. */
  readonly accept: (counter: Offered) => Promise<void>
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

function refused(confirmed: Confirmed): HTMLElement {
  const { checkout, confirmation, decisionMs, retry, today, api } = confirmed
  const { status, reasons, decision } = confirmation
  const failed = status === 'PAYMENT_FAILED'
  const counter = decision.counterOfferMinor
  const larger = counterOffered(confirmation, today)
  return h(
    'div',
    { class: 'outcome outcome-bad' },
    h('h3', {}, failed ? 'The first payment did not go through' : 'Not approved this time'),
    h(
      'ul',
      { class: 'reasons' },
      ...reasons.map(({ code, text }) => h('li', {}, h('span', {}, text), h('code', {}, code))),
    ),
    counter === null ? null : lowerAmount(confirmed, counter),
    larger === null ? null : counterForm(confirmed, larger),
    failed ? h('p', {}, 'Nothing was bought. Try another card with a new checkout.') : null,
    versions(confirmation, decisionMs),
    h(
      'p',
      { class: 'line' },
      h('button', { type: 'button', class: 'small', onclick: retry }, 'Show the offer again'),
      failed ? null : askReview(api, decision.decisionId),
    ),
    backToShop(checkout),
  )
}

/** Only the shop can sell less. */
function lowerAmount({ confirmation, checkout }: Confirmed, counterMinor: number): HTMLElement {
  const amount = h('strong', {}, formatMoney(counterMinor, confirmation.currency))
  const how = ` now: ask ${checkout.merchantName} for a smaller basket.`
  return h('p', { class: 'counter' }, 'You could buy for up to ', amount, how)
}

/** The larger first payment with its dates, to be accepted or not. */
function counterForm({ confirmation, today, accept }: Confirmed, counter: Offered): HTMLElement {
  const now = formatMoney(counter.nowMinor, confirmation.currency)
  const decline = () => fill(form, h('p', { class: 'quiet' }, 'You did not take the offer. Nothing was bought.'))
  const form = h(
    'form',
    { class: 'counter' },
    h('p', {}, 'Or buy all of it, and pay more today:'),
    plannedList(counter.payments, confirmation.currency, today),
    h(
      'div',
      { class: 'form-actions' },
      h('button', { type: 'submit', class: 'primary' }, `Accept and pay ${now} now`),
      h('button', { type: 'button', class: 'plain', onclick: decline }, 'No, thank you'),
    ),
  )
  onSubmit(form, () => accept(counter))
  return form
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
