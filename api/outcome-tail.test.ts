import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type LogFaults, type MemoryLog, memoryLog } from '#streams'
import { OutcomeTail, type Waiting } from './outcome-tail.ts'

const { merchantEvents, consumerEvents } = testSchemas({ partitions: 2 }).topics

let faults: LogFaults
let log: MemoryLog
let tail: OutcomeTail

beforeEach(async () => {
  faults = {}
  log = memoryLog({ faults })
  await log.createTopics([merchantEvents, consumerEvents])
  tail = new OutcomeTail(log, [merchantEvents, consumerEvents] as never)
  await tail.start()
})

afterEach(async () => {
  await tail.close()
  vi.restoreAllMocks()
})

type Issued = ReturnType<typeof issued>

function issued(correlationId: string, apiKeyId = 'key') {
  const event = sampleRecord('ApiKeyIssued', { apiKeyId })
  return { ...event, meta: { ...event.meta, correlationId } }
}

async function tell(value: Buffer | null, partition = 0): Promise<void> {
  await log.append([{ topic: merchantEvents.name, partition, timestampMs: 1, key: null, value }])
}

const bytes = (event: Issued) => merchantEvents.value.serialize(event)
const wait = (id: string, timeoutMs = 2_000): Waiting<Issued> =>
  tail.wait<Issued>(id, { types: ['ApiKeyIssued'], timeoutMs })

test('gives an event to whoever waits for its command, and tells where it stands', async () => {
  const [one, two] = [wait('cmd_1'), wait('cmd_2')]
  await tell(bytes(issued('cmd_other')), 1)
  await tell(bytes(issued('cmd_2', 'second')), 1)
  await tell(bytes(issued('cmd_1', 'first')))
  await expect(one.outcome).resolves.toMatchObject({ event: { apiKeyId: 'first' }, position: { partition: 0 } })
  await expect(two.outcome).resolves.toMatchObject({
    event: { type: 'ApiKeyIssued', apiKeyId: 'second' },
    position: { topic: 'merchant.events', partition: 1, offset: 1 },
  })
})

test('gives it to all who wait, each the first of the type and kind it wants', async () => {
  const [first, again] = [wait('cmd_1'), wait('cmd_1')]
  const third = tail.wait<Issued>('cmd_1', {
    types: ['ApiKeyIssued'],
    timeoutMs: 2_000,
    accept: ({ apiKeyId }) => apiKeyId === 'late',
  })
  const other = tail.wait('cmd_1', { types: ['ApiKeyRevoked'], timeoutMs: 30 })
  await tell(bytes(issued('cmd_1', 'early')))
  await tell(bytes(issued('cmd_1', 'late')))
  for (const { outcome } of [first, again]) expect((await outcome).event.apiKeyId).toBe('early')
  expect((await third.outcome).event.apiKeyId).toBe('late')
  await expect(other.outcome).rejects.toMatchObject({ status: 504, code: 'OUTCOME_PENDING' })
})

test('begins at the end: what was told before is not told again', async () => {
  await tell(bytes(issued('cmd_1')))
  await wait('cmd_none', 20).outcome.catch(() => undefined)
  await expect(wait('cmd_1', 30).outcome).rejects.toMatchObject({ code: 'OUTCOME_PENDING' })
})

test('loses no outcome to a record that cannot be read', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const waiting = wait('cmd_1')
  const cut = bytes(issued('cmd_1'))
  await tell(cut.subarray(0, cut.length - 2))
  await tell(Buffer.from('not avro'))
  await tell(null)
  await tell(bytes(issued('cmd_1', 'whole')))
  expect((await waiting.outcome).event.apiKeyId).toBe('whole')
  expect(complaints.mock.calls.map(([message]) => message)).toEqual([
    'merchant.events/0@0 cannot be read as an outcome.',
  ])
})

test('goes on after the log could not be read', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  let failures = 2
  faults.fetch = () => (failures-- > 0 ? new Error('the log is away') : undefined)
  // Ends the fetch that is under way, so that the next ones fail.
  await tell(bytes(issued('cmd_0')))
  await vi.waitFor(() => expect(complaints).toHaveBeenCalledTimes(2), 2_000)
  const waiting = wait('cmd_1')
  await tell(bytes(issued('cmd_1')))
  expect((await waiting.outcome).event.type).toBe('ApiKeyIssued')
})

test('a wait that was given up ends, and the others go on', async () => {
  const [given, kept] = [wait('cmd_1'), wait('cmd_1')]
  given.cancel()
  await tell(bytes(issued('cmd_1')))
  await expect(given.outcome).rejects.toThrow('Nobody waits any more.')
  expect((await kept.outcome).event.type).toBe('ApiKeyIssued')
})

test('tells those who wait when the node stops, and those who come after', async () => {
  const waiting = wait('cmd_1', 60_000)
  await tail.close()
  const stopping = { status: 503, code: 'SHUTTING_DOWN', headers: { 'retry-after': '1' } }
  await expect(waiting.outcome).rejects.toMatchObject(stopping)
  await expect(wait('cmd_2').outcome).rejects.toMatchObject(stopping)
})
