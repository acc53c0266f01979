/** Closing months of the ledger: the figures of all tasks, what comes after, again, and reopened. */
import { beforeEach, describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { lastDayOf, monthOf } from '#domain/months.ts'
import type { CommandAnswer, LedgerEntryPosted, LedgerPeriodCommand, LedgerPeriodEvent, PeriodFigure } from '#schemas'
import { rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep, given, TopologyTestDriver } from '#streams/testing'
import { sumFigures, withPostings } from './period-figures.ts'
import { periodBook } from './periods.ts'
import { ledgerTopology } from './topology.ts'

const TASKS = 3
const schemas = testSchemas({ partitions: TASKS })
const { topics } = schemas

const on = (date: string, id: string) =>
  rootMeta({ source: 'test', id, occurredAt: dateToMs(date), businessDate: date })
const captured = (date: string, no: number, amountMinor: number) =>
  sampleRecord('PurchaseCaptured', {
    ...{ meta: on(date, `evt_${no}`), consumerId: `con_${no}`, merchantId: 'mer_1', currency: 'EUR', amountMinor },
  })
const paidOut = (date: string, no: number, amountMinor: number) =>
  sampleRecord('PayoutPaid', { meta: on(date, `evt_${no}`), merchantId: `mer_${no}`, currency: 'EUR', amountMinor })

let count = 0
const close = (period: string, date: string, id = `cmd_${++count}`) =>
  sampleRecord('ClosePeriod', { meta: on(date, id), ledgerId: 'ledger', period })
const reopen = (period: string, date: string) =>
  sampleRecord('ReopenPeriod', {
    meta: on(date, `cmd_${++count}`),
    ledgerId: 'ledger',
    period,
    reason: 'Late invoice.',
  })
const scheduled = (closeDay: number | null, date: string) =>
  sampleRecord('SchedulePeriodClose', { meta: on(date, `cmd_${++count}`), ledgerId: 'ledger', closeDay })
const tick = (date: string) =>
  sampleRecord('ClockTicked', { meta: on(date, `tick ${date}`), time: dateToMs(date), date })

let driver: TopologyTestDriver
const entries: LedgerEntryPosted[] = []

beforeEach(async () => {
  driver = await TopologyTestDriver.create(ledgerTopology(schemas), { partitions: TASKS })
  entries.length = 0
  for (let no = 1; no <= 9; no += 1)
    await driver.pipe(topics.purchaseEvents, captured(`2026-01-0${no}`, no, no * 10_00))
  await driver.pipe(topics.settlementEvents, paidOut('2026-02-03', 20, 7_00))
  read()
})

function read(): LedgerEntryPosted[] {
  const fresh = driver.readValues(topics.ledgerEntries) as LedgerEntryPosted[]
  entries.push(...fresh)
  return fresh
}

/** What a command comes to. */
async function run(command: LedgerPeriodCommand): Promise<LedgerPeriodEvent | undefined> {
  await driver.pipe(topics.ledgerPeriodCommands, command)
  return (driver.readValues(topics.ledgerPeriodEvents) as LedgerPeriodEvent[]).at(-1)
}

/** The figures up to the end of a month, from the entries themselves. */
function figuresOf(period: string): readonly PeriodFigure[] {
  const upTo = entries.filter((one) => monthOf(one.bookedOn ?? one.meta.businessDate) <= period)
  return sumFigures(upTo.flatMap((one) => withPostings([], one.postings, one.currency)))
}

test('closing a month adds up what all tasks booked until its last day, and each of them hears of it', async () => {
  const closed = await run(close('2026-01', '2026-02-01', 'cmd_close'))
  expect(closed).toMatchObject({ type: 'PeriodClosed', period: '2026-01', run: 1, differences: [] })
  expect(closed).toMatchObject({
    figures: [
      { account: 'assets:consumer-receivable', currency: 'EUR', debitsMinor: 450_00, creditsMinor: 0 },
      { account: 'liabilities:merchant-payable', currency: 'EUR', debitsMinor: 0, creditsMinor: 450_00 },
    ],
  })
  expect(await driver.store('periods-heard').entries()).toHaveLength(TASKS)
  const answer = await driver.store<CommandAnswer>('period-answers').get('cmd_close')
  expect(answer?.outcomeType).toBe('PeriodClosed')
})

test('an event of a closed month is booked on the first day of the open one, and keeps its own date', async () => {
  await run(close('2026-01', '2026-02-01'))
  await driver.pipe(topics.purchaseEvents, captured('2026-01-31', 30, 5_00))
  await driver.pipe(topics.purchaseEvents, captured('2026-02-01', 31, 6_00))
  const [late, inTime] = read()
  expect(late).toMatchObject({ bookedOn: '2026-02-01', meta: { businessDate: '2026-01-31' } })
  expect(inTime).toMatchObject({ bookedOn: null, meta: { businessDate: '2026-02-01' } })
})

test('closed again, also after later events, a month gives the same figures', async () => {
  const first = await run(close('2026-01', '2026-02-01'))
  await driver.pipe(topics.purchaseEvents, captured('2026-01-15', 30, 5_00))
  await driver.pipe(topics.settlementEvents, paidOut('2026-02-10', 21, 1_00))
  read()
  const again = await run(close('2026-01', '2026-02-20'))
  expect(again).toMatchObject({ type: 'PeriodClosed', run: 2, differences: [] })
  expect(again?.type === 'PeriodClosed' && again.figures).toEqual(first?.type === 'PeriodClosed' && first.figures)
  const next = await run(close('2026-02', '2026-03-01'))
  expect(next?.type === 'PeriodClosed' && next.figures).toEqual(figuresOf('2026-02'))
  const later = await run(close('2026-01', '2026-03-02'))
  expect(later).toMatchObject({ type: 'PeriodClosed', period: '2026-01', run: 3, differences: [] })
  await driver.pipe(topics.purchaseEvents, captured('2026-01-15', 40, 5_00))
  expect(read()).toMatchObject([{ bookedOn: '2026-03-01' }])
})

test('a reopened month takes entries again, and its next close says what has changed', async () => {
  await run(close('2026-01', '2026-02-01'))
  const opened = await run(reopen('2026-01', '2026-02-02'))
  expect(opened).toMatchObject({ type: 'PeriodReopened', reason: 'Late invoice.', closedThrough: null })
  await driver.pipe(topics.purchaseEvents, captured('2026-01-15', 30, 5_00))
  expect(read()).toMatchObject([{ bookedOn: null }])
  const closed = await run(close('2026-01', '2026-02-03'))
  const moved = { keptMinor: 450_00, foundMinor: 455_00, currency: 'EUR' }
  expect(closed).toMatchObject({
    ...{ type: 'PeriodClosed', run: 2 },
    differences: [
      { account: 'assets:consumer-receivable', side: 'DEBITS', ...moved },
      { account: 'liabilities:merchant-payable', side: 'CREDITS', ...moved },
    ],
  })
  expect(closed?.type === 'PeriodClosed' && closed.figures).toEqual(figuresOf('2026-01'))
  expect(await run(close('2026-01', '2026-02-03'))).toMatchObject({ run: 3, differences: [] })
})

test.each([
  ['a month that is not over', close('2026-02', '2026-02-28'), 'PERIOD_NOT_OVER'],
  ['a month after one that is open', close('2026-03', '2026-04-01'), 'PERIOD_OUT_OF_ORDER'],
  ['a month before the first one closed', close('2025-12', '2026-02-01'), 'PERIOD_OUT_OF_ORDER'],
  ['to reopen a month that is open', reopen('2026-02', '2026-03-01'), 'PERIOD_NOT_LAST_CLOSED'],
])('refuses %s, and changes nothing', async (_, command, code) => {
  await run(close('2026-01', '2026-02-01'))
  expect(await run(command)).toMatchObject({ type: 'PeriodCommandRefused', command: command.type, code })
  expect(await run(close('2026-02', '2026-03-01'))).toMatchObject({ type: 'PeriodClosed' })
  expect(await run(reopen('2026-01', '2026-03-01'))).toMatchObject({ code: 'PERIOD_NOT_LAST_CLOSED' })
})

test('a command that comes again changes nothing', async () => {
  const command = close('2026-01', '2026-02-01', 'cmd_same')
  await run(command)
  expect(await run(command)).toBeUndefined()
})

test('a close that is told to the tasks twice, as after a reset, is counted once', async () => {
  await run(close('2026-01', '2026-02-01'))
  const [begun] = driver.readValues(topics.ledgerPeriods)
  await driver.pipe(topics.ledgerPeriods, begun as never)
  expect(driver.readValues(topics.ledgerPeriodEvents)).toEqual([])
  expect(await run(close('2026-01', '2026-02-01'))).toMatchObject({ type: 'PeriodClosed', run: 2, differences: [] })
})

test('by a schedule each month is closed on its day, and the next one waits for its own', async () => {
  expect(await run(scheduled(5, '2026-01-20'))).toMatchObject({ type: 'PeriodCloseScheduled', closeDay: 5 })
  const closedOn = async (date: string) => {
    await driver.pipe(topics.clock, tick(date))
    const told = driver.readValues(topics.ledgerPeriodEvents) as LedgerPeriodEvent[]
    return told.filter(({ type }) => type === 'PeriodClosed').map((event) => 'period' in event && event.period)
  }
  expect(await closedOn('2026-02-04')).toEqual([])
  expect(await closedOn('2026-02-05')).toEqual(['2026-01'])
  expect(await closedOn('2026-02-06')).toEqual([])
  await run(reopen('2026-01', '2026-02-07'))
  expect(await closedOn('2026-02-08')).toEqual([])
  await run(close('2026-01', '2026-02-09'))
  await run(scheduled(null, '2026-02-10'))
  expect(await closedOn('2026-03-31')).toEqual([])
})

describe('the book of periods', () => {
  const figures = (debitsMinor: number) => [{ account: 'assets:cash', currency: 'EUR', debitsMinor, creditsMinor: 0 }]
  const share = (closeId: string, debitsMinor: number) =>
    ({
      type: 'PeriodShare',
      meta: on('2026-02-01', `${closeId} ${debitsMinor}`),
      ledgerId: 'ledger',
      period: '2026-01',
      closeId,
      figures: figures(debitsMinor),
    }) as const
  const book = given(periodBook(2), 'ledger')
  const first = close('2026-01', '2026-02-01', 'cmd_1')
  const closedOnce = book.after(first, share('cmd_1', 10), share('cmd_1', 5))

  test('waits for all tasks, and refuses what else is asked meanwhile', () => {
    const begun = book.after(first)
    begun.when(first).givesNothing()
    begun.when(close('2026-01', '2026-02-01', 'cmd_2')).gives({ type: 'PeriodCommandRefused', code: 'PERIOD_CLOSING' })
    begun.when(reopen('2026-01', '2026-02-01')).gives({ type: 'PeriodCommandRefused', code: 'PERIOD_CLOSING' })
    begun.when(share('cmd_other', 3)).givesNothing()
    begun
      .after(share('cmd_1', 10))
      .when(share('cmd_1', 5))
      .gives({ type: 'ShareTaken' }, { type: 'PeriodClosed', figures: figures(15) })
  })

  test('figures that are not the ones kept are reported, and the kept ones stay', () => {
    const again = closedOnce.after(close('2026-01', '2026-02-02', 'cmd_2'), share('cmd_2', 10))
    again
      .when(share('cmd_2', 6))
      .gives(
        { type: 'ShareTaken' },
        { type: 'PeriodCloseDiffers', run: 2, differences: [{ side: 'DEBITS', keptMinor: 15, foundMinor: 16 }] },
      )
      .leaves({ closed: [{ period: '2026-01', run: 2, figures: figures(15) }], running: null })
  })
})

test('a crash before each commit changes nothing: the same events, the same figures', async () => {
  const steps = [
    ...[1, 2, 3, 4, 5].map((no) => crashStep(topics.purchaseEvents, captured(`2026-01-0${no}`, no, no * 10_00))),
    crashStep(topics.ledgerPeriodCommands, close('2026-01', '2026-02-01', 'cmd_1')),
    crashStep(topics.purchaseEvents, captured('2026-01-20', 6, 60_00)),
    crashStep(topics.ledgerPeriodCommands, close('2026-01', '2026-02-02', 'cmd_2')),
  ]
  const watch = { topics: ['ledger.entries', 'ledger.period-events'], stores: ['period-book', 'period-sums'] }
  const { calm, crashed } = await crashReplay(() => ledgerTopology(testSchemas({ partitions: 1 })), steps, watch)
  expect(calm.outputs['ledger.period-events']).toHaveLength(4)
  expect(crashed).toEqual(calm)
})

test.each([
  ['2026-02', '2026-02-28'],
  ['2028-02', '2028-02-29'],
  ['2026-12', '2026-12-31'],
])('%s ends on %s', (month, day) => expect(lastDayOf(month)).toBe(day))
