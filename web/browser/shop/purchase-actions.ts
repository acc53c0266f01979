import type { Purchase } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { formatMoney, parseAmount, plainAmount } from '../kit/money.ts'
import { fieldProblem } from '../kit/problem.ts'
import type { Shop } from './shop.ts'

const CAPTURABLE: readonly string[] = ['AUTHORISED', 'PARTLY_CAPTURED']

/** What may still be captured or released. */
export function openMinor({ status, amountMinor, capturedMinor, releasedMinor }: Purchase): number {
  return CAPTURABLE.includes(status) ? amountMinor - capturedMinor - releasedMinor : 0
}

/** What may still be refunded. */
export function refundableMinor({ capturedMinor, refundedMinor }: Purchase): number {
  return capturedMinor - refundedMinor
}

/** Asks how much to capture, and captures it. */
export function capture(purchase: Purchase, shop: Shop): void {
  const { currency } = purchase
  askAmount(purchase, openMinor(purchase), {
    title: 'Capture',
    text: 'Capture when you ship. The consumer’s plan starts with it.',
    send: async (amountMinor) => {
      await shop.api.post(`/v1/purchases/${purchase.purchaseId}/captures`, { amountMinor, currency })
      await done(`Captured ${formatMoney(amountMinor, currency)}`, shop)
    },
  })
}

/** Asks how much to let go, and releases it. */
export function release(purchase: Purchase, shop: Shop): void {
  askAmount(purchase, openMinor(purchase), {
    title: 'Release',
    text: 'What is released cannot be captured any more. A first payment that is not needed goes back.',
    danger: true,
    send: async (amountMinor) => {
      await shop.api.post(`/v1/purchases/${purchase.purchaseId}/releases`, { amountMinor })
      await done(`Released ${formatMoney(amountMinor, purchase.currency)}`, shop)
    },
  })
}

type AmountQuestion = {
  readonly title: string
  readonly text: string
  readonly danger?: boolean
  readonly send: (amountMinor: number) => Promise<void>
}

function askAmount(purchase: Purchase, mostMinor: number, question: AmountQuestion): void {
  const { currency } = purchase
  const most = formatMoney(mostMinor, currency)
  const attributes = { inputmode: 'decimal', required: true, value: plainAmount(mostMinor, currency), autofocus: true }
  ask({
    title: titleOf(question.title, purchase),
    content: [
      h('p', { class: 'quiet' }, question.text),
      field('amountMinor', `Amount in ${currency}`, attributes, `At most ${most}.`),
    ],
    submit: question.title,
    danger: question.danger ?? false,
    send: async (values) => {
      const amountMinor = parseAmount(values['amountMinor'] ?? '', currency)
      if (amountMinor === null) throw fieldProblem('amountMinor', `must be an amount of ${currency}`)
      await question.send(amountMinor)
    },
  })
}

/** What is asked, and of which order. */
export function titleOf(title: string, { merchantReference }: Purchase): string {
  return merchantReference === null ? title : `${title}: ${merchantReference}`
}

/** Says what was done, and shows it. */
export async function done(text: string, shop: Shop): Promise<void> {
  announce(text)
  await shop.refresh()
}
