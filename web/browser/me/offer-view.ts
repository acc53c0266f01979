import type { Checkout } from '../api-types.ts'
import { banner } from '../kit/banner.ts'
import { h } from '../kit/dom.ts'
import { type FormValues, onSubmit } from '../kit/form.ts'
import { plannedList } from '../kit/instalment-list.ts'
import { formatMoney } from '../kit/money.ts'
import { previewSchedule } from '../kit/schedule-preview.ts'
import { cardName, type Wallet } from './wallet.ts'

/** What is bought, both ways to pay it back with their dates, and the button that confirms. */
export function offerView(
  checkout: Checkout,
  wallet: Wallet,
  confirm: (values: FormValues) => Promise<void>,
): HTMLElement {
  const { cards } = wallet
  const button = h('button', { type: 'submit', class: 'primary wide', disabled: cards.length === 0 })
  const form = h(
    'form',
    { class: 'offer' },
    h(
      'fieldset',
      { class: 'products' },
      h('legend', {}, 'How would you like to pay?'),
      product('PAY_IN_4', 'Pay in 4', 'Interest-free, every two weeks', checkout, wallet.today),
      product('PAY_IN_30', 'Pay in 30 days', 'Interest-free; 30 days from when the shop ships', checkout, wallet.today),
    ),
    cards.length === 0 ? todo('Add a card first', '#cards-title') : cardChoice(wallet),
    wallet.consumer.kycStatus === 'APPROVED' ? null : todo('Verify your identity first', '#identity-title'),
    h('div', { class: 'form-actions' }, button),
    h(
      'p',
      { class: 'hint' },
      'No interest. A payment that is two days late costs a late fee, and stops new purchases until it is paid.',
    ),
  )
  const label = () => {
    const chosen = new FormData(form).get('product')
    const [first] = previewSchedule(String(chosen), checkout.amountMinor, wallet.today)
    const now = formatMoney(first?.amountMinor ?? 0, checkout.currency)
    button.textContent = chosen === 'PAY_IN_4' ? `Confirm and pay ${now} now` : 'Confirm and pay nothing now'
  }
  form.addEventListener('change', label)
  label()
  onSubmit(form, confirm)
  return h('div', {}, basket(checkout), form)
}

function basket({ merchantName, amountMinor, currency, items, merchantReference }: Checkout): HTMLElement {
  const rows = items.map(({ name, quantity, unitAmountMinor }) =>
    h(
      'li',
      {},
      h('span', {}, quantity === 1 ? name : `${quantity} × ${name}`),
      h('span', { class: 'amount' }, formatMoney(quantity * unitAmountMinor, currency)),
    ),
  )
  return h(
    'div',
    { class: 'basket' },
    h(
      'p',
      { class: 'basket-head' },
      h('span', {}, h('strong', {}, merchantName), h('small', {}, merchantReference ?? 'Order')),
      h('span', { class: 'big-money' }, formatMoney(amountMinor, currency)),
    ),
    rows.length === 0 ? null : h('ul', {}, ...rows),
  )
}

function product(value: string, name: string, note: string, checkout: Checkout, today: string): HTMLElement {
  const id = `product-${value.toLowerCase()}`
  const payments = previewSchedule(value, checkout.amountMinor, today)
  return h(
    'label',
    { class: 'product', for: id },
    h('input', { type: 'radio', name: 'product', value, id, checked: value === 'PAY_IN_4', required: true }),
    h('span', { class: 'product-name' }, h('strong', {}, name), h('small', {}, note)),
    plannedList(payments, checkout.currency, today),
  )
}

function cardChoice({ cards }: Wallet): HTMLElement {
  const options = cards.map((card) => h('option', { value: card.paymentMethodId }, cardName(card)))
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'pay-with' }, 'Pay with'),
    h('select', { id: 'pay-with', name: 'paymentMethodId', required: true }, ...options),
  )
}

function todo(text: string, place: string): HTMLElement {
  const note = banner('info', '')
  note.append(h('a', { href: place }, text))
  return note
}
