import type { Consumer } from '../api-types.ts'
import { banner } from '../kit/banner.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Wallet } from './wallet.ts'

type Credit = NonNullable<Consumer['credit']>

/** What may be spent, and what the rest of the limit is taken by. */
export function limitCard(wallet: () => Wallet): { draw(): void } {
  const place = byId('limit', HTMLDivElement)
  const draw = whenChanged((credit: Consumer['credit']) => {
    if (credit === null) fill(place, h('p', { class: 'quiet' }, 'Your limit comes with the identity check.'))
    else drawCredit(place, credit)
  })
  return { draw: () => draw(wallet().consumer.credit) }
}

function drawCredit(place: HTMLElement, credit: Credit): void {
  const { currency, limitMinor, availableMinor } = credit
  const parts = [
    ['Held for purchases', 'hold', credit.holdMinor],
    ['Owed', 'owed', credit.outstandingMinor],
    ['Late fees', 'fees', credit.feesMinor],
    ['Available', 'free', availableMinor],
  ] as const
  const bar = h('div', { class: 'limit-bar', 'aria-hidden': 'true' })
  for (const [, kind, minor] of parts) {
    if (minor <= 0) continue
    const piece = h('span', { class: `piece piece-${kind}` })
    piece.style.flexGrow = String(minor)
    bar.append(piece)
  }
  const rows = parts
    .filter(([, kind, minor]) => minor > 0 || kind === 'free')
    .map(([name, kind, minor]) =>
      h('div', {}, h('dt', { class: `key key-${kind}` }, name), h('dd', {}, formatMoney(minor, currency))),
    )
  fill(
    place,
    credit.blocked ? banner('warn', 'A payment is overdue. Pay it, and you can buy again at once.') : null,
    h('p', { class: 'big-money' }, formatMoney(availableMinor, currency)),
    h(
      'p',
      { class: 'quiet' },
      limitMinor === 0
        ? 'No limit can be given now. A purchase tells why.'
        : `available of ${formatMoney(limitMinor, currency)}`,
    ),
    bar,
    h('dl', { class: 'legend' }, ...rows),
  )
}
