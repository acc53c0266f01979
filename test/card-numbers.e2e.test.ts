/**
 * No card number stands anywhere: in no topic (changelogs included), no state, no table of PostgreSQL or ClickHouse, no
 * file of the data directory and no line that is printed, whatever the card does and wherever somebody types it.
 */
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { TEST_CARDS } from '#connectors/payment-gateway/test-cards.ts'
import { dumpTables } from '#sinks/testing/dump-tables.ts'
import { addCard, capture, confirm, offer, openShop, openShopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'
import { everythingIn, filesOf } from './written-down.ts'

afterAll(removeDirectories)
afterEach(() => {
  vi.restoreAllMocks()
})

/** A card number as people and programs write it. */
function formsOf(number: string): readonly string[] {
  const groups = number.match(/.{1,4}/g) ?? []
  const encodings = (['base64', 'hex'] as const).map((encoding) => Buffer.from(number).toString(encoding))
  return [number, groups.join(' '), groups.join('-'), ...encodings, [...number].reverse().join('')]
}

test('no card number is found in any topic, state, table, file or line that is printed', async () => {
  const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockReturnValue())
  const directory = newDirectory('cards')
  const platform = await openPlatform(directory)
  const places: Record<string, string> = {}
  const numbers = [...TEST_CARDS.keys()]
  const outcomes = new Set<string>()
  try {
    const caller = new Caller(platform.server.localUrl)
    const shop = await openShop(caller, platform.operatorToken, 'Card Shop')
    for (const [index, number] of numbers.entries()) {
      const shopper = await openShopper(caller, `carl-${index}`)
      const paymentMethodId = await addCard(caller, shopper.token, `card-${index}`, number)
      const key = `buy-${index}`
      const checkoutId = await offer(caller, shop, key, 40_00)
      const bought = await confirm(caller, { ...shopper, paymentMethodId }, checkoutId, key, 'PAY_IN_4')
      outcomes.add(bought.status)
      if (bought.status === 'AUTHORISED') await capture(caller, shop, bought.purchaseId, 40_00)
    }
    await typeThemEverywhere(caller, platform.operatorToken, numbers[0] ?? '')
    for (const days of [15, 15, 15]) {
      const { date } = platform.clock.now()
      await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${date}`, body: { days } })
    }
    await expectWell(platform)
    places['topics'] = await everythingIn(platform)
    places['postgres'] = JSON.stringify(await dumpTables(platform.sinks.database))
    const analytics = platform.sinks.clickhouse?.analytics
    if (analytics !== undefined) {
      places['clickhouse'] = JSON.stringify(await analytics.query('SELECT * FROM fourfold.events'))
    }
  } finally {
    await platform.close()
  }
  places['files'] = filesOf(directory)
  places['print'] = JSON.stringify(printed.map(({ mock }) => mock.calls))
  // The cards were at work: some paid, some did not, and what may be shown of them is there.
  expect([...outcomes]).toEqual(expect.arrayContaining(['AUTHORISED', 'PAYMENT_FAILED']))
  for (const place of ['topics', 'postgres']) expect(places[place]).toContain('4242')
  const found = numbers.flatMap((number) =>
    Object.entries(places).flatMap(([place, text]) =>
      formsOf(number).flatMap((form) => (text.includes(form) ? [`${form} in ${place}`] : [])),
    ),
  )
  expect(found).toEqual([])
}, 180_000)

/** What people paste a card number into; each is refused, and says so without repeating it. */
async function typeThemEverywhere(caller: Caller, operator: string, number: string): Promise<void> {
  const spaced = number.replace(/(.{4})(?=.)/g, '$1 ')
  const shop = await openShop(caller, operator, 'Paste Shop')
  const shopper = await openShopper(caller, 'paula')
  const checkoutId = await offer(caller, shop, 'paste', 20_00)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, 'paste')
  await capture(caller, shop, purchaseId, 20_00)
  const card = { brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2090 }
  const attempts: readonly [path: string, token: string, body: object][] = [
    ['/v1/consumers/me/payment-methods', shopper.token, { ...card, token: number }],
    ['/v1/checkouts', shop.apiKey, { amountMinor: 1_00, currency: 'USD', merchantReference: spaced }],
    [`/v1/purchases/${purchaseId}/refunds`, shop.apiKey, { amountMinor: 1, currency: 'USD', reason: `to ${number}` }],
    [
      `/v1/purchases/${purchaseId}/disputes`,
      shopper.token,
      { reason: 'OTHER', note: `My card ${spaced}\nwas charged` },
    ],
    ['/v1/consumers', '', { email: 'x@example.com', givenName: number, familyName: 'X', dateOfBirth: '1970-01-01' }],
  ]
  for (const [index, [path, token, body]] of attempts.entries()) {
    const answer = await caller.send('POST', path, { token, key: `paste-${index}`, body })
    expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'VALIDATION_FAILED'])
    expect(JSON.stringify(answer.body)).not.toContain(number)
  }
}

test('the search finds a number where there is one', () => {
  expect(formsOf('4242424242424242').some((form) => 'paid by 4242-4242-4242-4242'.includes(form))).toBe(true)
})
