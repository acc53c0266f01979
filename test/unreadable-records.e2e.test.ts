/**
 * Records that nobody can read, on every topic that anything reads: each is given up by each of its readers, with its
 * cause and its place, and everything goes on behind it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { commandIdOf } from '#api/command-gateway.ts'
import type { DeadLetterView } from '#api/operations.ts'
import { CONNECTOR_NAMES, type ConnectorName } from '#connectors/start-connectors.ts'
import type { Platform } from '#main/platform.ts'
import { readTopic } from '#main/reconciliation/read-topic.ts'
import { rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { EVENTS, UNREADABLE } from '#sinks/clickhouse/tables.ts'
import { sinkTopics } from '#sinks/feed/sink-topics.ts'
import { bytesSerde, DEAD_LETTER_HEADERS, type ProducerRecord, partitionFor, stringSerde } from '#streams'
import { buy, capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { differences, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

/** Pause between two rounds of spoiled answers. */
const SPOIL_MS = 20
const SPOILED_FAST = 60

let platform: Platform | null = null

afterEach(async () => {
  await platform?.close()
  platform = null
}, 60_000)
afterAll(removeDirectories)

/** A record that was written, as its readers must report it. */
type Bad = { readonly topic: string; readonly place: string; readonly code: string }

const placeOf = (topic: string, partition: number | string, offset: number | string) =>
  `${topic}/${partition}@${offset}`

function requestTopics({ schemas: { topics } }: Platform): Readonly<Record<ConnectorName, string>> {
  return {
    identity: topics.identityRequests.name,
    business: topics.merchantCheckRequests.name,
    bureau: topics.bureauRequests.name,
    'payment-gateway': topics.paymentRequests.name,
    'payment-gateway-2': topics.paymentRequests.name,
    payouts: topics.payoutRequests.name,
    email: topics.notificationRequests.name,
    sms: topics.notificationRequests.name,
    push: topics.notificationRequests.name,
    'merchant-webhooks': topics.webhookRequests.name,
  }
}

/** What nobody can read, and by which code its readers say so. */
async function badValues(target: Platform, topic: string): Promise<(readonly [code: string, value: Buffer])[]> {
  const { topics } = target.schemas
  // No topic but the one of notices holds a NotificationReported.
  const foreign =
    topic === topics.notificationResults.name
      ? topics.clock.value.serialize(sampleRecord('ClockTicked'))
      : topics.notificationResults.value.serialize(sampleRecord('NotificationReported'))
  const unknownId = Buffer.from(foreign)
  unknownId.writeInt32BE(999_999, 1)
  const real = await firstValue(target, topic)
  return [
    ['SERDE_INVALID_BYTES', Buffer.from('these bytes are not Avro')],
    ['SCHEMA_UNKNOWN_ID', unknownId],
    ['SERDE_UNEXPECTED_RECORD', foreign],
    ...(real === null ? [] : [['SERDE_INVALID_BYTES', real.subarray(0, real.length - 3)] as const]),
  ]
}

/** A record as it really stands in the topic; null where there is none yet. */
async function firstValue({ storage: { log } }: Platform, topic: string): Promise<Buffer | null> {
  const positions = Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({
    topic,
    partition,
    offset: 0,
  }))
  const fetched = await log.fetch({ positions, maxBytes: 1_000, maxWaitMs: 0 })
  return fetched.flatMap(({ records }) => records.map(({ value }) => value)).find((value) => value !== null) ?? null
}

/** Writes one record of each kind to a topic, where the shopper's own records stand. */
async function spoil(target: Platform, topic: string, key: string): Promise<Bad[]> {
  const { log } = target.storage
  const partition = partitionFor(Buffer.from(key), log.partitionCount(topic))
  const at = { topic, partition, timestampMs: Date.now(), key: Buffer.from(key) }
  const values = await badValues(target, topic)
  const offsets = await log.append(values.map(([, value]): ProducerRecord => ({ ...at, value })))
  return values.map(([code], index) => ({
    topic,
    place: placeOf(topic, partition, offsets[index] ?? 'nowhere'),
    code: topic.endsWith('.control') ? 'STREAMS_CONTROL_INVALID' : code,
  }))
}

/** What a reader of these topics must have given up. */
function expected(bad: readonly Bad[], topics: readonly string[]): string[] {
  return bad.flatMap(({ topic, place, code }) => (topics.includes(topic) ? [`${place} ${code}`] : [])).sort()
}

async function givenUpByConnector({ storage: { log } }: Platform, name: string): Promise<string[]> {
  const topicName = `connector.${name}.dead-letters`
  const found: string[] = []
  const spec = {
    name: topicName,
    partitions: log.partitionCount(topicName),
    cleanup: 'delete',
    retentionMs: -1,
  } as const
  await readTopic(log, { ...spec, key: stringSerde, value: bytesSerde }, (_, { headers }) => {
    const said = new Map(headers.map(([header, value]) => [header, value.toString()]))
    const { topic, partition, offset, code } = DEAD_LETTER_HEADERS
    const of = (header: string) => said.get(header) ?? ''
    found.push(`${placeOf(of(topic), of(partition), of(offset))} ${of(code)}`)
  })
  return found.sort()
}

async function keptBySinks({ sinks }: Platform): Promise<{ postgres: string[]; clickhouse: string[] }> {
  type Row = { readonly topic: string; readonly partition: number; readonly offset: number }
  const places = (rows: readonly unknown[]) =>
    (rows as readonly Row[]).map(({ topic, partition, offset }) => placeOf(topic, partition, offset)).sort()
  const postgres = await sinks.database.query(
    'SELECT topic, partition, record_offset AS "offset" FROM unreadable_records',
  )
  const query = `SELECT topic, partition, log_offset AS offset FROM ${EVENTS} WHERE type = '${UNREADABLE}'`
  const clickhouse = await sinks.clickhouse?.analytics.query(query)
  return { postgres: places(postgres), clickhouse: places(clickhouse ?? []) }
}

/** A pay in 4 and a pay in 30, all the way to the capture. */
async function buysTwice(caller: Caller, shop: Shop, shopper: Shopper, key: string): Promise<void> {
  const checkoutId = await offer(caller, shop, `${key}-4`, 6_000)
  const inFour = await confirm(caller, shopper, checkoutId, `${key}-4`, 'PAY_IN_4')
  expect(inFour.status).toBe('AUTHORISED')
  await capture(caller, shop, inFour.purchaseId, 6_000)
  expect((await buy(caller, shop, shopper, `${key}-30`, 2_000)).status).toBe('AUTHORISED')
}

async function expectHealthy(target: Platform, caller: Caller): Promise<void> {
  expect(await target.settle()).toBe(true)
  const health = await caller.get<{ status: string; parts: { status: string }[] }>('/healthz')
  expect(health.parts.filter(({ status }) => status !== 'ok')).toEqual([])
  expect(await differences(target)).toEqual([])
}

async function deadLettersOf(caller: Caller, token: string, app: string): Promise<readonly DeadLetterView[]> {
  const path = `/v1/operations/topologies/${app}/dead-letters?limit=200`
  return (await caller.get<{ items: readonly DeadLetterView[] }>(path, token)).items
}

test('each reader of a topic gives up what it cannot read, with its cause, and goes on', async () => {
  const dataDir = newDirectory('unreadable')
  platform = await openPlatform(dataDir)
  const caller = new Caller(platform.server.localUrl)
  const shop = await openShop(caller, platform.operatorToken, 'Discs')
  const shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  await buysTwice(caller, shop, shopper, 'before')
  const requests = requestTopics(platform)
  const topologies = [...platform.running.topologies.values()].map((topology) => ({
    name: topology.name,
    topics: [...topology.inputTopics(), ...topology.globalTables.map(({ topic }) => topic.name)],
  }))
  const copied = sinkTopics(platform.schemas.topics).map(({ name }) => name)
  const topics = new Set([...topologies.flatMap((one) => one.topics), ...Object.values(requests), ...copied])

  const bad: Bad[] = []
  for (const topic of topics) bad.push(...(await spoil(platform, topic, shopper.consumerId)))
  // Three kinds for every topic, and a shortened record where the topic has one already, as most of them do.
  expect(bad.length).toBeGreaterThan(topics.size * 3.3)
  await buysTwice(caller, shop, shopper, 'behind')
  await expectHealthy(platform, caller)

  type Counted = { readonly app: string; readonly name: string; readonly deadLetters: number; parkedKeys: number }
  type Status = { readonly topologies: readonly Counted[]; readonly connectors: readonly Counted[] }
  const status = await caller.get<Status>('/v1/operations/status', platform.operatorToken)
  for (const { name, topics: read } of topologies) {
    const wanted = expected(bad, read)
    const letters = await deadLettersOf(caller, platform.operatorToken, name)
    const found = letters.map((one) => `${placeOf(one.topic, one.partition, one.offset)} ${one.code}`).sort()
    expect([name, found]).toEqual([name, wanted])
    const counted = status.topologies.find(({ app }) => app === name)
    expect(counted).toMatchObject({ app: name, deadLetters: wanted.length, parkedKeys: 0 })
  }
  for (const name of CONNECTOR_NAMES) {
    const wanted = expected(bad, [requests[name]])
    expect([name, await givenUpByConnector(platform, name)]).toEqual([name, wanted])
    expect(status.connectors.find((one) => one.name === name)).toMatchObject({ name, deadLetters: wanted.length })
  }
  const kept = bad.flatMap(({ topic, place }) => (copied.includes(topic) ? [place] : [])).sort()
  expect(await keptBySinks(platform)).toEqual({ postgres: kept, clickhouse: kept })
  console.log(`${bad.length} unreadable records on ${topics.size} topics; ${kept.length} of them kept by each sink`)

  await platform.close()
  platform = await openPlatform(dataDir)
  const again = new Caller(platform.server.localUrl)
  await buysTwice(again, shop, shopper, 'after-restart')
  await again.post('/v1/sandbox/clock', { token: platform.operatorToken, body: { days: 16 } })
  await expectHealthy(platform, again)
}, 180_000)

test('what claims to answer a command and cannot be read does not keep its caller from the answer', async () => {
  platform = await openPlatform(newDirectory('unreadable-answer'))
  const { storage, schemas, operatorToken } = platform
  const { topics } = schemas
  const caller = new Caller(platform.server.localUrl)
  const shop = await openShop(caller, operatorToken, 'Discs')
  const shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  const checkoutId = await offer(caller, shop, 'basket', 1_000)
  const path = `/v1/checkouts/${checkoutId}/confirm`
  const request = { caller: shopper.consumerId, method: 'POST', path, key: 'confirm-it', fresh: false, body: '' }
  const correlationId = commandIdOf(request)
  const meta = rootMeta({ source: 'test', id: 'evt_1', occurredAt: 0, businessDate: '2031-03-03', correlationId })
  const value = topics.notificationResults.value.serialize(sampleRecord('NotificationReported', { meta }))
  const key = Buffer.from(shopper.consumerId)
  const spoiled = [topics.creditEvents, topics.purchaseEvents, topics.merchantEvents].flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, timestampMs: 0, key, value })),
  )
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const spoiling = new AbortController()
  // At first so often that some come before the answer of a fast machine, then so seldom that a busy one gets to it.
  const spoils = (async () => {
    for (let count = 0; !spoiling.signal.aborted; count++) {
      await storage.log.append(spoiled)
      await sleep(count < SPOILED_FAST ? 1 : SPOIL_MS)
    }
  })()
  const body = { product: 'PAY_IN_30', paymentMethodId: shopper.paymentMethodId }
  const sent = { token: shopper.token, key: 'confirm-it', body }
  const answer = await caller.insist<{ status: string }>('POST', path, sent)
  spoiling.abort()
  await spoils
  const told = said.mock.calls.map(([first]) => String(first))
  said.mockRestore()
  expect(told.filter((line) => /^credit\.events\/\d@\d+ cannot be read as an outcome\./.test(line))).not.toEqual([])
  expect([answer.status, answer.body.status]).toEqual([200, 'AUTHORISED'])
}, 180_000)
