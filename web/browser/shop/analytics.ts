import type { MerchantDay, Page } from '../api-types.ts'
import { banner, problemBanner } from '../kit/banner.ts'
import { addDays } from '../kit/dates.ts'
import { dayChart } from '../kit/day-chart.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { formatMoney } from '../kit/money.ts'
import { asProblem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Shop } from './shop.ts'

const DAYS = 30

/** Volume, approvals and refunds of the last days. */
export function analytics(shop: () => Shop): { refresh(): Promise<void> } {
  const place = byId('days', HTMLDivElement)
  const draw = whenChanged(({ days, currency }: { days: readonly MerchantDay[]; currency: string }) => {
    const sum = (of: (day: MerchantDay) => number) => days.reduce((total, day) => total + of(day), 0)
    const decisions = sum(({ decisions: count }) => count)
    const approved = sum(({ approved: count }) => count)
    const share = decisions === 0 ? '–' : `${Math.round((approved / decisions) * 100)}%`
    const figure = (name: string, value: string) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
    fill(
      place,
      h(
        'dl',
        { class: 'figures' },
        figure(
          'Volume',
          formatMoney(
            sum(({ volumeMinor }) => volumeMinor),
            currency,
          ),
        ),
        figure('Approved', `${share}`),
        figure('Decisions', String(decisions)),
        figure(
          'Refunded',
          formatMoney(
            sum(({ refundedMinor }) => refundedMinor),
            currency,
          ),
        ),
      ),
      decisions === 0 ? h('p', { class: 'quiet chart' }, 'No decision in these days.') : dayChart(days, currency),
    )
  })
  return {
    async refresh() {
      const { api, today, merchant } = shop()
      const from = addDays(today, 1 - DAYS)
      try {
        const { items } = await api.get<Page<MerchantDay>>(`/v1/analytics/days?from=${from}&to=${today}`)
        draw({ days: everyDay(items, from, merchant.currency), currency: merchant.currency })
      } catch (error) {
        const problem = asProblem(error)
        const missing = problem.code === 'ANALYTICS_MISSING'
        fill(place, missing ? banner('info', problem.message, problem.code) : problemBanner(problem))
      }
    },
  }
}

/** A day without a decision has no row, and still has its place in the chart. */
function everyDay(found: readonly MerchantDay[], from: string, currency: string): MerchantDay[] {
  const byDay = new Map(found.filter((day) => day.currency === currency).map((day) => [day.day.slice(0, 10), day]))
  return Array.from({ length: DAYS }, (_, index) => {
    const day = addDays(from, index)
    return (
      byDay.get(day) ?? { day, currency, decisions: 0, approved: 0, volumeMinor: 0, refundedMinor: 0, interestMinor: 0 }
    )
  })
}
