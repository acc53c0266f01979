/** Months of the calendar, 'YYYY-MM', as accounting periods. */
import { addDays, addMonths } from './calendar.ts'

/** The month of a date. */
export function monthOf(date: string): string {
  return date.slice(0, 7)
}

/** The month after. */
export function monthAfter(month: string): string {
  return monthOf(addMonths(`${month}-01`, 1))
}

/** The last date of a month. */
export function lastDayOf(month: string): string {
  return addDays(`${monthAfter(month)}-01`, -1)
}
