import type { Dispute, Page, PaymentRow, Plan, Purchase } from '../api-types.ts'
import { problemBanner } from '../kit/banner.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { asProblem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import { isOverdue, planCard, type ShownPlan } from './plan-card.ts'
import { purchaseList } from './purchase-list.ts'
import type { Wallet } from './wallet.ts'

const SHOWN_MAX = 20
const OPENED_MAX = 2
const WAITING: readonly string[] = ['DUE', 'OVERDUE']

/** The consumer's plans and purchases. What is late comes first; the rest is newest first. */
export function planList(wallet: () => Wallet): { refresh(): Promise<void> } {
  const place = byId('plans', HTMLDivElement)
  const opened = new Map<string, boolean>()
  const drawPurchases = purchaseList(wallet)
  const draw = whenChanged(({ shown, today }: { shown: readonly ShownPlan[]; today: string }) => {
    const cards = shown.map((one, index) => {
      const card = planCard(one, wallet, today)
      card.open = opened.get(one.plan.planId) ?? (index < OPENED_MAX || isOverdue(one.plan))
      card.querySelector('summary')?.addEventListener('click', () => opened.set(one.plan.planId, !card.open))
      return card
    })
    const none = h('p', { class: 'quiet card' }, 'No plan yet. Confirm a checkout to begin one.')
    fill(place, ...(cards.length === 0 ? [none] : cards))
  })
  return {
    async refresh() {
      const { api, today } = wallet()
      try {
        const [plans, purchases, disputes] = await Promise.all([
          api.get<Page<Plan>>(`/v1/plans?limit=${SHOWN_MAX}`),
          api.get<Page<Purchase>>(`/v1/purchases?limit=${SHOWN_MAX}`),
          api.get<Page<Dispute>>(`/v1/disputes?limit=${SHOWN_MAX}`),
        ])
        const ordered = plans.items.toSorted((left, right) => Number(isOverdue(right)) - Number(isOverdue(left)))
        const shown = await Promise.all(ordered.map((plan) => complete(plan, purchases.items, wallet())))
        draw({ shown, today })
        drawPurchases({ purchases: purchases.items, plans: plans.items, disputes: disputes.items })
      } catch (error) {
        fill(place, problemBanner(asProblem(error)))
      }
    },
  }
}

/** Payments are asked for only where something is due: there the next attempt must be told. */
async function complete(plan: Plan, purchases: readonly Purchase[], { api }: Wallet): Promise<ShownPlan> {
  const purchase = purchases.find(({ purchaseId }) => purchaseId === plan.purchaseId)
  if (!plan.instalments.some(({ status }) => WAITING.includes(status))) return { plan, purchase, payments: [] }
  const { items } = await api.get<Page<PaymentRow>>(`/v1/plans/${plan.planId}/payments`)
  return { plan, purchase, payments: items }
}
