import type { MerchantApplication, TermsVersion } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { choice, field } from '../kit/fields.ts'
import { asProblem } from '../kit/problem.ts'
import { badge, plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { termsForm, termsOf } from './merchant-terms.ts'

type Parts = { readonly api: ApiClient; readonly refresh: () => void }

const TIERS = [
  ['LOW', 'Low risk'],
  ['STANDARD', 'Standard risk'],
  ['HIGH', 'High risk'],
] as const

/** Merchants that apply, what the verification says of them, and what the staff can do: decide, set tier and terms. */
export function applicationList(parts: Parts): (applications: readonly MerchantApplication[]) => void {
  return whenChanged((applications) => {
    const place = byId('applications', HTMLDivElement)
    // Whoever waits for a person comes first; among them the newest.
    const waits = ({ status }: MerchantApplication) => Number(status === 'IN_REVIEW')
    const ordered = applications.toSorted((left, right) => waits(right) - waits(left))
    if (ordered.length === 0) fill(place, h('p', { class: 'quiet' }, 'No merchant has applied yet.'))
    else fill(place, h('ul', { class: 'rows' }, ...ordered.map((application) => row(application, parts))))
  })
}

function row(application: MerchantApplication, parts: Parts): HTMLElement {
  const { merchantId, name, legalName, registrationNumber, country, currency, categoryCode } = application
  const { status, tier, reasons, appliedAt } = application
  const facts = [legalName, registrationNumber, country, currency, `category ${categoryCode}`]
  return h(
    'li',
    { 'data-merchant': merchantId },
    h('span', {}, h('strong', {}, name), h('small', {}, facts.join(' · '))),
    h('span', {}, ...reasons.map((code) => h('code', {}, code)), h('small', {}, `applied ${appliedAt.slice(0, 10)}`)),
    h('span', {}, statusBadge(status), tier === null ? null : badge('quiet', plainWords(`${tier}_RISK`))),
    h('span', { class: 'buttons' }, ...actions(application, parts)),
  )
}

function actions(application: MerchantApplication, parts: Parts): readonly HTMLElement[] {
  const button = (label: string, onclick: () => void) => h('button', { type: 'button', class: 'small', onclick }, label)
  switch (application.status) {
    case 'IN_REVIEW':
      return [
        button('Approve', () => decide(application, true, parts)),
        button('Refuse', () => decide(application, false, parts)),
      ]
    case 'APPROVED':
      return [
        button('Tier', () => changeTier(application, parts)),
        button('Terms', () => void changeTerms(application, parts)),
      ]
    default:
      return []
  }
}

function decide({ merchantId, name }: MerchantApplication, approve: boolean, { api, refresh }: Parts): void {
  const why = field('reason', 'Why, for the audit log', { required: true, maxlength: 200 })
  ask({
    title: approve ? `Take ${name} on?` : `Refuse ${name}?`,
    content: approve
      ? [choice('tier', 'Risk tier', TIERS), why]
      : [h('p', {}, 'A refusal is for good: the merchant would have to apply anew.'), why],
    submit: approve ? 'Approve' : 'Refuse',
    danger: !approve,
    send: async ({ tier, reason }) => {
      await api.post(`/v1/merchant-applications/${merchantId}/decision`, { approve, reason, ...(approve && { tier }) })
      announce(approve ? `${name} is taken on.` : `${name} is refused.`)
      refresh()
    },
  })
}

function changeTier({ merchantId, name, tier }: MerchantApplication, { api, refresh }: Parts): void {
  const others = TIERS.filter(([value]) => value !== tier)
  ask({
    title: `Another risk tier for ${name}?`,
    content: [
      h('p', {}, `Today: ${plainWords(tier ?? 'NONE')}. It limits tickets from the next checkout on.`),
      choice('tier', 'Risk tier', others),
      field('reason', 'Why, for the audit log', { required: true, maxlength: 200 }),
    ],
    submit: 'Change',
    send: async (body) => {
      await api.post(`/v1/merchants/${merchantId}/tier`, body)
      announce(`${name} is in another tier.`)
      refresh()
    },
  })
}

async function changeTerms(
  { merchantId, name, currency }: MerchantApplication,
  { api, refresh }: Parts,
): Promise<void> {
  const path = `/v1/merchants/${merchantId}/terms`
  try {
    const { items } = await api.get<{ items: readonly TermsVersion[] }>(path)
    const [today] = items
    ask({
      title: `Other terms for ${name}?`,
      content: termsForm(items, currency),
      submit: 'Agree',
      send: async (values) => {
        await api.post(path, termsOf(values, currency, today))
        announce(`${name} has other terms.`)
        refresh()
      },
    })
  } catch (error) {
    announce(asProblem(error).message)
  }
}
