import type { Clock, Merchant } from './api-types.ts'
import { ApiClient } from './kit/api-client.ts'
import { banner } from './kit/banner.ts'
import { fillChoices } from './kit/choices.ts'
import { copyButton } from './kit/copy-button.ts'
import { byId, fill, h, show } from './kit/dom.ts'
import { keep, kept } from './kit/kept.ts'
import { formatMoney } from './kit/money.ts'
import { type Poll, poll } from './kit/poll.ts'
import { asProblem } from './kit/problem.ts'
import { statusBadge } from './kit/status-badge.ts'
import { takeToken } from './kit/take-token.ts'
import { analytics } from './shop/analytics.ts'
import { connectForms, showKeyProblem } from './shop/connect.ts'
import { deadLetters } from './shop/dead-letters.ts'
import { disputeList } from './shop/dispute-list.ts'
import { offerForm } from './shop/offer.ts'
import { purchaseTable } from './shop/purchase-table.ts'
import { settlementList } from './shop/settlement-list.ts'
import type { Shop } from './shop/shop.ts'

const EVERY_MS = 3_000

const api = new ApiClient(() => kept('merchant-key'))
let shop: Shop | undefined
let watching: Poll | undefined

const current = () => {
  if (shop === undefined) throw new Error('No shop is connected.')
  return shop
}
fillChoices()
const offer = offerForm(current)
const parts = [
  purchaseTable(current),
  settlementList(current),
  disputeList(current),
  deadLetters(current),
  analytics(current),
]
const refresh = async () => {
  await Promise.all(parts.map((part) => part.refresh()))
}

async function look(): Promise<Shop> {
  const [merchant, clock] = await Promise.all([
    api.get<Merchant>('/v1/merchants/me'),
    api.get<Clock>('/v1/sandbox/clock'),
  ])
  return { api, merchant, today: clock.date, refresh }
}

async function enter(isNew: boolean): Promise<void> {
  shop = await look()
  showConnected(true)
  drawMerchant(shop.merchant)
  drawKey(isNew)
  offer.draw()
  watching?.stop()
  watching = poll(EVERY_MS, async () => {
    // The tiles say what is wrong; here only a key that is not taken any more matters.
    shop = await look().catch((error: unknown) => {
      if (asProblem(error).status === 401) leave(error)
      return shop
    })
    if (kept('merchant-key') !== null) await refresh()
  })
}

/** Back to the forms. The key is forgotten unless the platform could not be asked about it. */
function leave(error?: unknown): void {
  watching?.stop()
  const problem = error === undefined ? undefined : asProblem(error)
  if (problem === undefined || problem.status === 401) keep('merchant-key', null)
  showConnected(false)
  if (problem !== undefined) showKeyProblem(problem)
}

function showConnected(connected: boolean): void {
  show(byId('connect', HTMLDivElement), !connected)
  show(byId('shop', HTMLDivElement), connected)
  show(byId('merchant-tools', HTMLDivElement), connected)
}

function drawMerchant(merchant: Merchant): void {
  const { currency } = merchant
  const fact = (name: string, value: string) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
  fill(
    byId('merchant', HTMLElement),
    h('div', { class: 'card-head' }, h('h2', {}, merchant.name), statusBadge(merchant.status)),
    h(
      'dl',
      { class: 'figures' },
      fact('Legal name', merchant.legalName),
      fact('Fee', `${(merchant.feeBps / 100).toFixed(2)}% + ${formatMoney(merchant.feeFixedMinor, currency)}`),
      fact('Monthly', merchant.monthly.map(monthlyWords).join('; ') || 'not offered'),
      fact('Paid out', merchant.settlementDays === 1 ? 'after 1 day' : `after ${merchant.settlementDays} days`),
      fact(
        'Purchases',
        `${formatMoney(merchant.ticketMinMinor, currency)} to ${formatMoney(merchant.ticketMaxMinor, currency)}`,
      ),
    ),
  )
}

function monthlyWords({ instalments, ratePpm }: Merchant['monthly'][number]): string {
  return `${instalments} ${ratePpm === 0 ? 'without interest' : `at ${(ratePpm / 10_000).toFixed(2)}%`}`
}

/** A new key is shown once: the platform keeps only its hash. */
function drawKey(isNew: boolean): void {
  const key = kept('merchant-key') ?? ''
  const note = banner('ok', 'The shop is open. This is its API key; it is shown only now. ')
  note.append(
    h('code', { class: 'secret' }, key),
    copyButton(() => key, 'Copy key'),
  )
  fill(byId('new-key', HTMLDivElement), isNew ? note : null)
}

takeToken()
connectForms(enter)
byId('forget-key', HTMLButtonElement).addEventListener('click', () => leave())
showConnected(false)
if (kept('merchant-key') !== null) void enter(false).catch(leave)
