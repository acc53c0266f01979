import type { NoticePreferences } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { asProblem } from '../kit/problem.ts'
import type { Wallet } from './wallet.ts'

type Category = keyof NoticePreferences
type Channel = keyof NoticePreferences[Category]

const PATH = '/v1/consumers/me/notice-preferences'
const CATEGORIES: readonly (readonly [Category, string])[] = [
  ['REMINDERS', 'Payment reminders'],
  ['RECEIPTS', 'Receipts and schedules'],
  ['ACCOUNT', 'Account'],
  ['STATEMENTS', 'Statements'],
  ['NEWS', 'Offers'],
]
const CHANNELS: readonly (readonly [Channel, string])[] = [
  ['EMAIL', 'E-mail'],
  ['SMS', 'Text'],
  ['PUSH', 'Push'],
]

/** What comes by which channel: read when it is opened, kept as a whole. */
export function noticesCard(wallet: () => Wallet): void {
  const more = byId('notices-more', HTMLDetailsElement)
  const form = byId('notices-form', HTMLFormElement)
  const place = byId('notice-choices', HTMLDivElement)
  more.addEventListener('toggle', () => {
    if (more.open) void draw(place, wallet())
  })
  onSubmit(form, async () => {
    await wallet().api.put(PATH, chosen(form))
    announce('Your choice is kept.')
  })
}

async function draw(place: HTMLDivElement, { api, consumer }: Wallet): Promise<void> {
  try {
    const preferences = await api.get<NoticePreferences>(PATH)
    const head = h('tr', {}, h('th', {}, ''), ...CHANNELS.map(([, name]) => h('th', { scope: 'col' }, name)))
    const rows = CATEGORIES.map(([category, name]) => {
      const boxes = CHANNELS.map(([channel, channelName]) => {
        const box = h('input', {
          type: 'checkbox',
          name: `${category}-${channel}`,
          'aria-label': `${name}: ${channelName}`,
          checked: preferences[category][channel],
          disabled: channel === 'SMS' && consumer.phone === null,
        })
        return h('td', {}, box)
      })
      return h('tr', {}, h('th', { scope: 'row' }, name), ...boxes)
    })
    const table = h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))
    fill(place, h('div', { class: 'scroll' }, table))
  } catch (error) {
    fill(place, h('p', { class: 'hint' }, asProblem(error).message))
  }
}

function chosen(form: HTMLFormElement): NoticePreferences {
  const box = (category: Category, channel: Channel) =>
    form.querySelector<HTMLInputElement>(`input[name="${category}-${channel}"]`)?.checked ?? false
  const row = (category: Category) =>
    Object.fromEntries(CHANNELS.map(([channel]) => [channel, box(category, channel)])) as NoticePreferences[Category]
  return Object.fromEntries(CATEGORIES.map(([category]) => [category, row(category)])) as NoticePreferences
}
