import type { Purchase } from '../api-types.ts'
import { problemBanner } from '../kit/banner.ts'
import { formatDay } from '../kit/dates.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { formatMoney } from '../kit/money.ts'
import { PagedList } from '../kit/paged-list.ts'
import { asProblem } from '../kit/problem.ts'
import { plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { capture, openMinor, refundableMinor, release } from './purchase-actions.ts'
import { refund } from './refund.ts'
import type { Shop } from './shop.ts'

const PAGE_SIZE = 20

/** The shop's purchases, newest first, with what can be done with each. */
export function purchaseTable(shop: () => Shop): { refresh(): Promise<void> } {
  const place = byId('purchases', HTMLDivElement)
  let reference = ''
  let list: PagedList<Purchase> | undefined
  const refresh = async () => {
    const { api } = shop()
    list ??= new PagedList<Purchase>(api, PAGE_SIZE)
    const query = reference === '' ? '' : `?merchantReference=${encodeURIComponent(reference)}`
    try {
      await list.load(`/v1/purchases${query}`)
      draw({ items: list.items, hasMore: list.hasMore })
    } catch (error) {
      fill(place, problemBanner(asProblem(error)))
    }
  }
  const more = () => {
    list?.more()
    void refresh()
  }
  const draw = whenChanged(({ items, hasMore }: { items: readonly Purchase[]; hasMore: boolean }) => {
    fill(
      place,
      items.length === 0 ? h('p', { class: 'quiet' }, 'No purchase yet. Offer a checkout and open its link.') : null,
      items.length === 0 ? null : table(items, shop()),
      hasMore ? h('button', { type: 'button', onclick: more }, 'Show more') : null,
    )
  })
  onSubmit(byId('search-form', HTMLFormElement), async (values) => {
    reference = values['merchantReference'] ?? ''
    list = undefined
    await refresh()
  })
  return { refresh }
}

function table(purchases: readonly Purchase[], shop: Shop): HTMLElement {
  const heads = ['Purchase', 'Status', 'Amount', 'Captured', 'Refunded', 'Open', '']
  const head = heads.map((text, index) => h('th', { scope: 'col', class: index > 1 && index < 6 ? 'num' : '' }, text))
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'stacking' },
      h('thead', {}, h('tr', {}, ...head)),
      h('tbody', {}, ...purchases.map((purchase) => row(purchase, shop))),
    ),
  )
}

function row(purchase: Purchase, shop: Shop): HTMLElement {
  const money = (label: string, minor: number) =>
    h('td', { class: minor === 0 ? 'num zero' : 'num', 'data-label': label }, formatMoney(minor, purchase.currency))
  return h(
    'tr',
    { 'data-purchase': purchase.purchaseId },
    h(
      'th',
      { scope: 'row' },
      purchase.merchantReference ?? h('code', {}, purchase.purchaseId.slice(0, 12)),
      h('small', {}, `${plainWords(purchase.product)} · ${formatDay(purchase.requestedOn)}`),
    ),
    h('td', { 'data-label': 'Status' }, statusBadge(purchase.status)),
    money('Amount', purchase.amountMinor),
    money('Captured', purchase.capturedMinor),
    money('Refunded', purchase.refundedMinor),
    money('Open', openMinor(purchase)),
    h('td', { class: 'actions' }, ...actions(purchase, shop)),
  )
}

function actions(purchase: Purchase, shop: Shop): HTMLElement[] {
  const button = (text: string, action: (purchase: Purchase, shop: Shop) => void) =>
    h('button', { type: 'button', class: 'small', onclick: () => action(purchase, shop) }, text)
  return [
    ...(openMinor(purchase) > 0 ? [button('Capture', capture), button('Release', release)] : []),
    ...(refundableMinor(purchase) > 0 ? [button('Refund', refund)] : []),
  ]
}
