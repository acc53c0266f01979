import type { Instalment, PaymentRow, Plan, Purchase } from '../api-types.ts'
import { formatDay, formatShortDay } from '../kit/dates.ts'
import { h } from '../kit/dom.ts'
import { instalmentList, openMinor } from '../kit/instalment-list.ts'
import { formatMoney } from '../kit/money.ts'
import { badge, plainWords, statusBadge } from '../kit/status-badge.ts'
import { payNow } from './pay-now.ts'
import { costText } from './products.ts'
import type { Wallet } from './wallet.ts'

const OPEN: readonly string[] = ['PROPOSED', 'AUTHORISED', 'ACTIVE']

/** A plan with the purchase it pays for, and the payments that tell what happens next. */
export type ShownPlan = {
  readonly plan: Plan
  readonly purchase: Purchase | undefined
  readonly payments: readonly PaymentRow[]
}

/** True where a payment of the plan is late. */
export function isOverdue({ instalments }: Plan): boolean {
  return instalments.some(({ status }) => status === 'OVERDUE')
}

/** A plan: in its head what is paid and what comes next, inside its whole schedule. */
export function planCard(
  { plan, purchase, payments }: ShownPlan,
  wallet: () => Wallet,
  today: string,
): HTMLDetailsElement {
  const { currency } = plan
  const instalments = withDeposit(plan)
  const isOpen = OPEN.includes(plan.status)
  const canPay = isOpen && plan.outstandingMinor + plan.interestMinor > 0
  const action = (instalment: Instalment) =>
    canPay && instalment.status !== 'PAID' ? payButton(instalment, () => payNow(plan, instalment, wallet())) : null
  return h(
    'details',
    { class: 'card plan', 'data-plan': plan.planId },
    h('summary', {}, head(plan, purchase, today), progress(plan, instalments)),
    // The schedule of a cancelled plan is what would have been.
    instalments.length > 0 && plan.status !== 'CANCELLED'
      ? instalmentList(instalments, currency, today, action)
      : h('p', { class: 'quiet' }, isOpen ? 'The schedule begins when the shop ships.' : 'Nothing is to be paid.'),
    monthlyFacts(plan),
    ...payments.map((payment) => nextStep(plan, payment)),
  )
}

function head(plan: Plan, purchase: Purchase | undefined, today: string): HTMLElement {
  const bought = purchase === undefined ? [] : [formatDay(purchase.requestedOn), purchase.merchantReference]
  const facts = [plainWords(plan.product), ...bought].filter((part) => part !== null)
  return h(
    'div',
    { class: 'card-head' },
    h('div', {}, h('h3', {}, purchase?.merchantName ?? 'Purchase'), h('small', {}, facts.join(' · '))),
    h(
      'div',
      { class: 'right' },
      h('strong', { class: 'amount' }, formatMoney(plan.amountMinor, plan.currency)),
      planBadge(plan, today),
    ),
  )
}

function planBadge(plan: Plan, today: string): HTMLElement {
  const { pausedUntil } = plan
  if (pausedUntil !== null && pausedUntil > today) return badge('warn', `On hold until ${formatShortDay(pausedUntil)}`)
  if (isOverdue(plan)) return statusBadge('OVERDUE')
  return statusBadge(plan.status, plan.status === 'AUTHORISED' ? 'Awaiting shipment' : undefined)
}

function payButton({ no }: Instalment, pay: () => void): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'small', onclick: pay },
    'Pay now',
    h('span', { class: 'unseen' }, ` instalment ${no}`),
  )
}

function progress(plan: Plan, instalments: readonly Instalment[]): HTMLElement | null {
  const { currency, paidMinor, outstandingMinor, feesMinor, holdMinor } = plan
  const leftMinor = outstandingMinor + feesMinor + interestLeft(plan)
  if (paidMinor + leftMinor + holdMinor === 0) return null
  const next = leftMinor > 0 ? instalments.find(({ status }) => status !== 'PAID') : undefined
  const parts = [
    `${formatMoney(paidMinor, currency)} paid`,
    ...(leftMinor > 0 || holdMinor === 0 ? [`${formatMoney(leftMinor, currency)} to go`] : []),
    ...(holdMinor > 0 ? [`${formatMoney(holdMinor, currency)} held until the shop ships`] : []),
  ]
  const label = parts.join(', ')
  const meter = h('progress', { max: paidMinor + leftMinor + holdMinor, value: paidMinor, 'aria-label': label })
  const coming = next && `Next: ${formatMoney(openMinor(next), currency)} on ${formatShortDay(next.dueDate)}`
  return h(
    'div',
    { class: 'progress' },
    meter,
    h('small', {}, label),
    coming ? h('small', { class: 'next' }, coming) : null,
  )
}

/** Interest of the plan that is not paid: charged, and to come. */
function interestLeft({ status, instalments }: Plan): number {
  if (status !== 'ACTIVE') return 0
  return instalments.reduce((sum, one) => sum + one.interestMinor - one.interestPaidMinor, 0)
}

/** What a monthly plan costs, and what pays it off today. */
function monthlyFacts({ cost, payoffMinor, currency }: Plan): HTMLElement | null {
  if (cost === null) return null
  const payoff = payoffMinor > 0 ? ` To pay it off today: ${formatMoney(payoffMinor, currency)}.` : ''
  return h('p', { class: 'hint' }, `${costText(cost, currency)}.${payoff}`)
}

/** What was paid at checkout is set against instalment 1 when the shop ships; it is shown as paid before that. */
function withDeposit({ depositMinor, instalments }: Plan): readonly Instalment[] {
  return instalments.map((one) =>
    one.no === 1 && one.status !== 'PAID' && depositMinor >= one.amountMinor
      ? { ...one, status: 'PAID', paidMinor: one.amountMinor }
      : one,
  )
}

/** What comes next of a payment that did not come in, as long as its instalment is not paid. */
function nextStep(plan: Plan, payment: PaymentRow): HTMLElement | null {
  const { nextAttemptOn, nextAction, instalmentNo, declineCode, attempt } = payment
  const isOpen = plan.instalments.some(({ no, status }) => no === instalmentNo && status !== 'PAID')
  if (nextAction === null || nextAction === 'NONE' || !isOpen) return null
  const why = declineCode === null ? '' : ` (${plainWords(declineCode).toLowerCase()})`
  const text =
    attempt === 0
      ? `Payment ${instalmentNo} waits${why}.`
      : `Payment ${instalmentNo} was declined${why} at attempt ${attempt}.`
  return h('p', { class: 'hint' }, `${text} ${stepText(nextAction, nextAttemptOn)}`)
}

function stepText(nextAction: string, on: string | null): string {
  if (on !== null) return `The next attempt is on ${formatDay(on)}.`
  return nextAction === 'USE_ANOTHER_CARD' ? 'Pay it now with another card.' : 'It is not tried again: pay it now.'
}
