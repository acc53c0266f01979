/**
 * Posting, and the periods that it keeps. An event of a closed month is booked on the first day of the open one, with
 * its own date in its envelope: what was closed never changes, and nothing is lost (the usual treatment of what comes
 * to light after the books were closed). Each task hears of a close at one place of its own input, and says there what
 * it has booked up to the end of the month.
 */
import { monthAfter, monthOf } from '#domain/months.ts'
import {
  childMeta,
  LEDGER_KEY,
  type LedgerEntryPosted,
  type LedgerPeriodNews,
  type PeriodCloseBegun,
  type PeriodShare,
  type PeriodSums,
  type PeriodsHeard,
} from '#schemas'
import type { StoreHandle, ValueProcessor, ValueProcessorContext } from '#streams'
import { entriesOf, type LedgerInput } from './entries.ts'
import { sumFigures, withPostings } from './period-figures.ts'

/** What a task that posts keeps: what it heard of periods, and the sums of each month. */
export type PostStores = {
  readonly heard: StoreHandle<string, PeriodsHeard>
  readonly sums: StoreHandle<string, PeriodSums>
}

/** What posting gives: entries, and the figures of a close. */
export type Posted = LedgerEntryPosted | PeriodShare

type Context = ValueProcessorContext<Posted>

const NOTHING_HEARD: PeriodsHeard = { closedThrough: null, months: [], answered: [] }
/** Closes remembered: a close is told once more only after a reset, from the beginning. */
const ANSWERED_MAX = 500

/** The step that posts. @throws StreamsError LEDGER_UNBALANCED */
export function post(stores: PostStores): ValueProcessor<string, LedgerInput | LedgerPeriodNews, Posted> {
  return {
    process: ({ value }, context) => {
      if (value.type === 'PeriodCloseBegun') return close(value, stores, context)
      if (value.type === 'PeriodReopened') {
        const heard = context.store(stores.heard)
        return heard.put(LEDGER_KEY, {
          ...(heard.get(LEDGER_KEY) ?? NOTHING_HEARD),
          closedThrough: value.closedThrough,
        })
      }
      for (const entry of entriesOf(value)) book(entry, stores, context)
    },
  }
}

/** The date on which an event of a date is booked, where everything up to the end of a month is closed. */
function bookingDate(date: string, closedThrough: string | null): string {
  if (closedThrough === null || monthOf(date) > closedThrough) return date
  return `${monthAfter(closedThrough)}-01`
}

function book(entry: LedgerEntryPosted, stores: PostStores, context: Context): void {
  const heard = context.store(stores.heard)
  const known = heard.get(LEDGER_KEY) ?? NOTHING_HEARD
  const { businessDate } = entry.meta
  const on = bookingDate(businessDate, known.closedThrough)
  const month = monthOf(on)
  if (!known.months.includes(month)) {
    heard.put(LEDGER_KEY, { ...known, months: [...known.months, month].sort() })
  }
  const sums = context.store(stores.sums)
  const before = sums.get(month)?.figures ?? []
  sums.put(month, { month, figures: [...withPostings(before, entry.postings, entry.currency)] })
  context.forward(on === businessDate ? entry : { ...entry, bookedOn: on })
}

function close(begun: PeriodCloseBegun, stores: PostStores, context: Context): void {
  const heard = context.store(stores.heard)
  const known = heard.get(LEDGER_KEY) ?? NOTHING_HEARD
  const { closeId, period, ledgerId } = begun
  if (known.answered.includes(closeId)) return
  const closedThrough = known.closedThrough !== null && known.closedThrough > period ? known.closedThrough : period
  const answered = [...known.answered, closeId].slice(-ANSWERED_MAX)
  heard.put(LEDGER_KEY, { ...known, closedThrough, answered })
  const months = known.months.filter((month) => month <= period)
  const figures = context
    .store(stores.sums)
    .getMany(months)
    .flatMap((one) => one?.figures ?? [])
  const meta = childMeta('ledger', begun, 'PeriodShare')
  context.forward({ type: 'PeriodShare', meta, ledgerId, period, closeId, figures: [...sumFigures(figures)] })
}
