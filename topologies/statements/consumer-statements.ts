/**
 * The statements of one consumer: one a month and currency, as long as something is owed or has moved.
 *
 * Invariants: opening balance + lines = closing balance = what the plans owe together; a month is closed once, by the
 * first tick or plan event after its end in the consumer's time zone, also where several months went by; a statement
 * never changes, what comes late is in the next one.
 */
import { addMonths } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { sumMinor } from '#domain/money.ts'
import { knownZone } from '#domain/zone-day.ts'
import {
  type ClockTicked,
  type ConsumerEvent,
  childMeta,
  type Envelope,
  type PlanEvent,
  type StatementBook,
  type StatementIssued,
  type StatementLineKind,
  type StatementState,
} from '#schemas'
import type { Decider } from '#streams'
import { booksAfter, closingMinor, endsAt, lastDay, laterMonth, nextBook } from './account-book.ts'

/** What the topology hears. */
export type StatementInput = ConsumerEvent | PlanEvent | ClockTicked
/** What it says; all but the statement stays inside. */
export type StatementFact = StatementIssued | HolderKept | BooksKept
/** Whose statements they are. */
type HolderKept = { readonly type: 'HolderKept'; readonly timeZone: string; readonly language: string }
/** The books as they are now. */
type BooksKept = {
  readonly type: 'BooksKept'
  readonly books: readonly StatementBook[]
  readonly closedUntil: string | null
}

/** Which rendering a statement has for ever. A change of the page is a new version, beside the old ones. */
const TEMPLATE_VERSION = 1
const SOURCE = 'statements'

/** The rules of one consumer's statements; the key is the consumer id. */
export const consumerStatements: Decider<StatementState, StatementInput, StatementFact> = {
  initial: (consumerId) => ({ consumerId, timeZone: null, language: 'en', books: [], closedUntil: null }),
  keyOf: (input) => (isHeard(input) ? input.consumerId : null),
  decide: (state, input) => {
    if (input.type === 'ClockTicked') return kept(state, closed(state, input, input.time))
    if (input.type === 'ConsumerRegistered') {
      const { timeZone, language } = input
      return [{ type: 'HolderKept', timeZone: knownZone(timeZone), language }]
    }
    return 'balance' in input ? moved(state, input) : []
  },
  evolve: (state, fact) => {
    switch (fact.type) {
      case 'HolderKept':
        return { ...state, timeZone: fact.timeZone, language: fact.language }
      case 'BooksKept':
        return { ...state, books: [...fact.books], closedUntil: fact.closedUntil }
      case 'StatementIssued':
        return state
    }
  },
  dueAt: ({ books, timeZone }) => {
    if (timeZone === null || books.length === 0) return null
    return Math.min(...books.map((book) => endsAt(book, timeZone)))
  },
}

function isHeard(input: StatementInput): input is Exclude<StatementInput, ClockTicked> {
  return input.type === 'ConsumerRegistered' || 'balance' in input
}

type Closed = Pick<BooksKept, 'books' | 'closedUntil'> & { readonly issued: readonly StatementIssued[] }

/** A plan event closes what is over before it counts itself. */
function moved(state: StatementState, event: PlanEvent): readonly StatementFact[] {
  const { books, issued, closedUntil } = closed(state, event, event.meta.occurredAt)
  const where = { timeZone: state.timeZone ?? 'UTC', closedUntil }
  return kept(state, { books: booksAfter(books, event, where), issued, closedUntil })
}

function kept(state: StatementState, { books, issued, closedUntil }: Closed): readonly StatementFact[] {
  return books === state.books ? issued : [...issued, { type: 'BooksKept', books, closedUntil }]
}

/** The books once every month is closed that is over, and the statements of those. */
function closed(state: StatementState, cause: { readonly meta: Envelope }, untilMs: number): Closed {
  const { timeZone } = state
  if (timeZone === null || !state.books.some((book) => endsAt(book, timeZone) <= untilMs)) {
    return { books: state.books, issued: [], closedUntil: state.closedUntil }
  }
  const issued: StatementIssued[] = []
  let { closedUntil } = state
  const books = state.books.flatMap((before) => {
    let book: StatementBook | null = before
    while (book !== null && endsAt(book, timeZone) <= untilMs) {
      if (isWorthSaying(book)) issued.push(statementOf({ ...state, timeZone }, book, cause))
      closedUntil = laterMonth(closedUntil, addMonths(book.from, 1))
      book = nextBook(book)
    }
    return book === null ? [] : [book]
  })
  return { books, issued, closedUntil }
}

/** Plans that were only agreed on, with nothing shipped yet, make no statement. */
function isWorthSaying({ openingMinor, lines }: StatementBook): boolean {
  return openingMinor !== 0 || lines.length > 0
}

function statementOf(
  { consumerId, timeZone, language }: StatementState & { readonly timeZone: string },
  book: StatementBook,
  cause: { readonly meta: Envelope },
): StatementIssued {
  const { currency, from, openingMinor, lines, plans } = book
  const month = from.slice(0, 7)
  const dueUntil = lastDay({ ...book, from: addMonths(from, 1) })
  const of = (kind: StatementLineKind) =>
    sumMinor(lines.filter((line) => line.kind === kind).map(({ amountMinor }) => amountMinor))
  return {
    type: 'StatementIssued',
    meta: childMeta(SOURCE, cause, 'StatementIssued', currency, month),
    statementId: deriveId('stm', consumerId, currency, month),
    ...{ consumerId, currency, month, from, to: lastDay(book), timeZone, language },
    ...{ openingMinor, purchasesMinor: of('PURCHASE'), paymentsMinor: of('PAYMENT'), refundsMinor: of('REFUND') },
    ...{ feesMinor: of('FEE'), interestMinor: of('INTEREST'), chargedOffMinor: of('CHARGE_OFF') },
    ...{ adjustmentsMinor: of('ADJUSTMENT'), closingMinor: closingMinor(book), lines, dueUntil },
    nextDue: plans
      .flatMap(({ due }) => due.filter(({ dueDate }) => dueDate <= dueUntil))
      .toSorted((a, b) => (a.dueDate < b.dueDate ? -1 : 1)),
    templateVersion: TEMPLATE_VERSION,
  }
}
