import type { Checkout } from '../api-types.ts'
import { banner } from '../kit/banner.ts'
import { h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { formatMoney } from '../kit/money.ts'
import { type Offered, productChoice } from './products.ts'
import { cardName, type Wallet } from './wallet.ts'

/** What is bought, all ways to pay it back with their dates and cost, and the button that confirms. */
export function offerView(
  checkout: Checkout,
  offers: readonly Offered[],
  wallet: Wallet,
  confirm: (offered: Offered, paymentMethodId: string) => Promise<void>,
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
      ...offers.map((one, index) => productChoice(one, index === 0, checkout.currency, wallet.today)),
    ),
    cards.length === 0 ? todo('Add a card first', '#cards-title') : cardChoice(wallet),
    wallet.consumer.kycStatus === 'APPROVED' ? null : todo('Verify your identity first', '#identity-title'),
    h('div', { class: 'form-actions' }, button),
    h(
      'p',
      { class: 'hint' },
      'A payment that is two days late costs a late fee and no interest, and stops new purchases until it is paid.',
    ),
  )
  const chosen = () => offers.find(({ key }) => key === new FormData(form).get('product'))
  const label = () => {
    const nowMinor = chosen()?.nowMinor ?? 0
    const now = nowMinor > 0 ? formatMoney(nowMinor, checkout.currency) : 'nothing'
    button.textContent = `Confirm and pay ${now} now`
  }
  form.addEventListener('change', label)
  label()
  onSubmit(form, async ({ paymentMethodId = '' }) => {
    const offered = chosen()
    if (offered !== undefined) await confirm(offered, paymentMethodId)
  })
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
