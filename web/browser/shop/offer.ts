import type { Checkout } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { copyButton } from '../kit/copy-button.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import { type FormValues, onSubmit } from '../kit/form.ts'
import { keep, kept } from '../kit/kept.ts'
import { formatMoney, parseAmount, plainAmount } from '../kit/money.ts'
import { fieldProblem } from '../kit/problem.ts'
import type { Shop } from './shop.ts'

/** A checkout as this tab remembers it: the API lists purchases, not offers. */
type Offered = Pick<Checkout, 'checkoutId' | 'merchantId' | 'amountMinor' | 'currency' | 'merchantReference'>

const REMEMBERED_MAX = 5

/** The form that offers a basket, and the last offers with the links for their consumers. */
export function offerForm(shop: () => Shop): { draw(): void } {
  const form = byId('offer-form', HTMLFormElement)
  const items = byId('items', HTMLDivElement)
  const amount = byId('amount', HTMLInputElement)
  const currency = byId('offer-currency', HTMLSelectElement)
  const recount = () => {
    amount.readOnly = items.childElementCount > 0
    if (amount.readOnly) amount.value = plainAmount(basketOf(items, currency.value), currency.value)
  }
  byId('add-item', HTMLButtonElement).addEventListener('click', () => {
    const row = itemRow(items.childElementCount, () => {
      row.remove()
      renumber(items)
      recount()
    })
    items.append(row)
    row.querySelector('input')?.focus()
    recount()
  })
  items.addEventListener('input', recount)
  currency.addEventListener('change', recount)
  onSubmit(form, async (values) => {
    const body = bodyOf(values, items)
    const checkout = await shop().api.post<Checkout>('/v1/checkouts', body)
    remember(checkout)
    announce(`Offered ${formatMoney(checkout.amountMinor, checkout.currency)}`)
    form.reset()
    fill(items)
    amount.readOnly = false
    currency.value = shop().merchant.currency
    drawOffered(shop())
  })
  return {
    draw() {
      currency.value = shop().merchant.currency
      drawOffered(shop())
    },
  }
}

function bodyOf(values: FormValues, items: HTMLElement) {
  const currency = values['currency'] ?? ''
  const minorOf = (name: string) => {
    const minor = parseAmount(values[name] ?? '', currency)
    if (minor === null)
      throw fieldProblem(name, `must be an amount of ${currency}, such as ${plainAmount(5727, currency)}`)
    return minor
  }
  return {
    amountMinor: minorOf('amountMinor'),
    currency,
    merchantReference: values['merchantReference'] === '' ? undefined : values['merchantReference'],
    items: [...items.children].map((_row, index) => ({
      name: values[`items.${index}.name`],
      quantity: Number(values[`items.${index}.quantity`]),
      unitAmountMinor: minorOf(`items.${index}.unitAmountMinor`),
    })),
  }
}

function itemRow(index: number, remove: () => void): HTMLElement {
  return h(
    'div',
    { class: 'item-row' },
    field(`items.${index}.name`, 'Item', { required: true, maxlength: 200 }),
    field(`items.${index}.quantity`, 'Quantity', { type: 'number', min: 1, max: 10_000, value: 1, required: true }),
    field(`items.${index}.unitAmountMinor`, 'Each', { inputmode: 'decimal', required: true }),
    h('button', { type: 'button', class: 'small plain', onclick: remove, 'aria-label': 'Remove this item' }, '✕'),
  )
}

function renumber(items: HTMLElement): void {
  for (const [index, row] of [...items.children].entries()) {
    for (const input of row.querySelectorAll('input')) input.name = input.name.replace(/^items\.\d+/, `items.${index}`)
  }
}

function basketOf(items: HTMLElement, currency: string): number {
  const textOf = (row: Element, name: string) => row.querySelector<HTMLInputElement>(`[name$="${name}"]`)?.value ?? ''
  return [...items.children].reduce(
    (sum, row) => sum + Number(textOf(row, 'quantity')) * (parseAmount(textOf(row, 'unitAmountMinor'), currency) ?? 0),
    0,
  )
}

function remember({ checkoutId, merchantId, amountMinor, currency, merchantReference }: Checkout): void {
  const offered: Offered = { checkoutId, merchantId, amountMinor, currency, merchantReference }
  keep('offered-checkouts', JSON.stringify([offered, ...remembered()].slice(0, REMEMBERED_MAX)))
}

function remembered(): Offered[] {
  return JSON.parse(kept('offered-checkouts') ?? '[]') as Offered[]
}

function drawOffered({ merchant }: Shop): void {
  const own = remembered().filter(({ merchantId }) => merchantId === merchant.merchantId)
  const rows = own.map((one) => {
    const address = new URL(`/me?checkout=${one.checkoutId}`, location.href).href
    return h(
      'li',
      {},
      h('strong', {}, formatMoney(one.amountMinor, one.currency)),
      h('span', { class: 'quiet' }, one.merchantReference ?? ''),
      h('a', { class: 'button small', href: address, target: '_blank', rel: 'opener' }, 'Consumer link'),
      copyButton(() => address, 'Copy link'),
    )
  })
  fill(byId('offered', HTMLDivElement), own.length === 0 ? null : h('ul', { class: 'offered' }, ...rows))
}
