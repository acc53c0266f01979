/**
 * The book of periods: which months are closed, with their figures. A close is told to every task that posts, and is
 * done when each has said what it booked.
 *
 * Invariants: months are closed in their order, the first one with all before it; a month is closed only when it is
 * over; figures that were kept change only by reopening. Closing it again computes them and compares.
 */
import { addDays, dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { lastDayOf, monthAfter, monthOf } from '#domain/months.ts'
import {
  type ClockTicked,
  type ClosedPeriod,
  type ClosePeriod,
  childMeta,
  type Envelope,
  LEDGER_KEY,
  type LedgerPeriodCommand,
  type LedgerPeriodEvent,
  type LedgerPeriods,
  type PeriodCommandRefused,
  type PeriodFigure,
  type PeriodShare,
  type ReopenPeriod,
  type SchedulePeriodClose,
} from '#schemas'
import type { Decider } from '#streams'
import { differencesOf, sumFigures } from './period-figures.ts'

/** What the book hears. */
export type PeriodInput = LedgerPeriodCommand | PeriodShare | ClockTicked

/** The figures of one more task; kept in the state only. */
type ShareTaken = { readonly type: 'ShareTaken'; readonly figures: readonly PeriodFigure[] }

/** All that can happen to the book. */
export type PeriodFact = LedgerPeriodEvent | ShareTaken

type RefusalCode = 'PERIOD_NOT_OVER' | 'PERIOD_OUT_OF_ORDER' | 'PERIOD_CLOSING' | 'PERIOD_NOT_LAST_CLOSED'

/** The book of periods; `tasks`: how many tasks post. */
export function periodBook(tasks: number): Decider<LedgerPeriods, PeriodInput, PeriodFact> {
  return {
    initial: (ledgerId) => ({
      ...{ ledgerId, closed: [], reopened: null, running: null, closeDay: null, scheduledFrom: null },
    }),
    keyOf: (input) => (input.type === 'ClockTicked' ? null : LEDGER_KEY),
    decide: (book, input) => decide(book, input, tasks),
    evolve: periodsAfter,
    dueAt: (book) => {
      const due = dueDate(book)
      return due === null || book.running !== null ? null : dateToMs(due)
    },
  }
}

/** Whether a fact is told. */
export function isPeriodEvent(fact: PeriodFact): fact is LedgerPeriodEvent {
  return fact.type !== 'ShareTaken'
}

function decide(book: LedgerPeriods, input: PeriodInput, tasks: number): readonly PeriodFact[] {
  switch (input.type) {
    case 'ClosePeriod':
      return closePeriod(book, input)
    case 'ReopenPeriod':
      return [reopenPeriod(book, input)]
    case 'SchedulePeriodClose':
      return [schedule(book, input)]
    case 'PeriodShare':
      return takeShare(book, input, tasks)
    case 'ClockTicked':
      return closeDue(book, input)
  }
}

/** The book after a fact. */
function periodsAfter(book: LedgerPeriods, fact: PeriodFact): LedgerPeriods {
  const { running, closed } = book
  switch (fact.type) {
    case 'PeriodCloseBegun': {
      const { period, closeId, run, meta } = fact
      return { ...book, running: { period, closeId, run, cause: meta, shares: 0, figures: [] } }
    }
    case 'ShareTaken': {
      if (running === null) return book
      const figures = [...sumFigures([...running.figures, ...fact.figures])]
      return { ...book, running: { ...running, shares: running.shares + 1, figures } }
    }
    case 'PeriodClosed': {
      const { period, run, figures } = fact
      const others = closed.filter((one) => one.period !== period)
      const all = [...others, { period, run, figures }].sort((a, b) => (a.period < b.period ? -1 : 1))
      const reopened = book.reopened?.period === period ? null : book.reopened
      return { ...book, closed: all, reopened, running: null }
    }
    case 'PeriodCloseDiffers': {
      const { period, run } = fact
      return { ...book, closed: closed.map((one) => (one.period === period ? { ...one, run } : one)), running: null }
    }
    case 'PeriodReopened': {
      const reopened = closed.find(({ period }) => period === fact.period) ?? null
      return { ...book, closed: closed.filter(({ period }) => period !== fact.period), reopened }
    }
    case 'PeriodCloseScheduled':
      return { ...book, closeDay: fact.closeDay, scheduledFrom: book.scheduledFrom ?? monthOf(fact.meta.businessDate) }
    case 'PeriodCommandRefused':
      return book
  }
}

function closePeriod(book: LedgerPeriods, command: ClosePeriod): readonly LedgerPeriodEvent[] {
  const { running } = book
  if (running !== null) {
    // The same command again, or another one while tasks are asked.
    return running.closeId === command.meta.id ? [] : [refused(command, 'PERIOD_CLOSING', closingText(running.period))]
  }
  const refusal = whyNotClosed(book, command)
  return refusal === null ? [begin(book, command, command.period, command.meta.id)] : [refusal]
}

function whyNotClosed({ closed }: LedgerPeriods, command: ClosePeriod): PeriodCommandRefused | null {
  const { period, meta } = command
  if (lastDayOf(period) >= meta.businessDate) {
    return refused(command, 'PERIOD_NOT_OVER', `${period} ends on ${lastDayOf(period)}; close it after that.`)
  }
  const last = closed.at(-1)
  if (last === undefined || closed.some((one) => one.period === period)) return null
  const next = monthAfter(last.period)
  if (period === next) return null
  const detail = `${last.period} was closed last, and all before it; close ${next} next.`
  return refused(command, 'PERIOD_OUT_OF_ORDER', detail)
}

function begin(
  book: LedgerPeriods,
  cause: { readonly meta: Envelope },
  period: string,
  closeId: string,
): LedgerPeriodEvent {
  const before = keptOf(book, period)
  // Its envelope is that of a child of the command; who is told the end must find the command itself.
  const meta = childMeta('ledger', cause, 'PeriodCloseBegun', period)
  return { type: 'PeriodCloseBegun', meta, ledgerId: book.ledgerId, period, closeId, run: (before?.run ?? 0) + 1 }
}

function takeShare(book: LedgerPeriods, share: PeriodShare, tasks: number): readonly PeriodFact[] {
  const { running } = book
  if (running?.closeId !== share.closeId) return []
  const taken: ShareTaken = { type: 'ShareTaken', figures: share.figures }
  const after = periodsAfter(book, taken).running
  if (after === null || after.shares < tasks) return [taken]
  return [taken, ended(book, after)]
}

/** All tasks have said what they booked. */
function ended(book: LedgerPeriods, running: NonNullable<LedgerPeriods['running']>): LedgerPeriodEvent {
  const { period, run, figures, cause } = running
  const kept = keptOf(book, period)
  const differences = [...(kept === null ? [] : differencesOf(kept.figures, figures))]
  const wasClosed = book.closed.some((one) => one.period === period)
  const type = wasClosed && differences.length > 0 ? 'PeriodCloseDiffers' : 'PeriodClosed'
  // It answers what began the close, and not the task that came last.
  const { causationId } = cause
  const meta = { ...childMeta('ledger', { meta: cause }, type, run), causationId }
  return { type, meta, ledgerId: book.ledgerId, period, run, figures, differences }
}

function reopenPeriod(book: LedgerPeriods, command: ReopenPeriod): LedgerPeriodEvent {
  const { closed, running, ledgerId } = book
  const { period, reason } = command
  if (running !== null) return refused(command, 'PERIOD_CLOSING', closingText(running.period))
  const last = closed.at(-1)
  if (last?.period !== period) {
    const which = last === undefined ? 'No month is closed.' : `Only ${last.period} can be: it was closed last.`
    return refused(command, 'PERIOD_NOT_LAST_CLOSED', `${period} cannot be reopened. ${which}`)
  }
  const meta = childMeta('ledger', command, 'PeriodReopened')
  return { type: 'PeriodReopened', meta, ledgerId, period, reason, closedThrough: closed.at(-2)?.period ?? null }
}

function schedule({ ledgerId }: LedgerPeriods, command: SchedulePeriodClose): LedgerPeriodEvent {
  const meta = childMeta('ledger', command, 'PeriodCloseScheduled')
  return { type: 'PeriodCloseScheduled', meta, ledgerId, closeDay: command.closeDay }
}

/** The day of the schedule has come: the next month is closed. */
function closeDue(book: LedgerPeriods, tick: ClockTicked): readonly LedgerPeriodEvent[] {
  const due = dueDate(book)
  const period = nextPeriod(book)
  if (book.running !== null || due === null || period === null || tick.date < due) return []
  return [begin(book, tick, period, deriveId('cls', tick.meta.id, period))]
}

/** The date on which the next month is closed by itself; null where none is. */
function dueDate(book: LedgerPeriods): string | null {
  const period = nextPeriod(book)
  // What a person has reopened a person closes.
  if (book.closeDay === null || period === null || book.reopened?.period === period) return null
  return addDays(`${monthAfter(period)}-01`, book.closeDay - 1)
}

function nextPeriod({ closed, scheduledFrom }: LedgerPeriods): string | null {
  const last = closed.at(-1)
  return last === undefined ? scheduledFrom : monthAfter(last.period)
}

function keptOf({ closed, reopened }: LedgerPeriods, period: string): ClosedPeriod | null {
  return closed.find((one) => one.period === period) ?? (reopened?.period === period ? reopened : null)
}

function closingText(period: string): string {
  return `${period} is being closed; try again in a moment.`
}

function refused(command: LedgerPeriodCommand, code: RefusalCode, detail: string): PeriodCommandRefused {
  const meta = childMeta('ledger', command, 'PeriodCommandRefused')
  return { type: 'PeriodCommandRefused', meta, ledgerId: command.ledgerId, command: command.type, code, detail }
}
