import type { Instalment, Payment, Plan } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { choice, field } from '../kit/fields.ts'
import { openMinor } from '../kit/instalment-list.ts'
import { formatMoney, parseAmount, plainAmount } from '../kit/money.ts'
import { fieldProblem, Problem } from '../kit/problem.ts'
import { plainWords } from '../kit/status-badge.ts'
import { cardName, type Wallet } from './wallet.ts'

/** Asks with which card and how much of an instalment to pay, and pays it. */
export function payNow(plan: Plan, instalment: Instalment, { api, cards, refresh }: Wallet): void {
  const { currency } = plan
  const most = openMinor(instalment)
  const amount = { inputmode: 'decimal', required: true, value: plainAmount(most, currency) }
  ask({
    title: `Pay instalment ${instalment.no}`,
    content: [
      h('p', { class: 'quiet' }, `${formatMoney(most, currency)} is open.`),
      field('amountMinor', `Amount in ${currency}`, amount),
      choice(
        'paymentMethodId',
        'Pay with',
        cards.map((card) => [card.paymentMethodId, cardName(card)]),
      ),
    ],
    submit: 'Pay',
    send: async ({ amountMinor: typed = '', paymentMethodId }) => {
      const amountMinor = parseAmount(typed, currency)
      if (amountMinor === null) throw fieldProblem('amountMinor', `must be an amount of ${currency}`)
      const body = { instalmentNo: instalment.no, amountMinor, currency, paymentMethodId }
      const payment = await api.post<Payment>(`/v1/plans/${plan.planId}/payments`, body)
      if (payment.status === 'FAILED') {
        const why = payment.declineCode === null ? '' : `: ${plainWords(payment.declineCode).toLowerCase()}`
        throw new Problem(0, 'PAYMENT_FAILED', `The card was declined${why}. Try another one.`)
      }
      announce(`Paid ${formatMoney(payment.amountMinor, payment.currency)}`)
      await refresh()
    },
  })
}
