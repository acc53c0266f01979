import type { Checkout, Confirmation, MonthlyOffer, MonthlyOffers } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { banner, problemBanner } from '../kit/banner.ts'
import { byId, fill, show } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem, fieldProblem } from '../kit/problem.ts'
import { confirmationView } from './confirmation.ts'
import { offerView } from './offer-view.ts'
import { type Offered, offeredBy } from './products.ts'
import type { Wallet } from './wallet.ts'

const CHECKOUT_ID = /chk_[0-9a-f]{32}/
const DECISION_MS = /decision;dur=([\d.]+)/

/** The checkout of the address, from its offer to what became of it. */
export class CheckoutCard {
  readonly #wallet: () => Wallet
  readonly #place = byId('checkout', HTMLElement)
  readonly #body = byId('checkout-body', HTMLDivElement)
  #checkout: Checkout | undefined
  #monthly: readonly MonthlyOffer[] = []
  #settled = false
  #drawnFor = ''

  constructor(wallet: () => Wallet) {
    this.#wallet = wallet
    onSubmit(byId('open-form', HTMLFormElement), async ({ checkout = '' }) => {
      const checkoutId = CHECKOUT_ID.exec(checkout)?.[0]
      if (checkoutId === undefined) throw fieldProblem('checkout', 'must hold an id of the form chk_…')
      history.replaceState(null, '', `/me?checkout=${checkoutId}`)
      byId('open-form', HTMLFormElement).reset()
      await this.open()
      this.#place.scrollIntoView({ block: 'start' })
    })
  }

  /** True where the address names a checkout. */
  static isAsked(): boolean {
    return CHECKOUT_ID.test(location.search)
  }

  /** Shows the checkout of the address, if there is one. */
  async open(): Promise<void> {
    const checkoutId = CHECKOUT_ID.exec(location.search)?.[0]
    show(this.#place, checkoutId !== undefined)
    if (checkoutId === undefined) return
    this.#settled = false
    this.#drawnFor = ''
    try {
      const { api } = this.#wallet()
      const path = `/v1/checkouts/${checkoutId}`
      const [checkout, monthly] = await Promise.all([
        api.get<Checkout>(path),
        api.get<MonthlyOffers>(`${path}/monthly-plans`),
      ])
      this.#checkout = checkout
      this.#monthly = monthly.items
      this.draw()
    } catch (error) {
      fill(this.#body, problemBanner(asProblem(error)))
    }
  }

  /** Draws the offer again where what it depends on has changed: the cards, the date, the identity check. */
  draw(): void {
    if (this.#checkout === undefined || this.#settled) return
    const wallet = this.#wallet()
    const drawnFor = JSON.stringify([this.#checkout, wallet.cards, wallet.today, wallet.consumer.kycStatus])
    if (drawnFor === this.#drawnFor) return
    this.#drawnFor = drawnFor
    if (this.#checkout.status === 'EXPIRED') {
      fill(this.#body, banner('warn', 'This checkout has expired. Ask the shop for a new one.'))
      return
    }
    fill(
      this.#body,
      offerView(this.#checkout, offeredBy(this.#checkout, this.#monthly, wallet.today), wallet, (offered, card) =>
        this.#confirm(offered, card),
      ),
    )
  }

  async #confirm(offered: Offered, paymentMethodId: string): Promise<void> {
    const checkout = this.#checkout
    if (checkout === undefined) return
    const { api, refresh, today } = this.#wallet()
    const path = `/v1/checkouts/${checkout.checkoutId}/confirm`
    const { body, headers } = await api.postForAnswer<Confirmation>(path, { ...offered.body, paymentMethodId })
    this.#settled = true
    const decisionMs = DECISION_MS.exec(headers.get('server-timing') ?? '')?.[1]
    const retry = () => void this.open()
    const accept = (counter: Offered) => this.#confirm(counter, paymentMethodId)
    const shown = { checkout, confirmation: body, offered, today, decisionMs, retry, api, accept }
    fill(this.#body, confirmationView(shown))
    announce(`${formatMoney(body.amountMinor, body.currency)}: ${body.status}`)
    await refresh()
  }
}
