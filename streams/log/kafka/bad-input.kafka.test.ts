/** What a person meets who has the broker, its address, the credentials or a topic wrong. */
import { createServer } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, expect, test } from 'vitest'
import { describeWithOwnKafka } from '../../testing/kafka/describe-with-kafka.ts'
import { freePorts } from '../../testing/kafka/free-port.ts'
import { until } from '../../testing/log-suite-kit.ts'
import type { Log, TopicSpec } from '../log.ts'
import { openKafkaLog } from './kafka-log.ts'
import type { KafkaLogOptions } from './options.ts'

const USER = { name: 'fourfold', password: 'right' }
const USER_BY_SCRAM = { mechanism: 'SCRAM-SHA-256', username: USER.name, password: USER.password } as const
const record = (topic: string, bytes = 10) => {
  return { topic, partition: 0, timestampMs: 1, key: null, value: Buffer.alloc(bytes, 7) }
}
const spec = (name: string, more: Partial<TopicSpec> = {}): TopicSpec => {
  return { name, partitions: 2, cleanup: 'delete', retentionMs: -1, ...more }
}

async function valueBytes(log: Log, topic: string): Promise<(number | undefined)[]> {
  const positions = [{ topic, partition: 0, offset: 0 }]
  const [part] = await log.fetch({ positions, maxBytes: 2_000_000, maxWaitMs: 5_000 })
  return (part?.records ?? []).map(({ value }) => value?.length)
}

await describeWithOwnKafka('bad input to the Kafka log', { saslUsers: [USER], tls: true }, (broker) => {
  const logs: Log[] = []
  const open = async (options: Partial<KafkaLogOptions> = {}) => {
    const log = await openKafkaLog({ brokers: [broker().addresses.plain], connectTimeoutMs: 2_000, ...options })
    logs.push(log)
    return log
  }
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()))
  })
  const kafkajs = () =>
    new Kafka({ brokers: [broker().addresses.plain], logLevel: logLevel.NOTHING, clientId: 'bad-input' })

  test('no broker, and a wrong address', async () => {
    const [port = 1] = await freePorts(1)
    await expect(open({ brokers: [`127.0.0.1:${port}`] })).rejects.toMatchObject({
      code: 'LOG_UNREACHABLE',
      message: expect.stringMatching(new RegExp(`127.0.0.1:${port}.*ECONNREFUSED.*Start one`)),
    })
    await expect(open({ brokers: ['nowhere.invalid:9092'] })).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' })
    for (const wrong of ['127.0.0.1', 'host:0', 'host:99999', 'kafka://host:9092', '']) {
      await expect(open({ brokers: [wrong] })).rejects.toMatchObject({ code: 'LOG_OPTION_INVALID' })
    }
  })

  test('something else at the address, and something that never answers', async () => {
    const http = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const silent = createServer(() => {})
    for (const server of [http, silent]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      const opening = open({ brokers: [`127.0.0.1:${port}`], requestTimeoutMs: 1_000 })
      await expect(opening).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' })
      server.close()
    }
  })

  test('a first address that is wrong does no harm where another one is right', async () => {
    const [port = 1] = await freePorts(1)
    const log = await open({ brokers: [`127.0.0.1:${port}`, broker().addresses.plain] })
    expect(await log.topics()).toEqual([])
  })

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'credentials by %s, right and wrong',
    async (mechanism) => {
      const brokers = [broker().addresses.sasl ?? '']
      const sasl = { mechanism, username: USER.name, password: USER.password }
      const log = await open({ brokers, sasl })
      await log.createTopics([spec(`by-${mechanism}`)])
      expect(await log.append([record(`by-${mechanism}`)])).toEqual([0])
      expect(await valueBytes(log, `by-${mechanism}`)).toEqual([10])
      const wrong = open({ brokers, sasl: { ...sasl, password: 'wrong' } })
      await expect(wrong).rejects.toMatchObject({
        code: 'LOG_AUTHENTICATION_FAILED',
        message: expect.stringContaining('Correct the user'),
      })
    },
  )

  test('TLS, with the right authority, with none, and plain where it is asked for', async () => {
    const brokers = [broker().addresses.tls ?? '']
    const tls = { ca: [broker().ca ?? ''], servername: 'localhost' }
    const log = await open({ brokers, tls })
    await log.createTopics([spec('by-tls')])
    expect(await log.append([record('by-tls', 900_000)])).toEqual([0])
    expect(await valueBytes(log, 'by-tls')).toEqual([900_000])
    const [sasl, mixed] = [USER_BY_SCRAM, [broker().addresses.saslTls ?? '']]
    expect(await valueBytes(await open({ brokers: mixed, tls, sasl }), 'by-tls')).toEqual([900_000])
    await expect(open({ brokers, tls: { servername: 'localhost' } })).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' })
    await expect(open({ brokers, requestTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'LOG_UNREACHABLE',
      message: expect.stringContaining('TLS'),
    })
  })

  test('a topic that is not there: nothing makes it by the way', async () => {
    const log = await open()
    await expect(log.append([record('missing')])).rejects.toMatchObject({ code: 'LOG_UNKNOWN_TOPIC' })
    await expect(
      log.fetch({ positions: [{ topic: 'missing', partition: 0, offset: 0 }], maxBytes: 1, maxWaitMs: 0 }),
    ).rejects.toMatchObject({ code: 'LOG_UNKNOWN_TOPIC', message: expect.stringContaining('createTopics') })
    expect((await log.topics()).map(({ name }) => name)).not.toContain('missing')
  })

  test('fewer partitions than before, and a changelog that would lose records', async () => {
    const log = await open()
    await log.createTopics([spec('wide', { partitions: 4 })])
    await expect(log.createTopics([spec('wide')])).rejects.toMatchObject({
      code: 'LOG_PARTITIONS_DIFFER',
      message: expect.stringMatching(/wide has 4 partitions, not 2/),
    })
    await expect(log.createTopics([spec('wide', { partitions: 4, cleanup: 'compact' })])).rejects.toMatchObject({
      code: 'LOG_CLEANUP_DIFFERS',
      message: expect.stringContaining('--add-config cleanup.policy=compact'),
    })
  })

  test('more copies than there are brokers', async () => {
    const log = await open({ replicationFactor: 3, patienceMs: 500 })
    await expect(log.createTopics([spec('copies')])).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      message: expect.stringMatching(/copies.*INVALID_REPLICATION_FACTOR.*Remedy/),
    })
  })

  test('a message over the limit of the log, and over that of a topic somebody else made', async () => {
    const admin = kafkajs().admin()
    await admin.connect()
    const configEntries = [{ name: 'max.message.bytes', value: '2000' }]
    await admin.createTopics({ topics: [{ topic: 'narrow', numPartitions: 1, configEntries }], waitForLeaders: false })
    await admin.disconnect()
    const log = await open({ recordBytesMax: 50_000 })
    await until('the topic is there', async () => (await log.topics()).some(({ name }) => name === 'narrow'))
    await expect(log.append([record('narrow', 50_001)])).rejects.toMatchObject({ code: 'LOG_RECORD_TOO_LARGE' })
    await expect(log.append([record('narrow', 5_000)])).rejects.toMatchObject({
      code: 'LOG_RECORD_TOO_LARGE',
      message: expect.stringContaining('max.message.bytes'),
    })
    const producer = await log.producer('narrow')
    const transaction = (bytes: number) => ({ records: [record('narrow', bytes)], consumed: null })
    await expect(producer.commit(transaction(5_000))).rejects.toMatchObject({ code: 'LOG_RECORD_TOO_LARGE' })
    await producer.commit(transaction(500))
    await producer.close()
    expect(await log.append([record('narrow', 500)])).toHaveLength(1)
  })

  test('a log that was cut off below where somebody stands', async () => {
    const log = await open()
    await log.createTopics([spec('cut')])
    for (let i = 0; i < 5; i++) await log.append([record('cut')])
    const admin = kafkajs().admin()
    await admin.connect()
    await admin.fetchTopicOffsets('cut')
    await admin.deleteTopicRecords({ topic: 'cut', partitions: [{ partition: 0, offset: '3' }] })
    await admin.disconnect()
    const reading = log.fetch({ positions: [{ topic: 'cut', partition: 0, offset: 1 }], maxBytes: 1, maxWaitMs: 0 })
    await expect(reading).rejects.toMatchObject({
      code: 'LOG_OFFSET_OUT_OF_RANGE',
      message: expect.stringMatching(/it begins at 3.*Go on from 3/),
    })
  })

  test.each([
    ['heartbeatMs', { heartbeatMs: 9_000 }],
    ['compression', { compression: 'brotli' as never }],
    ['sasl.mechanism', { sasl: { mechanism: 'MD5' as never, username: 'u', password: 'p' } }],
    ['sasl', { sasl: { mechanism: 'PLAIN' as const, username: '', password: 'p' } }],
    ['brokers', { brokers: [] }],
    ['transactionTimeoutMs', { transactionTimeoutMs: 0.5 }],
  ])('the option %s', async (name, options) => {
    await expect(open(options)).rejects.toMatchObject({
      code: 'LOG_OPTION_INVALID',
      message: expect.stringContaining(`option ${name} `),
    })
  })
})
