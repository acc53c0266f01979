import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Admin, Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTopics } from './create-topics.ts'
import { describeWithKafka, describeWithOwnKafka } from './describe-with-kafka.ts'

const USER = { name: 'alice', password: 'a "quoted" \\ one' }

function client(broker: string, config: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({ brokers: [broker], clientId: 'broker-test', logLevel: logLevel.NOTHING, ...config })
}

/** Writes two records with kafkajs and reads them back. */
async function roundTrip(kafka: Kafka): Promise<string[]> {
  const topic = `broker-test-${randomUUID()}`
  const admin = kafka.admin()
  await admin.connect()
  await createTopics(admin, [{ topic, numPartitions: 1 }])
  await admin.disconnect()
  await write(kafka, topic, ['one', 'two'])
  return read(kafka, topic, 2)
}

async function write(kafka: Kafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: values.map((value) => ({ value })) })
  await producer.disconnect()
}

async function read(kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `broker-test-${randomUUID()}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const values: string[] = []
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      values.push(String(message.value))
      if (values.length === count) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return values
}

await describeWithKafka('the broker that all tests share', (shared) => {
  let admin: Admin
  beforeAll(async () => {
    admin = client(shared.brokers[0] ?? '').admin()
    await admin.connect()
  })
  afterAll(() => admin.disconnect())

  test('takes records and gives them back', async () => {
    expect(await roundTrip(client(shared.brokers[0] ?? ''))).toEqual(['one', 'two'])
  })

  test('makes no topic that was not asked for', async () => {
    const topic = `broker-test-${randomUUID()}`
    await expect(write(client(shared.brokers[0] ?? '', { retry: { retries: 1 } }), topic, ['x'])).rejects.toThrow()
    expect(await admin.listTopics()).not.toContain(topic)
  })
})

await describeWithOwnKafka('a broker with every listener', { saslUsers: [USER], tls: true }, (broker) => {
  const { name: username, password } = USER
  const ssl = () => ({ ca: [broker().ca ?? ''], servername: 'localhost' })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('lets users in by %s', async (mechanism) => {
    const sasl = { mechanism, username, password } as SASLOptions
    expect(await roundTrip(client(broker().addresses.sasl ?? '', { sasl }))).toEqual(['one', 'two'])
  })

  test.each(['plain', 'scram-sha-256'] as const)('refuses a wrong password by %s', async (mechanism) => {
    const sasl = { mechanism, username, password: 'wrong' } as SASLOptions
    await expect(roundTrip(client(broker().addresses.sasl ?? '', { sasl }))).rejects.toThrow(/[Aa]uthentication failed/)
  })

  test('speaks TLS with its own certificate, and with a user on top', async () => {
    expect(await roundTrip(client(broker().addresses.tls ?? '', { ssl: ssl() }))).toEqual(['one', 'two'])
    const sasl = { mechanism: 'scram-sha-512', username, password } as SASLOptions
    expect(await roundTrip(client(broker().addresses.saslTls ?? '', { ssl: ssl(), sasl }))).toEqual(['one', 'two'])
  })

  test('has a certificate that nobody trusts unasked', async () => {
    const [host = '', port] = (broker().addresses.tls ?? '').split(':')
    const socket = connectTls({ host, port: Number(port) })
    const [error] = (await once(socket, 'error')) as [Error]
    expect(error.message).toMatch(/self-signed/)
  })
})

await describeWithOwnKafka('a broker of its own', {}, (broker) => {
  const topic = 'kept'

  test('keeps its data over a restart', { timeout: 60_000 }, async () => {
    const kafka = client(broker().addresses.plain)
    const admin = kafka.admin()
    await admin.connect()
    await createTopics(admin, [{ topic, numPartitions: 1 }])
    await admin.disconnect()
    await write(kafka, topic, ['before'])
    const before = broker().pid
    await broker().restart()
    expect(broker().pid).not.toBe(before)
    await write(kafka, topic, ['after'])
    expect(await read(kafka, topic, 2)).toEqual(['before', 'after'])
  })

  test('answers nobody while frozen, and goes on afterwards', async () => {
    const [host = '', port] = broker().addresses.plain.split(':')
    broker().freeze()
    const socket = connect({ host, port: Number(port) })
    await once(socket, 'connect')
    const asks = async () => {
      const admin = client(broker().addresses.plain, { requestTimeout: 300, retry: { retries: 0 } }).admin()
      const answer = await admin.connect().then(
        () => 'an answer',
        () => 'silence',
      )
      await admin.disconnect()
      return answer
    }
    // A signal takes effect a moment after it was sent.
    await expect.poll(asks, { timeout: 10_000 }).toBe('silence')
    socket.destroy()
    broker().resume()
    expect(await read(client(broker().addresses.plain), topic, 2)).toEqual(['before', 'after'])
  })
})
