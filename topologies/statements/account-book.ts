/**
 * What a consumer owes in one currency, month by month. A month is closed when it is over in the consumer's time zone;
 * what is heard later belongs to the next one, so that each opening balance is the closing balance before it.
 */
import { addDays, addMonths, later } from '#domain/calendar.ts'
import { toPayMinor } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import { dayBegins, dayIn } from '#domain/zone-day.ts'
import type { Instalment, PlanEvent, StatementBook, StatementDue, StatementLine, StatementPlan } from '#schemas'
import { linesOf, owedMinor } from './statement-lines.ts'

/** The first day of the month of a moment, in a time zone. */
function monthOf(timeZone: string, ms: number): string {
  return `${dayIn(timeZone, ms).slice(0, 7)}-01`
}

/** The moment (ms) at which the month of a book is over. */
export function endsAt({ from }: StatementBook, timeZone: string): number {
  return dayBegins(timeZone, addMonths(from, 1))
}

/** The last day of the month of a book. */
export function lastDay({ from }: StatementBook): string {
  return addDays(addMonths(from, 1), -1)
}

/** What is owed at the end of a book. */
export function closingMinor({ openingMinor, lines }: StatementBook): number {
  return sumMinor([openingMinor, ...lines.map(({ amountMinor }) => amountMinor)])
}

/** The book of the month after it; null where nothing is owed and nothing is left to say. */
export function nextBook(book: StatementBook): StatementBook | null {
  const openingMinor = closingMinor(book)
  const plans = book.plans.filter((plan) => plan.owedMinor !== 0 || plan.isOpen)
  if (openingMinor === 0 && plans.length === 0) return null
  return { ...book, from: addMonths(book.from, 1), openingMinor, lines: [], plans }
}

/** The later of two first days of months; null is before all of them. */
export function laterMonth(one: string | null, other: string): string {
  return one === null ? other : later(one, other)
}

/** The books after a plan event: its lines, and what is open of its plan. A new book begins after `closedUntil`. */
export function booksAfter(
  books: readonly StatementBook[],
  event: PlanEvent,
  { timeZone, closedUntil }: { readonly timeZone: string; readonly closedUntil: string | null },
): readonly StatementBook[] {
  const from = laterMonth(closedUntil, monthOf(timeZone, event.meta.occurredAt))
  const known = books.find(({ currency }) => currency === event.currency)
  const book = known ?? { currency: event.currency, from, openingMinor: 0, lines: [], plans: [] }
  const before = book.plans.find(({ planId }) => planId === event.planId)
  const plan = planAfter(before, event)
  const lines: readonly StatementLine[] = linesOf(event, before, dayIn(timeZone, event.meta.occurredAt))
  if (plan === before && lines.length === 0) return books
  const others = book.plans.filter((one) => one !== before)
  const after = { ...book, lines: [...book.lines, ...lines], plans: [...others, plan] }
  return [...books.filter((one) => one !== known), after]
}

function planAfter(before: StatementPlan | undefined, event: PlanEvent): StatementPlan {
  const { planId, purchaseId, merchantId, balance } = event
  const known = before ?? { planId, purchaseId, merchantName: merchantId, owedMinor: 0, due: [], isOpen: true }
  if (event.type === 'PlanAuthorised') return { ...known, merchantName: event.merchantName }
  const isOpen = !ENDS.has(event.type)
  const due = 'instalments' in event ? dueOf(planId, event.instalments) : isOpen ? known.due : []
  return { ...known, isOpen, owedMinor: owedMinor(balance), due: owedMinor(balance) === 0 ? [] : due }
}

/** After these nothing more is expected of a plan, unless it says so itself. */
const ENDS: ReadonlySet<PlanEvent['type']> = new Set([
  ...(['PlanCompleted', 'PlanCancelled', 'PlanChargedOff', 'PlanWrittenOff'] as const),
])

function dueOf(planId: string, instalments: readonly Instalment[]): StatementDue[] {
  return instalments.flatMap((instalment) => {
    const amountMinor = toPayMinor(instalment)
    return amountMinor > 0 ? [{ dueDate: instalment.dueDate, planId, amountMinor }] : []
  })
}
