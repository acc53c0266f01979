import type { PaymentMethod } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { reach } from '../kit/api-client.ts'
import { byId, fill, h, show } from '../kit/dom.ts'
import { type FormValues, onSubmit } from '../kit/form.ts'
import { Problem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { cardName, type Wallet } from './wallet.ts'

/** The cards that the sandbox gateway knows, and what each does. */
const TEST_CARDS: readonly (readonly [number: string, does: string])[] = [
  ['4242424242424242', 'always pays'],
  ['4000000000000002', 'declined'],
  ['4000000000009995', 'insufficient funds'],
  ['4000000000000341', 'can be added, then every charge fails'],
  ['4000000000000119', 'processing error, tried again'],
  ['4000000000003220', 'pays at checkout, later declines twice'],
  ['4000000000001018', 'pays at checkout, later Visa forbids another attempt'],
  ['5400000000000302', 'pays at checkout, later Mastercard says to wait ten days'],
  ['4000000000003238', 'pays at checkout, later fails for good'],
]
const VALID_YEARS = 3

type Token = Omit<PaymentMethod, 'paymentMethodId'> & { readonly token: string }

/** The kept cards, and the form that adds one. */
export function cardsCard(wallet: () => Wallet): { draw(): void } {
  const place = byId('cards', HTMLDivElement)
  const draw = whenChanged((cards: readonly PaymentMethod[]) => {
    const rows = cards.map((card) =>
      h('li', {}, h('span', {}, cardName(card)), h('small', {}, `${card.expiryMonth}/${card.expiryYear}`)),
    )
    fill(place, cards.length === 0 ? h('p', { class: 'quiet' }, 'No card yet.') : h('ul', { class: 'cards' }, ...rows))
    if (cards.length === 0) byId('add-card', HTMLDetailsElement).open = true
  })
  cardForm(wallet)
  return { draw: () => draw(wallet().cards) }
}

function cardForm(wallet: () => Wallet): void {
  const form = byId('card-form', HTMLFormElement)
  const pick = byId('test-card', HTMLSelectElement)
  fill(
    pick,
    h('option', { value: '' }, 'Another card'),
    ...TEST_CARDS.map(([number, does]) => h('option', { value: number }, `···· ${number.slice(-4)} – ${does}`)),
  )
  show(byId('test-card-field', HTMLDivElement), document.querySelector('.sandbox-tag') !== null)
  pick.addEventListener('change', () => {
    if (pick.value !== '') fillTestCard(pick.value, wallet().today)
  })
  onSubmit(form, async (values) => {
    const { api, refresh } = wallet()
    const { token, brand, last4, expiryMonth, expiryYear } = await tokenOf(values)
    const body = { token, brand, last4, expiryMonth, expiryYear }
    const card = await api.post<PaymentMethod>('/v1/consumers/me/payment-methods', body)
    announce(`Added ${cardName(card)}`)
    form.reset()
    byId('add-card', HTMLDetailsElement).open = false
    await refresh()
  })
}

function fillTestCard(number: string, today: string): void {
  byId('card-number', HTMLInputElement).value = number.replace(/(\d{4})(?=\d)/g, '$1 ')
  byId('card-month', HTMLInputElement).value = '12'
  byId('card-year', HTMLInputElement).value = String(Number(today.slice(0, 4)) + VALID_YEARS)
  byId('card-cvc', HTMLInputElement).value = '123'
}

/** The card's number goes from the browser to the gateway; only what comes back goes on. @throws Problem */
async function tokenOf({ number = '', expiryMonth, expiryYear, cvc }: FormValues): Promise<Token> {
  const gateway = document.querySelector<HTMLMetaElement>('meta[name=gateway-url]')?.content ?? ''
  const response = await reach(`${gateway}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      number: number.replace(/\s/g, ''),
      expiryMonth: Number(expiryMonth),
      expiryYear: Number(expiryYear),
      cvc,
    }),
  })
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as Token
  throw new Problem(response.status, 'CARD_NOT_TAKEN', refusalOf(body), [])
}

function refusalOf(body: unknown): string {
  const { message, detail, error } = (body ?? {}) as { message?: unknown; detail?: unknown; error?: unknown }
  const inner = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error
  const said = [detail, message, inner].find((text) => typeof text === 'string')
  return typeof said === 'string' ? said : 'The gateway did not take this card. Check its number and dates.'
}
