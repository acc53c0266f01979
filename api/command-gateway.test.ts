import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '#domain/ids.ts'
import type { MerchantCommand, MerchantEvent } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { MemoryBackend, type MemoryLog, memoryLog, StreamsApp, StreamsError } from '#streams'
import { CommandGateway, type CommandSpec, commandIdOf, type RequestIdentity } from './command-gateway.ts'
import { FreshQueries } from './fresh-queries.ts'
import { OutcomeTail } from './outcome-tail.ts'
import type { StateQueries } from './ports.ts'
import { keyDeskTopology } from './testing/key-desk.ts'
import { type SlowAcks, withSlowAcks } from './testing/slow-acks.ts'

const schemas = testSchemas({ partitions: 2 })
const { merchantCommands, merchantEvents } = schemas.topics
/** No two commands have the same time. */
let nowMs = 1_000
const time = { now: () => ({ timeMs: nowMs++, date: '2026-03-01' }) }

let log: MemoryLog
let backend: MemoryBackend
let acks: SlowAcks
let desk: StreamsApp
let open: { close(): Promise<void> }[]

beforeEach(async () => {
  log = memoryLog()
  backend = new MemoryBackend()
  acks = { ms: 0 }
  await log.createTopics(Object.values(schemas.topics))
  desk = new StreamsApp({
    topology: keyDeskTopology(schemas),
    log: withSlowAcks(log, acks),
    backend,
    instanceId: 'one',
  })
  open = [desk]
})

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()))
})

/** An API node: its own tail and its own idea of what is under way. */
async function node({ wrap = (queries: StateQueries) => queries, outcomeTimeoutMs = 5_000 } = {}) {
  const tail = new OutcomeTail(log, [merchantEvents as never])
  await tail.start()
  open.push(tail)
  const queries: StateQueries = { get: (_app, store, key, at) => desk.query<never>(store).get(key, at) }
  const fresh = new FreshQueries(wrap(queries))
  return new CommandGateway({ log, tail, queries: fresh, time, secret: 'secret', outcomeTimeoutMs })
}

function request(over: Partial<RequestIdentity> = {}): RequestIdentity {
  return { caller: 'mer_1', method: 'POST', path: '/v1/api-keys', key: 'k1', fresh: false, body: '{}', ...over }
}

function spec(identity: RequestIdentity): CommandSpec<MerchantCommand, MerchantEvent> {
  return {
    request: identity,
    topic: merchantCommands,
    answeredBy: { app: 'desk', topic: merchantEvents },
    partitionKey: 'mer_1',
    outcomes: ['ApiKeyIssued', 'MerchantCommandRefused'],
    build: (meta) => ({ type: 'IssueApiKey', meta, merchantId: 'mer_1', apiKeyId: 'key', apiKeyHash: 'hash' }),
  }
}

async function valuesOf<V>(topic: { name: string; value: { deserialize(bytes: Buffer): V } }): Promise<V[]> {
  const positions = [0, 1].map((partition) => ({ topic: topic.name, partition, offset: 0 }))
  const fetched = await log.fetch({ positions, maxBytes: 10_000_000, maxWaitMs: 0 })
  return fetched.flatMap(({ records }) => records).map(({ value }) => topic.value.deserialize(value as Buffer))
}

const keys = async () => (await valuesOf(merchantEvents)).filter(({ type }) => type === 'ApiKeyIssued')

describe('one node', () => {
  beforeEach(() => desk.start())

  test('turns a request into a command and gives back its outcome', async () => {
    const gateway = await node()
    const result = await gateway.run(spec(request()))
    expect(result).toMatchObject({
      event: { type: 'ApiKeyIssued', apiKeyId: 'key no 1' },
      commandId: commandIdOf(request()),
      position: { topic: 'merchant.events' },
      replayed: false,
    })
    expect((await valuesOf(merchantCommands))[0]?.meta).toMatchObject({ source: 'api', businessDate: '2026-03-01' })
  })

  test('gives the stored answer to a repeat, marked, and does nothing twice', async () => {
    const gateway = await node()
    const first = await gateway.run(spec(request()))
    const again = await gateway.run(spec(request()))
    expect(again).toEqual({ ...first, position: null, replayed: true })
    expect(await keys()).toHaveLength(1)
  })

  test('knows a repeat that comes before the topology knows that the first is committed', async () => {
    const gateway = await node()
    acks.ms = 30
    for (let round = 0; round < 10; round += 1) {
      const key = `round ${round}`
      const first = await gateway.run(spec(request({ key })))
      const startedMs = performance.now()
      expect(await gateway.run(spec(request({ key })))).toEqual({ ...first, position: null, replayed: true })
      expect(performance.now() - startedMs).toBeLessThan(1_000)
    }
    expect(await valuesOf(merchantCommands)).toHaveLength(10)
  })

  test('refuses the same key with another body, answered or under way, and the same body under way', async () => {
    const gateway = await node()
    await gateway.run(spec(request()))
    await expect(gateway.run(spec(request({ body: '{"a":1}' })))).rejects.toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    const underWay = gateway.run(spec(request({ key: 'k2' })))
    await expect(gateway.run(spec(request({ key: 'k2' })))).rejects.toMatchObject({
      status: 409,
      code: 'REQUEST_IN_FLIGHT',
      headers: { 'retry-after': '1' },
    })
    await expect(gateway.run(spec(request({ key: 'k2', body: '{"a":1}' })))).rejects.toMatchObject({ status: 422 })
    await expect(underWay).resolves.toMatchObject({ replayed: false })
    expect(await keys()).toHaveLength(2)
  })

  test.each([
    ['caller', { caller: 'mer_2' }],
    ['method', { method: 'PUT' }],
    ['path', { path: '/v1/other' }],
    ['key', { key: 'k2' }],
  ])('takes another %s as another request', async (_what, over) => {
    const gateway = await node()
    await gateway.run(spec(request()))
    expect(await gateway.run(spec(request(over)))).toMatchObject({ replayed: false })
    expect(await keys()).toHaveLength(2)
  })

  test('keeps no hash of a body that could be tried out', async () => {
    const gateway = await node()
    const body = '{"password":"correct horse"}'
    await gateway.run(spec(request({ body })))
    const [command] = await valuesOf(merchantCommands)
    expect(command?.meta.idempotencyKey).toMatch(/^[0-9a-f]{64}#[0-9a-f]{64}$/)
    expect(command?.meta.idempotencyKey).not.toContain(sha256(body))
  })

  test('finds nothing stored for a request that was never made, and writes nothing to find out', async () => {
    const gateway = await node()
    expect(await gateway.replay(spec(request()))).toBeNull()
    expect(await valuesOf(merchantCommands)).toEqual([])
  })
})

describe('two nodes over one log', () => {
  beforeEach(() => desk.start())

  test('give the same answer to the same request at the same time, and it has one effect', async () => {
    const [a, b] = [await node(), await node()]
    for (let round = 0; round < 20; round += 1) {
      const asked = spec(request({ key: `round ${round}` }))
      const [first, second] = await Promise.all([a.run(asked), b.run(asked)])
      expect(second.event).toEqual(first.event)
    }
    expect(await keys()).toHaveLength(20)
    expect((await valuesOf(merchantCommands)).length).toBeGreaterThan(20)
  })

  test('let one of two bodies under one key through', async () => {
    const [a, b] = [await node(), await node()]
    const results = await Promise.allSettled([
      a.run(spec(request({ body: '{"amount":1}' }))),
      b.run(spec(request({ body: '{"amount":2}' }))),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await keys()).toHaveLength(1)
  })

  test('the second one finds the answer that was announced before it listened and stored after it looked', async () => {
    const first = await (await node()).run(spec(request()))
    let looks = 0
    const late = await node({
      wrap: (queries) => ({
        get: (app, store, key, at) => {
          looks += 1
          return looks === 1 ? Promise.resolve(undefined) : queries.get(app, store, key, at)
        },
      }),
    })
    await expect(late.run(spec(request()))).resolves.toMatchObject({ event: first.event, replayed: true })
    expect(await keys()).toHaveLength(1)
  })
})

describe('a topology that is late', () => {
  test('leaves the request without an outcome, and its repeat gets it; nothing happens twice', async () => {
    const stateIsAway = () => ({ get: () => Promise.resolve(undefined) })
    const impatient = await node({ outcomeTimeoutMs: 50, wrap: stateIsAway })
    const pending = { status: 504, code: 'OUTCOME_PENDING', headers: { 'retry-after': '1' } }
    await expect(impatient.run(spec(request()))).rejects.toMatchObject(pending)
    await expect(impatient.run(spec(request()))).rejects.toMatchObject(pending)

    await desk.start()
    const patient = await node()
    await expect(patient.run(spec(request()))).resolves.toMatchObject({ event: { apiKeyId: 'key no 1' } })
    expect(await keys()).toHaveLength(1)
  })

  test('leaves a repeat pending too where the state does not answer in time', async () => {
    const slow = () => ({ get: () => Promise.reject(new StreamsError('QUERY_TIMEOUT', 'The task is restoring.')) })
    const gateway = await node({ wrap: slow })
    await expect(gateway.run(spec(request()))).rejects.toMatchObject({ status: 504, code: 'OUTCOME_PENDING' })
    expect(await valuesOf(merchantCommands)).toEqual([])
  })
})
