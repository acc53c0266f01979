import type { Page, WebhookDelivery } from '../api-types.ts'
import { problemBanner } from '../kit/banner.ts'
import { byId, fill, h, show } from '../kit/dom.ts'
import { asProblem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Shop } from './shop.ts'

const SHOWN_MAX = 20

/** Webhooks that were given up, each with a button that tries it again; nothing is shown where there are none. */
export function deadLetters(shop: () => Shop): { refresh(): Promise<void> } {
  const card = byId('webhooks', HTMLElement)
  const place = byId('dead-letters', HTMLDivElement)
  const draw = whenChanged((dead: readonly WebhookDelivery[]) => {
    show(card, dead.length > 0)
    fill(place, ...dead.map((delivery) => entry(delivery, shop)))
  })
  return {
    async refresh() {
      try {
        const path = `/v1/webhook-deliveries?status=DEAD&limit=${SHOWN_MAX}`
        draw((await shop().api.get<Page<WebhookDelivery>>(path)).items)
      } catch (error) {
        show(card, true)
        fill(place, problemBanner(asProblem(error)))
      }
    },
  }
}

function entry({ deliveryId, eventType, subject, attempts, failure }: WebhookDelivery, shop: () => Shop): HTMLElement {
  const said = h('div', {})
  const replay = async () => {
    try {
      await shop().api.post(`/v1/webhook-deliveries/${encodeURIComponent(deliveryId)}/replay`, {})
      await shop().refresh()
    } catch (error) {
      fill(said, problemBanner(asProblem(error)))
    }
  }
  return h(
    'div',
    { class: 'card-head' },
    h(
      'p',
      {},
      h('strong', {}, eventType),
      ' of ',
      h('code', {}, subject),
      h('small', {}, ` ${attempts} attempts, the last one: ${failure ?? 'unknown'}`),
    ),
    h('button', { type: 'button', class: 'small', onclick: () => void replay() }, 'Replay'),
    said,
  )
}
