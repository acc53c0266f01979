import { describe, expect, test } from 'vitest'
import type { CheckoutState, MerchantState } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { arrives, playStory, TopologyTestDriver } from '#streams/testing'
import { changeStatus, claim, createCheckout, HOUR, issueKey, meta, onboard, T0, tick } from './merchant-samples.ts'
import { merchantsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const create = () => TopologyTestDriver.create(merchantsTopology(schemas), { partitions: 2 })
const told = (driver: TopologyTestDriver) => driver.readValues(topics.merchantEvents).map((event) => event?.type)

describe('the merchants topology', () => {
  test('takes a merchant on and offers its checkouts under its terms', async () => {
    const driver = await create()
    await driver.pipeAll(topics.merchantCommands, [onboard(), createCheckout(), claim('con_1')])
    const records = driver.read(topics.merchantEvents)
    expect(records.map(({ key, value }) => [key, value?.type])).toEqual([
      ['mer_1', 'MerchantOnboarded'],
      ['mer_1', 'CheckoutCreated'],
      ['mer_1', 'CheckoutClaimed'],
    ])
    expect(await driver.store<MerchantState>('merchants').get('mer_1')).toMatchObject({
      account: { status: 'ACTIVE', name: 'Kiosk' },
      apiKeys: [{ apiKeyId: 'key_0', apiKeyHash: 'hash of key_0' }],
    })
    expect(await driver.store<CheckoutState>('checkouts').get('chk_1')).toMatchObject({
      status: 'CLAIMED',
      consumerId: 'con_1',
      offer: { merchantName: 'Kiosk', terms: { feeBps: 400 } },
    })
  })

  test('sees the merchant of a checkout as it stands when the command is read', async () => {
    const driver = await create()
    const later = { ...createCheckout({ checkoutId: 'chk_2' }), meta: meta('cmd_checkout_2') }
    const unknown = { ...createCheckout({ checkoutId: 'chk_0' }), meta: meta('cmd_checkout_0') }
    await driver.pipeAll(topics.merchantCommands, [
      unknown,
      onboard(),
      createCheckout(),
      changeStatus('SUSPENDED'),
      later,
    ])
    expect(driver.readValues(topics.merchantEvents)).toMatchObject([
      { type: 'MerchantCommandRefused', code: 'MERCHANT_UNKNOWN', checkoutId: 'chk_0' },
      { type: 'MerchantOnboarded' },
      { type: 'CheckoutCreated' },
      { type: 'MerchantStatusChanged' },
      { type: 'MerchantCommandRefused', code: 'MERCHANT_NOT_ACTIVE', checkoutId: 'chk_2' },
    ])
  })

  test('tells every task of credit who sells no more, and who does again', async () => {
    const driver = await create()
    const commands = [onboard(), changeStatus('SUSPENDED'), changeStatus('ACTIVE'), changeStatus('CLOSED')]
    await driver.pipeAll(topics.merchantCommands, commands)
    const heard = driver.readValues(topics.creditRules).map((event) => event && 'status' in event && event.status)
    expect(heard.toSorted()).toEqual(['ACTIVE', 'ACTIVE', 'CLOSED', 'CLOSED', 'SUSPENDED', 'SUSPENDED'])
  })

  test('answers each command once, refusals too', async () => {
    const driver = await create()
    const commands = [issueKey('key_1'), onboard(), createCheckout(), claim('con_1'), claim('con_2')]
    await driver.pipeAll(topics.merchantCommands, commands)
    expect(told(driver)).toHaveLength(5)
    await driver.pipeAll(topics.merchantCommands, commands)
    expect(told(driver)).toEqual([])
    expect(await driver.store('answers').entries()).toHaveLength(5)
    await driver.pipe(topics.clock, tick(T0 + 48 * HOUR))
    expect(await driver.store('answers').entries()).toEqual([])
  })

  test('lets checkouts expire that nobody has taken', async () => {
    const driver = await create()
    const second = { ...createCheckout({ checkoutId: 'chk_2' }), meta: meta('cmd_checkout_2') }
    await driver.pipeAll(topics.merchantCommands, [onboard(), createCheckout(), second, claim('con_1')])
    told(driver)
    await driver.pipe(topics.clock, tick(T0 + 24 * HOUR))
    expect(driver.readValues(topics.merchantEvents)).toMatchObject([{ type: 'CheckoutExpired', checkoutId: 'chk_2' }])
    await driver.pipe(topics.clock, tick(T0 + 25 * HOUR))
    expect(told(driver)).toEqual([])
  })

  test('puts aside what is not a record of its topic, and goes on', async () => {
    const driver = await create()
    await driver.pipeBytes(topics.merchantCommands, 'mer_1', Buffer.from('not Avro'))
    await driver.pipe(topics.merchantCommands, onboard())
    expect(driver.deadLetters()).toMatchObject([{ topic: 'merchant.commands', key: 'mer_1' }])
    expect(told(driver)).toEqual(['MerchantOnboarded'])
  })

  const story = [
    arrives(topics.merchantCommands, onboard()),
    arrives(topics.merchantCommands, createCheckout()),
    arrives(topics.merchantCommands, createCheckout()),
    arrives(topics.merchantCommands, claim('con_1')),
    arrives(topics.merchantCommands, claim('con_2')),
    arrives(topics.merchantCommands, { ...createCheckout({ checkoutId: 'chk_2' }), meta: meta('cmd_checkout_2') }),
    arrives(topics.clock, tick(T0 + 24 * HOUR)),
    arrives(topics.merchantCommands, changeStatus('CLOSED')),
  ]
  const play = (crashAt?: number) =>
    playStory(merchantsTopology(schemas), story, {
      ...(crashAt === undefined ? {} : { crashAt }),
      topics: [topics.merchantEvents, topics.creditRules],
      stores: ['merchants', 'merchants-due', 'checkouts', 'checkouts-due', 'answers'],
    })

  test.each(story.keys().toArray())('gives the same bytes and state after a crash in step %i', async (crashAt) => {
    const smooth = await play()
    expect(smooth.written['merchant.events']).toHaveLength(7)
    expect(await play(crashAt)).toEqual(smooth)
  })
})
