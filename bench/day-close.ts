/**
 * `npm run bench:day-close`: what closing a day costs. N open plans, of which 10,000 fall due on one day: the cost must
 * follow what is due and not what exists. The installments topology on the embedded log and RocksDB, in one process.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays, dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { comesToRest } from '#main/rest.ts'
import { StartError, wordsOf } from '#main/start-error.ts'
import { rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type Log, openEmbeddedLog, openRocksDbBackend, partitionFor, StreamsApp, type Topic } from '#streams'
import { installmentsTopology } from '#topologies/installments/topology.ts'

const HELP = `Usage: npm run bench:day-close -- [--plans 10000,100000,1000000] [--due 10000]

  --plans  How many plans are open, one run each.
  --due    How many of them fall due on the day that is measured.`

const PARTITIONS = 4
const APPEND_RECORDS = 5_000
const REST_MS = 3_600_000
const DAY0 = '2026-01-01'
/** Pay in 30: what is captured on day 0 is due on day 30, what is captured later on a later day. */
const DUE_DAY = 30
const LATER_DAYS = 20

type Measured = { readonly plans: number } & Readonly<
  Record<'beganPerSecond' | 'quietMs' | 'dueMs' | 'duePerSecond', number>
>

async function main(): Promise<void> {
  const { plans, due } = flagsOf(process.argv.slice(2))
  console.log(`Node ${process.version}; ${due} plans fall due on the measured day.\n`)
  console.log('      plans   events/s at their begin   a day with nothing due, ms   the day, ms   instalments/s')
  for (const count of plans) {
    const measured = await measure(count, Math.min(due, count))
    const { beganPerSecond, quietMs, dueMs, duePerSecond } = measured
    const columns = [
      [count, 11],
      [beganPerSecond, 26],
      [quietMs, 29],
      [dueMs, 14],
      [duePerSecond, 16],
    ] as const
    console.log(columns.map(([value, width]) => Math.round(value).toLocaleString('en-US').padStart(width)).join(''))
  }
}

/** @throws StartError SETTINGS_INVALID */
function flagsOf(args: readonly string[]): { readonly plans: readonly number[]; readonly due: number } {
  const given = (flag: string, usual: string) => (args.includes(flag) ? (args[args.indexOf(flag) + 1] ?? '') : usual)
  const plans = given('--plans', '10000,100000,1000000').split(',').map(Number)
  const due = Number(given('--due', '10000'))
  if ([...plans, due].every((count) => Number.isSafeInteger(count) && count > 0)) return { plans, due }
  throw new StartError('SETTINGS_INVALID', `Numbers above 0 are wanted.\n\n${HELP}`)
}

async function measure(plans: number, due: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-day-close-'))
  try {
    const schemas = testSchemas({ partitions: PARTITIONS })
    const { topics } = schemas
    const log = await openEmbeddedLog({ directory: join(directory, 'log') })
    const backend = await openRocksDbBackend({ directory: join(directory, 'state') })
    await log.createTopics(Object.values(topics))
    const topology = installmentsTopology(schemas)
    const app = new StreamsApp({ topology, log, backend, instanceId: 'bench' })
    await app.start()
    const rests = async () => {
      const group = { group: topology.name, topics: topology.inputTopics() }
      if (!(await comesToRest(log, [group], REST_MS))) throw new Error('The topology does not come to rest.')
    }
    const beganMs = await timed(async () => {
      await append(log, topics.creditEvents, plans, approvedOf)
      await rests()
      await append(log, topics.purchaseEvents, plans, (no) => capturedOf(no, no < due))
      await rests()
    })
    const day = (days: number) => timed(() => tick(log, topics.clock, days).then(rests))
    // The first tick wakes nothing either, and warms what a tick needs.
    await day(DUE_DAY - 2)
    const quietMs = await day(DUE_DAY - 1)
    const before = await eventsIn(log, topics.planEvents.name)
    const dueMs = await day(DUE_DAY)
    const told = (await eventsIn(log, topics.planEvents.name)) - before
    if (told !== due) throw new Error(`${told} instalments fell due, not ${due}.`)
    await app.close()
    await backend.close()
    await log.close()
    // Proposed, authorised and scheduled: three events a plan.
    return { plans, beganPerSecond: (plans * 3_000) / beganMs, quietMs, dueMs, duePerSecond: (due * 1_000) / dueMs }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function idsOf(no: number) {
  const purchaseId = deriveId('pur', no)
  const planId = deriveId('pln', purchaseId)
  return { consumerId: deriveId('con', no), merchantId: 'mer_bench', purchaseId, planId, currency: 'USD' }
}

function approvedOf(no: number) {
  const meta = metaOn(`approved ${no}`, 0)
  return sampleRecord('PurchaseApproved', { ...idsOf(no), meta, amountMinor: 40_00, product: 'PAY_IN_30' })
}

function capturedOf(no: number, isDue: boolean) {
  const meta = metaOn(`captured ${no}`, isDue ? 0 : 1 + (no % LATER_DAYS))
  return sampleRecord('PurchaseCaptured', { ...idsOf(no), meta, captureId: deriveId('cap', no), amountMinor: 40_00 })
}

function metaOn(id: string, days: number) {
  const date = addDays(DAY0, days)
  return rootMeta({ source: 'bench', id, occurredAt: dateToMs(date), businessDate: date })
}

async function append<V>(log: Log, topic: Topic<V>, count: number, recordOf: (no: number) => V): Promise<void> {
  for (let from = 0; from < count; from += APPEND_RECORDS) {
    const batch = Array.from({ length: Math.min(APPEND_RECORDS, count - from) }, (_, index) => {
      const value = recordOf(from + index)
      const key = topic.key.serialize(topic.keyOf?.(value) ?? '')
      const partition = partitionFor(key, PARTITIONS)
      return { topic: topic.name, partition, timestampMs: Date.now(), key, value: topic.value.serialize(value) }
    })
    await log.append(batch)
  }
}

/** A tick goes to every partition. */
async function tick(log: Log, clock: Topic<ReturnType<typeof tickOf>>, days: number): Promise<void> {
  const value = tickOf(days)
  const key = clock.key.serialize(value.date)
  const record = { topic: clock.name, timestampMs: Date.now(), key, value: clock.value.serialize(value) }
  await log.append(Array.from({ length: PARTITIONS }, (_, partition) => ({ ...record, partition })))
}

function tickOf(days: number) {
  const date = addDays(DAY0, days)
  return { type: 'ClockTicked' as const, meta: metaOn(`tick ${days}`, days), time: dateToMs(date), date }
}

async function eventsIn(log: Log, topic: string): Promise<number> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
  return (await log.endOffsets(partitions)).reduce((sum, { offset }) => sum + offset, 0)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
