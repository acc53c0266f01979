import type { Purchase, Refund } from '../api-types.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import type { FormValues } from '../kit/form.ts'
import { formatMoney, parseAmount, plainAmount } from '../kit/money.ts'
import { fieldProblem } from '../kit/problem.ts'
import { done, refundableMinor, titleOf } from './purchase-actions.ts'
import type { Shop } from './shop.ts'

/** Asks what to give back, an amount or so many of each line of the basket, and refunds it. */
export function refund(purchase: Purchase, shop: Shop): void {
  const { currency } = purchase
  const mostMinor = refundableMinor(purchase)
  const lines = lineFields(purchase)
  const byLine = lines.length > 0
  const given = byLine ? {} : { required: true, value: plainAmount(mostMinor, currency), autofocus: true }
  ask({
    title: titleOf('Refund', purchase),
    content: [
      h(
        'p',
        { class: 'quiet' },
        'It lowers the instalments that are still open, the last one first. What is over goes back to the card.',
      ),
      ...lines,
      field(
        'amountMinor',
        byLine ? `Or an amount in ${currency}` : `Amount in ${currency}`,
        { inputmode: 'decimal', ...given },
        `At most ${formatMoney(mostMinor, currency)}.`,
      ),
      field('reason', 'Reason (optional)', { maxlength: 200 }),
    ],
    submit: 'Refund',
    danger: true,
    send: async (values) => {
      const body = { ...whatOf(values, purchase), currency, reason: values['reason'] || undefined }
      const made = await shop.api.post<Refund>(`/v1/purchases/${purchase.purchaseId}/refunds`, body)
      await done(`Refunded ${formatMoney(made.amountMinor, currency)}`, shop)
    },
  })
}

/** How many to give back of each line that has some left. */
function lineFields({ items, currency }: Purchase): HTMLElement[] {
  return items.flatMap(({ name, quantity, unitAmountMinor, refundedQuantity }, index) => {
    const left = quantity - refundedQuantity
    const attributes = { type: 'number', min: 0, max: left, step: 1, value: 0 }
    const hint = `${left} of ${quantity} left, ${formatMoney(unitAmountMinor, currency)} each.`
    return left > 0 ? [field(nameOf(index), name, attributes, hint)] : []
  })
}

/** What was asked for; that it is one of the two is for the API to say. */
function whatOf(values: FormValues, { items: basket, currency }: Purchase) {
  const typed = values['amountMinor'] ?? ''
  const amountMinor = parseAmount(typed, currency)
  if (typed !== '' && amountMinor === null) throw fieldProblem('amountMinor', `must be an amount of ${currency}`)
  const items = basket
    .map((_, index) => ({ line: index + 1, quantity: Number(values[nameOf(index)] ?? 0) }))
    .filter(({ quantity }) => quantity > 0)
  return { amountMinor: amountMinor ?? undefined, items: items.length > 0 ? items : undefined }
}

function nameOf(index: number): string {
  return `line.${index + 1}`
}
