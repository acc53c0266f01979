/** How late an instalment is, in the ranges that reports and bureaus use, and what pauses do to it. */
import { addDays, daysBetween, earlier, later } from './calendar.ts'
import { sumMinor } from './money.ts'

/** A range of days late; the last has no end. */
export type DelinquencyRange = { readonly name: string; readonly fromDay: number; readonly toDay: number }

/** The ranges, from the least late. */
const delinquencyRanges: readonly DelinquencyRange[] = [
  { name: '1-3', fromDay: 1, toDay: 3 },
  { name: '4-30', fromDay: 4, toDay: 30 },
  { name: '31-60', fromDay: 31, toDay: 60 },
  { name: '61-90', fromDay: 61, toDay: 90 },
  { name: '91-120', fromDay: 91, toDay: 120 },
  { name: '121-150', fromDay: 121, toDay: 150 },
  { name: '151-180', fromDay: 151, toDay: 180 },
  { name: '181-240', fromDay: 181, toDay: 240 },
  { name: 'over 240', fromDay: 241, toDay: Number.POSITIVE_INFINITY },
]

/** Days of a reported return or problem in which no fee, reminder or delinquency arises. */
export const pauseDays = { RETURN: 28, PROBLEM: 21 } as const

/** A time in which nothing gets later: from its first day up to, and without, its end. */
export type Pause = { readonly from: string; readonly until: string }

/** What is open of an instalment. */
export type OpenInstalment = { readonly dueDate: string; readonly openMinor: number }

/** Days late on a date: days since the due date, without those of pauses. 0 where it is not late. */
export function daysLate(dueDate: string, today: string, pauses: readonly Pause[] = []): number {
  const late = daysBetween(dueDate, today)
  const paused = pauses.map(({ from, until }) => Math.max(0, daysBetween(later(from, dueDate), earlier(until, today))))
  return Math.max(0, late - sumMinor(paused))
}

/** The range of an instalment so many days late; null where it is not late. */
export function rangeOf(days: number): DelinquencyRange | null {
  return delinquencyRanges.find(({ fromDay, toDay }) => days >= fromDay && days <= toDay) ?? null
}

/** The date on which something due on a date is so many days late (1 or more), without the days of pauses. */
export function lateOn(dueDate: string, days: number, pauses: readonly Pause[] = []): string {
  let on = addDays(dueDate, days)
  for (const { from, until } of pauses.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const begin = later(from, dueDate)
    if (begin <= on && until > begin) on = addDays(on, daysBetween(begin, until))
  }
  return on
}

/** Whether a date is in a pause. */
export function isPaused(pauses: readonly Pause[], today: string): boolean {
  return pauses.some(({ from, until }) => from <= today && today < until)
}

/** The days late from which the range after the one of this name counts; null after the last. */
export function nextRangeFrom(name: string): number | null {
  const { toDay = Number.POSITIVE_INFINITY } = delinquencyRanges.find((range) => range.name === name) ?? {}
  return Number.isFinite(toDay) ? toDay + 1 : null
}

/** What is late, by the name of its range, least late first; ranges with nothing in them are left out. */
export function delinquencyOf(
  instalments: readonly OpenInstalment[],
  today: string,
  pauses: readonly Pause[] = [],
): ReadonlyMap<string, number> {
  const late = instalments.map((one) => ({ ...one, range: rangeOf(daysLate(one.dueDate, today, pauses)) }))
  const sums = delinquencyRanges.map((range): [string, number] => {
    const inside = late.filter((one) => one.range === range)
    return [range.name, sumMinor(inside.map(({ openMinor }) => openMinor))]
  })
  return new Map(sums.filter(([, openMinor]) => openMinor > 0))
}

/** The pauses with a new one. @throws RangeError PAUSE_OVERLAPS where it shares a day with one of them. */
export function withPause(pauses: readonly Pause[], from: string, kind: keyof typeof pauseDays): Pause[] {
  const pause = { from, until: addDays(from, pauseDays[kind]) }
  const other = overlapping(pauses, pause)
  if (other !== undefined) {
    throw new RangeError(`PAUSE_OVERLAPS: the plan is paused from ${other.from} until ${other.until} already.`)
  }
  return [...pauses, pause].sort((a, b) => (a.from < b.from ? -1 : 1))
}

/** The pause that shares a day with this one, if any. */
export function overlapping<P extends Pause>(pauses: readonly P[], pause: Pause): P | undefined {
  return pauses.find((one) => one.from < pause.until && pause.from < one.until)
}
