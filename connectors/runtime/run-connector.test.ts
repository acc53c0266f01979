import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BureauReported, BureauReportRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type LogFaults, type MemoryLog, memoryLog, nextCommits, partitionFor } from '#streams'
import { unavailableResult } from '../bureau/mapping.ts'
import { eventually, readFrom, recordsOf, writeTo } from '../testing.ts'
import type { Connector } from './connector.ts'
import { ProviderCalls } from './provider-calls.ts'
import { type RunningConnector, type RunOptions, runConnector } from './run-connector.ts'

const { bureauRequests: requests, bureauResults: results } = testSchemas().topics
const APP = 'connector.test'

let faults: LogFaults
let log: MemoryLog
let running: RunningConnector[]

beforeEach(async () => {
  faults = {}
  log = memoryLog({ faults })
  await log.createTopics([requests, results])
  running = []
})

afterEach(async () => {
  await Promise.all(running.map((connector) => connector.close()))
})

type Handle = Connector<BureauReportRequested, BureauReported>['handle']

async function start(
  handle: Handle,
  more: Partial<Connector<BureauReportRequested, BureauReported>> = {},
  options: Partial<RunOptions> = {},
) {
  const connector = { name: 'test', requests, results, calls: new ProviderCalls(), handle, ...more }
  const one = await runConnector(connector, { log, ...options })
  running.push(one)
  return one
}

const answer: Handle = async (request, context) => context.emit(unavailableResult(request))

function request(requestId: string, consumerId = 'con_1'): BureauReportRequested {
  const base = sampleRecord('BureauReportRequested')
  return { ...base, meta: { ...base.meta, id: `evt_${requestId}` }, requestId, consumerId }
}

const ids = (reports: readonly BureauReported[]) => reports.map(({ requestId }) => requestId)
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => request(`r${index}`, `con_${index % 7}`))

/** What the group has not committed yet. */
async function uncommitted(): Promise<number> {
  const partitions = Array.from({ length: requests.partitions }, (_, partition) => ({
    topic: requests.name,
    partition,
  }))
  const [ends, committed] = await Promise.all([log.endOffsets(partitions), log.committed(APP, partitions)])
  const at = (partition: number) => committed.find((position) => position.partition === partition)?.offset ?? 0
  return ends.reduce((sum, end) => sum + end.offset - at(end.partition), 0)
}

test('answers every request once, under its key, with an envelope that follows from it', async () => {
  const connector = await start(answer)
  await writeTo(log, requests, ...numbered(500))
  const reports = await readFrom(log, results, 500)
  expect(new Set(ids(reports)).size).toBe(500)
  expect(reports.length).toBe(500)
  const [record] = (await recordsOf(log, results.name)).filter(
    ({ value }) => results.value.deserialize(value as Buffer).requestId === 'r3',
  )
  expect(record?.key?.toString()).toBe('con_3')
  expect(record?.partition).toBe(partitionFor(Buffer.from('con_3'), 4))
  expect(reports.find(({ requestId }) => requestId === 'r3')?.meta).toMatchObject({
    source: 'connector.bureau',
    causationId: 'evt_r3',
    correlationId: 'evt_sample',
    businessDate: '2026-01-01',
  })
  expect(await eventually(uncommitted, (left) => left === 0)).toBe(0)
  expect(connector.status()).toMatchObject({ processed: 500, open: 0, lag: 0, deadLetters: 0, trouble: null })
})

test('keeps the order of results of a key, however long each request takes', async () => {
  await start(async (one, context) => {
    await new Promise((resolve) => setTimeout(resolve, 20 - 2 * Number(one.requestId.slice(1))))
    context.emit(unavailableResult(one))
  })
  await writeTo(log, requests, ...Array.from({ length: 10 }, (_, index) => request(`r${index}`)))
  expect(ids(await readFrom(log, results, 10))).toEqual(Array.from({ length: 10 }, (_, index) => `r${index}`))
})

test('rests after what it has read, where it is told to, and takes what has come meanwhile together', async () => {
  const seenMs: number[] = []
  const handle: Handle = async (one, context) => {
    seenMs.push(performance.now())
    context.emit(unavailableResult(one))
  }
  await start(handle, {}, { rest: { restMs: 150, restPerCommit: 0, restMsMax: 150 } })
  await writeTo(log, requests, request('first'))
  await eventually(
    async () => seenMs.length,
    (seen) => seen === 1,
  )
  await writeTo(log, requests, request('second'), request('third'))
  expect(ids(await readFrom(log, results, 3))).toHaveLength(3)
  const [first = 0, second = 0, third = 0] = seenMs
  expect(second - first).toBeGreaterThan(140)
  expect(third - second).toBeLessThan(100)
})

test('a slow request holds up its own key only, and its position', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const partitionOf = (key: string) => partitionFor(Buffer.from(key), requests.partitions)
  const other = Array.from({ length: 50 }, (_, index) => `con_${index}`).find(
    (key) => key !== 'con_0' && partitionOf(key) === partitionOf('con_0'),
  )
  const connector = await start(
    async (one, context) => {
      if (one.requestId === 'slow') await promise
      context.emit(unavailableResult(one))
    },
    {},
    { slowMs: 20 },
  )
  await writeTo(log, requests, request('slow', 'con_0'), request('next', 'con_0'), request('passes', other))
  expect(ids(await readFrom(log, results, 1))).toEqual(['passes'])
  expect([await uncommitted(), connector.status().lag, connector.status().open]).toEqual([3, 3, 2])
  resolve()
  expect(ids(await readFrom(log, results, 3))).toEqual(['passes', 'slow', 'next'])
  expect(await eventually(uncommitted, (left) => left === 0)).toBe(0)
})

test('sends what cannot be decoded, what is empty and what fails to the dead letters, and goes on', async () => {
  await start(async (one, context) => {
    if (one.requestId === 'bug') throw new TypeError('x is not a function')
    context.emit(unavailableResult(one))
  })
  const raw = (value: Buffer | null) => ({
    topic: requests.name,
    partition: 0,
    timestampMs: 5,
    key: Buffer.from('k'),
    value,
  })
  await log.append([raw(Buffer.from('not avro')), raw(null)])
  await writeTo(log, requests, request('bug'), request('good'))
  expect(ids(await readFrom(log, results, 1))).toEqual(['good'])
  const dead = await eventually(
    () => recordsOf(log, `${APP}.dead-letters`),
    (found) => found.length >= 3,
  )
  const headers = dead.map((one) => Object.fromEntries(one.headers.map(([name, value]) => [name, String(value)])))
  expect(headers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        'dead-letter.code': 'SERDE_INVALID_BYTES',
        'dead-letter.step': 'decode',
        'dead-letter.offset': '0',
      }),
      expect.objectContaining({
        'dead-letter.code': 'CONNECTOR_EMPTY_REQUEST',
        'dead-letter.topic': 'bureau.requests',
      }),
      expect.objectContaining({
        'dead-letter.code': 'TypeError',
        'dead-letter.step': 'process',
        'dead-letter.app': APP,
      }),
    ]),
  )
  expect(dead.length).toBe(3)
  expect(await eventually(uncommitted, (left) => left === 0)).toBe(0)
})

test('leaves the requests of other connectors alone, and moves over them', async () => {
  const connector = await start(answer, { accepts: (one) => one.requestId === 'ours' })
  await writeTo(log, requests, request('theirs'), request('ours'), request('theirs'))
  expect(ids(await readFrom(log, results, 1))).toEqual(['ours'])
  expect(await eventually(uncommitted, (left) => left === 0)).toBe(0)
  expect(connector.status().processed).toBe(1)
})

test.each([
  'aborted',
  'storage-full',
  'fenced',
  'unknown-aborted',
  // What was committed unbeknown to us is found in the log by the next session, and not done again.
  'unknown-committed',
] as const)('writes each result once where a commit ends as %s', async (fault) => {
  faults.commit = nextCommits(fault)
  await start(answer)
  await writeTo(log, requests, ...numbered(50))
  const reports = await readFrom(log, results, 50)
  expect(await eventually(uncommitted, (left) => left === 0)).toBe(0)
  expect(ids(reports).sort()).toEqual(ids(await readFrom(log, results, 50)).sort())
  expect([reports.length, new Set(ids(reports)).size]).toEqual([50, 50])
})

test('says what is wrong while it cannot read, and goes on when it can', async () => {
  const told: (string | null)[] = []
  let broken = true
  faults.fetch = () => (broken ? new Error('the disk is gone') : undefined)
  const connector = await start(answer, {}, { onTrouble: (_, trouble) => told.push(trouble) })
  await eventually(
    () => told.length,
    (count) => count > 0,
  )
  expect(connector.status().trouble).toBe('the disk is gone')
  broken = false
  await writeTo(log, requests, request('r1'))
  expect(ids(await readFrom(log, results, 1))).toEqual(['r1'])
  expect(connector.status().trouble).toBeNull()
})

test('goes on where it lost its membership', async () => {
  await start(answer)
  await writeTo(log, requests, request('r1'))
  await readFrom(log, results, 1)
  const [group] = await log.groups()
  await log.expelMember(APP, group?.members[0]?.memberId ?? '')
  await writeTo(log, requests, request('r2'))
  expect(ids(await readFrom(log, results, 2))).toEqual(['r1', 'r2'])
})

test('two instances share the work, and one that leaves hands its part over', async () => {
  const seen: string[][] = [[], []]
  const by =
    (instance: number): Handle =>
    async (one, context) => {
      seen[instance]?.push(one.requestId)
      await new Promise((resolve) => setTimeout(resolve, 1))
      context.emit(unavailableResult(one))
    }
  const first = await start(by(0), {}, { instance: '0' })
  await start(by(1), {}, { instance: '1' })
  await eventually(log.groups, (groups) => groups[0]?.members.every(({ assigned }) => assigned.length === 2) ?? false)
  await writeTo(log, requests, ...numbered(200))
  await eventually(
    () => seen[0]?.length,
    (count) => (count ?? 0) > 10,
  )
  await first.close()
  const reports = await readFrom(log, results, 200)
  expect([reports.length, new Set(ids(reports)).size]).toEqual([200, 200])
  expect(seen[1]?.length).toBeGreaterThan(0)
})

test('commits what is finished when it closes, and leaves what is not to the next one', async () => {
  const first = await start(async (one, context) => {
    if (one.requestId === 'open') await context.pause(60_000)
    context.emit(unavailableResult(one))
  })
  await writeTo(log, requests, request('done'), request('open'))
  await readFrom(log, results, 1)
  await first.close()
  expect(await uncommitted()).toBe(1)
  await start(answer)
  expect(ids(await readFrom(log, results, 2))).toEqual(['done', 'open'])
})

test('knows which requests may have been sent before', async () => {
  await writeTo(log, requests, request('old'))
  const repeats: Record<string, boolean> = {}
  await start(async (one, context) => {
    repeats[one.requestId] = context.mayRepeat
    context.emit(unavailableResult(one))
  })
  await readFrom(log, results, 1)
  await writeTo(log, requests, request('new'))
  await readFrom(log, results, 2)
  expect(repeats).toEqual({ old: true, new: false })
})

test('ends the pause of a request when somebody knows more', async () => {
  const connector = await start(
    async (one, context) => {
      await context.pause(60_000)
      context.emit(unavailableResult(one))
    },
    { wakeKeyOf: (one) => one.requestId },
  )
  await writeTo(log, requests, request('r1'))
  await eventually(
    () => connector.status().open,
    (open) => open === 1,
  )
  connector.wake('r2')
  connector.wake('r1')
  expect(ids(await readFrom(log, results, 1))).toEqual(['r1'])
})

test('takes only so many requests of a partition, and goes on when there is room', async () => {
  let open = 0
  let most = 0
  await start(
    async (one, context) => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setTimeout(resolve, 1))
      open--
      context.emit(unavailableResult(one))
    },
    { openMax: 5 },
  )
  await writeTo(log, requests, ...Array.from({ length: 100 }, (_, index) => request(`r${index}`)))
  expect((await readFrom(log, results, 100)).length).toBe(100)
  expect(most).toBe(5)
})

test('goes on with the few requests there is room for beside those that take days', async () => {
  await start(
    async (one, context) => {
      if (one.requestId.startsWith('days')) await context.pause(60_000)
      context.emit(unavailableResult(one))
    },
    { openMax: 16 },
    { slowMs: 1 },
  )
  const partitionOf = (key: string) => partitionFor(Buffer.from(key), requests.partitions)
  const keys = Array.from({ length: 100 }, (_, index) => `con_${index}`).filter((key) => partitionOf(key) === 0)
  const stuck = keys.slice(0, 15).map((key) => request(`days_${key}`, key))
  const quick = keys.slice(15, 18).map((key) => request(`quick_${key}`, key))
  await writeTo(log, requests, ...stuck, ...quick)
  expect(ids(await readFrom(log, results, 3))).toEqual(quick.map(({ requestId }) => requestId))
})
