import { describe, expect, test } from 'vitest'
import type { CommandAnswer, ConsumerState } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { arrives, playStory, TopologyTestDriver } from '#streams/testing'
import {
  beginRegistration,
  endSession,
  HOUR,
  meta,
  opening,
  report,
  requestCheck,
  startSession,
  T0,
  tick,
} from './consumer-samples.ts'
import { consumersTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const create = () => TopologyTestDriver.create(consumersTopology(schemas), { partitions: 2 })

describe('the consumers topology', () => {
  test('opens an account, keeps its secrets in the state and tells the rest', async () => {
    const driver = await create()
    for (const command of opening()) await driver.pipe(topics.consumerCommands, command)
    const told = driver.read(topics.consumerEvents)
    expect(told.map(({ key, value }) => [key, value?.type])).toEqual([
      ['con_1', 'RegistrationBegun'],
      ['con_1', 'ConsumerRegistered'],
      ['con_1', 'ContactVerified'],
      ['con_1', 'SessionStarted'],
    ])
    const state = await driver.store<ConsumerState>('consumers').get('con_1')
    expect(state).toMatchObject({ passwordHash: '$argon2id$1', sessions: [{ tokenHash: 'hash of ses_0' }] })
    const bytes = driver
      .records(topics.consumerEvents.name)
      .map(({ value }) => value?.toString('latin1'))
      .join()
    expect(bytes).not.toMatch(/argon2id|hash of/)
  })

  test('answers each command once and keeps the answer for 48 hours', async () => {
    const driver = await create()
    await driver.pipe(topics.consumerCommands, beginRegistration())
    await driver.pipe(topics.consumerCommands, beginRegistration())
    expect(driver.readValues(topics.consumerEvents)).toHaveLength(1)
    const answers = driver.store<CommandAnswer>('answers')
    const answer = await answers.get('cmd_register')
    expect(answer).toMatchObject({ outcomeType: 'RegistrationBegun', answeredAt: T0 })
    expect(topics.consumerEvents.value.deserialize(answer?.outcome ?? Buffer.of())).toMatchObject({
      consumerId: 'con_1',
    })
    await driver.pipe(topics.clock, tick(T0 + 48 * HOUR - 1))
    expect(await answers.entries()).toHaveLength(1)
    await driver.pipe(topics.clock, tick(T0 + 48 * HOUR))
    expect(await answers.entries()).toEqual([])
  })

  test('keeps a refusal as an answer, also about somebody it does not know', async () => {
    const driver = await create()
    await driver.pipe(topics.consumerCommands, endSession('ses_0'))
    await driver.pipe(topics.consumerCommands, endSession('ses_0'))
    expect(driver.readValues(topics.consumerEvents)).toMatchObject([{ code: 'CONSUMER_UNKNOWN' }])
    expect(await driver.store('consumers').entries()).toEqual([])
    expect(await driver.store('answers').entries()).toHaveLength(1)
  })

  test('sends a check to the provider, hears the result, and lets another one expire', async () => {
    const driver = await create()
    for (const consumerId of ['con_1', 'con_2', 'con_3']) {
      for (const command of opening({ consumerId, meta: meta(`cmd_${consumerId}`) })) {
        await driver.pipe(topics.consumerCommands, command)
      }
      const command = { ...requestCheck('chk_1'), consumerId, meta: meta(`cmd_check_${consumerId}`) }
      await driver.pipe(topics.consumerCommands, command)
    }
    const asked = driver.read(topics.identityRequests).map(({ key, value }) => [key, value?.consumerId])
    expect(asked.sort()).toEqual([
      ['con_1', 'con_1'],
      ['con_2', 'con_2'],
      ['con_3', 'con_3'],
    ])
    await driver.pipe(topics.identityResults, report('APPROVED', { final: true }))
    driver.read(topics.consumerEvents)
    await driver.pipe(topics.clock, tick(T0 + 24 * HOUR))
    const expired = driver.readValues(topics.consumerEvents)
    expect(expired.map((event) => event?.consumerId).sort()).toEqual(['con_2', 'con_3'])
    expect(expired).toMatchObject([{ status: 'EXPIRED' }, { status: 'EXPIRED' }])
    expect(await driver.store('consumers-due').entries()).toHaveLength(9)
  })

  test('puts aside what is not a record of its topics, and goes on', async () => {
    const driver = await create()
    for (const topic of [topics.consumerCommands, topics.identityResults]) {
      await driver.pipeBytes(topic, 'con_1', Buffer.from('not Avro'))
    }
    await driver.pipe(topics.consumerCommands, beginRegistration())
    expect(driver.deadLetters().map(({ topic }) => topic)).toEqual(['consumer.commands', 'identity.results'])
    expect(driver.readValues(topics.consumerEvents)).toHaveLength(1)
  })

  const story = [
    ...opening().map((command) => arrives(topics.consumerCommands, command)),
    arrives(topics.consumerCommands, startSession('ses_1')),
    arrives(topics.consumerCommands, requestCheck('chk_1')),
    arrives(topics.consumerCommands, requestCheck('chk_1')),
    arrives(topics.clock, tick(T0 + 24 * HOUR)),
    arrives(topics.identityResults, report('APPROVED', { at: T0 + 25 * HOUR })),
    arrives(topics.consumerCommands, endSession('ses_0')),
  ]
  const play = (crashAt?: number) =>
    playStory(consumersTopology(schemas), story, {
      ...(crashAt === undefined ? {} : { crashAt }),
      topics: [topics.consumerEvents, topics.identityRequests],
      stores: ['consumers', 'consumers-due', 'answers'],
    })

  test.each(story.keys().toArray())('gives the same bytes and state after a crash in step %i', async (crashAt) => {
    const smooth = await play()
    expect(smooth.written['consumer.events']).toHaveLength(9)
    expect(await play(crashAt)).toEqual(smooth)
  })
})
