import type { CreditReview } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { formatMoney } from '../kit/money.ts'
import { badge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'

type Parts = { readonly api: ApiClient; readonly refresh: () => void }

/** The work queue of the staff: refusals that a person shall look at, each with what can be done about it. */
export function reviewQueue(parts: Parts): (reviews: readonly CreditReview[]) => void {
  return whenChanged((reviews) => {
    const place = byId('reviews', HTMLDivElement)
    if (reviews.length === 0) fill(place, h('p', { class: 'quiet' }, 'Nobody waits for a review.'))
    else fill(place, h('ul', { class: 'rows' }, ...reviews.map((review) => row(review, parts))))
  })
}

function row(review: CreditReview, parts: Parts): HTMLElement {
  const { reviewId, amountMinor, currency, merchantName, reasons, statement, reviewer, overdue, openedBy } = review
  const due = `by ${review.dueAt.slice(0, 10)}${reviewer === null ? '' : `, ${reviewer} looks at it`}`
  return h(
    'li',
    { 'data-review': reviewId },
    h('span', {}, `${formatMoney(amountMinor, currency)} at ${merchantName}`, h('small', {}, statement)),
    h('span', {}, ...reasons.map((code) => h('code', {}, code)), h('small', {}, due)),
    openedBy === 'POLICY' ? badge('info', 'By policy') : null,
    overdue ? badge('bad', 'Overdue') : null,
    h('span', { class: 'buttons' }, ...actions(review, parts)),
  )
}

function actions(review: CreditReview, parts: Parts): readonly HTMLElement[] {
  const button = (label: string, onclick: () => void) => h('button', { type: 'button', class: 'small', onclick }, label)
  if (review.status === 'REQUESTED') return [button('Claim', () => claim(review, parts))]
  return [button('Uphold', () => decide(review, false, parts)), button('Overturn', () => decide(review, true, parts))]
}

function claim({ reviewId }: CreditReview, { api, refresh }: Parts): void {
  ask({
    title: 'Look at this refusal?',
    content: [field('reviewer', 'Your name', { required: true }, 'Who claims a review decides it.')],
    submit: 'Claim',
    send: async ({ reviewer }) => {
      await api.post(`/v1/reviews/${reviewId}/claim`, { reviewer })
      announce('The review is claimed.')
      refresh()
    },
  })
}

function decide({ reviewId, reviewer, ...review }: CreditReview, overturned: boolean, { api, refresh }: Parts): void {
  const amount = formatMoney(review.amountMinor, review.currency)
  const what = overturned
    ? `One purchase of up to ${amount} at ${review.merchantName} is approved then.`
    : 'The refusal stands, and is not looked at again.'
  ask({
    title: overturned ? 'Overturn this refusal?' : 'Uphold this refusal?',
    content: [h('p', {}, what), field('reason', 'Why, to the consumer', { required: true })],
    submit: overturned ? 'Overturn' : 'Uphold',
    danger: !overturned,
    send: async ({ reason }) => {
      await api.post(`/v1/reviews/${reviewId}/decision`, { reviewer, overturned, reason })
      announce('The review is decided.')
      refresh()
    },
  })
}
