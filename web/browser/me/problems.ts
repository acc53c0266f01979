import type { Dispute, Plan, Purchase } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { formatDay } from '../kit/dates.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { choice, prose } from '../kit/fields.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import { badge } from '../kit/status-badge.ts'
import type { Wallet } from './wallet.ts'

const REASONS = [
  ['NOT_RECEIVED', 'It has not come'],
  ['NOT_AS_DESCRIBED', 'It is not what was offered, or it is broken'],
  ['RETURNED', 'I have sent it back'],
  ['DUPLICATE', 'I was charged twice'],
  ['NOT_MINE', 'I did not buy it'],
  ['OTHER', 'Something else'],
] as const

const OPEN: readonly string[] = ['OPEN', 'UNDER_REVIEW']
/** The status is the merchant’s view: what it has lost is refunded. */
const ENDED: Readonly<Record<string, string>> = { LOST: 'Problem settled: refunded', WON: 'Problem settled: as it was' }

/** What is wrong with a purchase, as far as it was said; and a way to say so, where something can be. */
export function problemOf(
  purchase: Purchase,
  plan: Plan | undefined,
  disputes: readonly Dispute[],
  wallet: () => Wallet,
): HTMLElement | null {
  const mine = disputes.filter(({ purchaseId }) => purchaseId === purchase.purchaseId)
  const open = mine.find(({ status }) => OPEN.includes(status))
  if (open !== undefined) return told(open, wallet)
  const [last] = mine
  const ended = last === undefined ? undefined : ENDED[last.status]
  const left = purchase.capturedMinor - purchase.refundedMinor
  if (ended === undefined && left <= 0) return null
  const report = () => reportProblem(purchase, plan, left, wallet())
  return h(
    'span',
    { class: 'buttons problem' },
    ended === undefined ? null : badge('quiet', ended),
    left > 0 ? h('button', { type: 'button', class: 'small', onclick: report }, 'Report a problem') : null,
  )
}

function told({ purchaseId, disputeId, origin, evidenceDueAt }: Dispute, wallet: () => Wallet): HTMLElement {
  const path = `/v1/purchases/${purchaseId}/disputes/${disputeId}/withdrawal`
  const withdraw = () =>
    ask({
      title: 'Is it solved?',
      content: [h('p', {}, 'The problem is withdrawn, and the payments go on as they were.')],
      submit: 'It is solved',
      send: async () => {
        await wallet().api.post(path, {})
        announce('The problem is withdrawn.')
        await wallet().refresh()
      },
    })
  return h(
    'span',
    { class: 'buttons problem' },
    badge('warn', 'Problem reported'),
    h('small', {}, `the shop answers by ${formatDay(evidenceDueAt.slice(0, 10))}`),
    origin === 'CONSUMER' ? h('button', { type: 'button', class: 'small', onclick: withdraw }, 'It is solved') : null,
  )
}

/** Holds the plan meanwhile, unless it is held or paid off. That it cannot be is no problem of the report. */
async function pause({ api, today }: Wallet, plan: Plan | undefined, reason = ''): Promise<string> {
  if (plan?.status !== 'ACTIVE' || (plan.pausedUntil ?? '') > today) return ''
  try {
    const body = { reason: reason === 'RETURNED' ? 'RETURN' : 'PROBLEM' }
    const { until } = await api.post<{ until: string }>(`/v1/plans/${plan.planId}/pauses`, body)
    return `Nothing is collected before ${formatDay(until)}.`
  } catch (error) {
    return asProblem(error).message
  }
}

function reportProblem(purchase: Purchase, plan: Plan | undefined, left: number, wallet: Wallet): void {
  const { purchaseId, merchantName, currency } = purchase
  const { api, refresh } = wallet
  ask({
    title: `What is wrong with the purchase at ${merchantName}?`,
    content: [
      choice('reason', 'The problem', REASONS),
      prose('note', 'In your words', { maxlength: 4_000 }),
      h('p', { class: 'hint' }, `The shop is asked, and the plan is held. It is about ${formatMoney(left, currency)}.`),
    ],
    submit: 'Report it',
    send: async ({ reason, note = '' }) => {
      await api.post(`/v1/purchases/${purchaseId}/disputes`, { reason, ...(note !== '' && { note }) })
      announce(`The problem is reported. ${await pause(wallet, plan, reason)}`)
      await refresh()
    },
  })
}
