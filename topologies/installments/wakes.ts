/** When time itself changes a plan next. */
import { dateToMs } from '#domain/calendar.ts'
import { lateOn } from '#domain/delinquency.ts'
import type { InstalmentState, PlanState } from '#schemas'
import { chargesOffOn } from './bad-debt.ts'
import { isRunning, isTracked, isUnasked, nextFee, nextRangeOn, overdueFrom } from './delinquency.ts'

/** The moment (ms) at which time itself changes the plan next; null while it does not. */
export function wakesAt(plan: PlanState): number | null {
  if (!isTracked(plan)) return null
  const moments = plan.instalments.flatMap((row) => momentsOf(plan, row))
  const dates = [chargesOffOn(plan)].filter((date) => date !== null)
  const all = [...moments, ...dates.map(dateToMs)]
  return all.length === 0 ? null : Math.min(...all)
}

function momentsOf(plan: PlanState, row: InstalmentState): readonly number[] {
  const rangeOn = nextRangeOn(plan, row)
  const ranges = rangeOn === null ? [] : [dateToMs(rangeOn)]
  if (!isRunning(plan)) return ranges
  if (isUnasked(row)) return [dateToMs(lateOn(row.dueDate, 0, plan.pauses))]
  const overdueOn = overdueFrom(plan, row)
  const fee = nextFee(plan, row)
  return [...ranges, ...(overdueOn === null ? [] : [dateToMs(overdueOn)]), ...(fee === null ? [] : [fee.fromMs])]
}
