import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GatewaySandbox, gatewaySandbox } from './sandbox.ts'
import type { GatewayEvent } from './webhook.ts'

let directory: string
let gateway: GatewaySandbox
let events: GatewayEvent[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fourfold-gateway-'))
  events = []
  gateway = open()
})

afterEach(async () => {
  await gateway.close()
  rmSync(directory, { recursive: true })
})

const open = () => gatewaySandbox({ directory, onEvent: (event) => events.push(event) })

/** The gateway in a new process. */
async function restart(): Promise<void> {
  await gateway.close()
  gateway = open()
}

type Answer = { status: number; body: Record<string, unknown> }

async function post(path: string, body: unknown, key?: string): Promise<Answer> {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await gateway.app.request(path, { method: 'POST', headers, body: text })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function tokenOf(number: string): Promise<string> {
  const { body } = await post('/v1/tokens', { number, expiryMonth: 12, expiryYear: 2030, cvc: '123' })
  return body.token as string
}

const chargeOf = (token: string, more: object = {}) => ({
  token,
  amountMinor: 14_32,
  currency: 'USD',
  reference: 'pay_1',
  attempt: 1,
  atCheckout: false,
  ...more,
})

const code = (answer: Answer) =>
  ((answer.body.error ?? answer.body.failure) as { code: string } | null | undefined)?.code ?? null

const GOOD = '4242424242424242'

test('a token shows brand and last four, and holds neither the number nor anything like one', async () => {
  const { status, body } = await post('/v1/tokens', { number: '4242 4242 4242 4242', expiryMonth: 1, expiryYear: 2031 })
  expect([status, body]).toEqual([
    201,
    {
      token: expect.stringMatching(/^tok_visa_4242_[a-p]{32}$/),
      brand: 'visa',
      last4: '4242',
      expiryMonth: 1,
      expiryYear: 2031,
    },
  ])
  await restart()
  expect(await tokenOf(GOOD)).toBe(body.token)
})

test.each([
  ['no card number', { number: '4242', expiryMonth: 1, expiryYear: 2030 }, 'card_number_invalid'],
  ['a wrong check digit', { number: '4242424242424241', expiryMonth: 1, expiryYear: 2030 }, 'card_number_invalid'],
  [
    'a card that is no test card',
    { number: '4111111111111111', expiryMonth: 1, expiryYear: 2030 },
    'test_card_required',
  ],
  ['a month that is none', { number: GOOD, expiryMonth: 13, expiryYear: 2030 }, 'expiry_invalid'],
  ['no year', { number: GOOD, expiryMonth: 1 }, 'expiry_invalid'],
  ['a body that is not JSON', '{', 'expiry_invalid'],
])('refuses a token for %s', async (_, body, expected) => {
  const answer = await post('/v1/tokens', body)
  expect([answer.status, code(answer)]).toEqual([422, expected])
})

test.each<[string, boolean[], (string | null)[]]>([
  // Attempts 1 to 3 off session, then at the checkout; null is success.
  ['4242424242424242', [], [null, null, null, null]],
  ['5555555555554444', [], [null, null, null, null]],
  ['4000000000000002', [false], ['card_declined', 'card_declined', 'card_declined', 'card_declined']],
  [
    '4000000000009995',
    [true],
    ['insufficient_funds', 'insufficient_funds', 'insufficient_funds', 'insufficient_funds'],
  ],
  ['4000000000000341', [false], ['card_declined', 'card_declined', 'card_declined', 'card_declined']],
  ['4000000000000119', [true], ['processing_error', 'processing_error', 'processing_error', 'processing_error']],
  ['4000000000003220', [true], ['insufficient_funds', 'insufficient_funds', null, null]],
  ['4000000000003238', [false], ['card_declined', 'card_declined', 'card_declined', null]],
])('the card %s behaves as written', async (number, retryables, codes) => {
  const token = await tokenOf(number)
  const charges = [1, 2, 3].map((attempt) => chargeOf(token, { attempt }))
  charges.push(chargeOf(token, { atCheckout: true }))
  const answers = await Promise.all(charges.map((charge, index) => post('/v1/charges', charge, `key-${index}`)))
  expect(answers.map(code)).toEqual(codes)
  expect(answers.map(({ status }) => status)).toEqual(codes.map((failure) => (failure === null ? 201 : 402)))
  const failures = answers.flatMap(({ body }) => (body.failure ? [body.failure as { retryable: boolean }] : []))
  for (const failure of failures) expect(failure.retryable).toBe(retryables[0])
})

test('the same key and body have one answer and event, also after a restart; another body is refused', async () => {
  const charge = chargeOf(await tokenOf(GOOD))
  const first = await post('/v1/charges', charge, 'req_1')
  expect(await post('/v1/charges', charge, 'req_1')).toEqual(first)
  await restart()
  expect(await post('/v1/charges', charge, 'req_1')).toEqual(first)
  const other = await post('/v1/charges', { ...charge, amountMinor: 1 }, 'req_1')
  expect([other.status, code(other)]).toEqual([409, 'idempotency_key_reused'])
  expect(events).toEqual([
    { id: expect.stringMatching(/^evt_/), name: 'charge.succeeded', data: { ...first.body, idempotencyKey: 'req_1' } },
  ])
})

test('a key that came with a request in a bad form can be used for the corrected one', async () => {
  const charge = chargeOf(await tokenOf(GOOD))
  expect((await post('/v1/charges', { ...charge, currency: 'usd' }, 'req_1')).status).toBe(422)
  expect((await post('/v1/charges', charge, 'req_1')).status).toBe(201)
})

test('shows a charge, also one of before a restart, and no other', async () => {
  const charge = chargeOf(await tokenOf(GOOD))
  const { body } = await post('/v1/charges', charge, 'req_1')
  const show = async (id: unknown) => (await gateway.app.request(`/v1/charges/${String(id)}`)).json()
  expect(await show(body.id)).toEqual(body)
  await restart()
  expect(await show(body.id)).toEqual({ id: body.id, status: 'succeeded', amountMinor: 14_32, currency: 'USD' })
  expect(await show(`${String(body.id).slice(0, -1)}x`)).toMatchObject({ error: { code: 'charge_unknown' } })
})

test('refunds up to what was charged, over all refunds and a restart', async () => {
  const { body: charge } = await post('/v1/charges', chargeOf(await tokenOf(GOOD)), 'req_1')
  const refund = (amountMinor: number, key: string) =>
    post('/v1/refunds', { charge: charge.id, amountMinor, currency: 'USD', reference: 'ret_1' }, key)
  const first = await refund(10_00, 'ref_1')
  expect([first.status, first.body]).toEqual([
    201,
    { id: expect.stringMatching(/^re_/), status: 'succeeded', charge: charge.id, amountMinor: 10_00, currency: 'USD' },
  ])
  await restart()
  expect(await refund(10_00, 'ref_1')).toEqual(first)
  const tooMuch = await refund(4_33, 'ref_2')
  expect([tooMuch.status, code(tooMuch)]).toEqual([402, 'refund_too_large'])
  expect((await refund(4_32, 'ref_3')).status).toBe(201)
  expect(await refund(4_33, 'ref_2')).toEqual(tooMuch)
})

test('refuses refunds of what was not charged, and in another currency', async () => {
  const [good, bad] = [await tokenOf(GOOD), await tokenOf('4000000000000002')]
  const { body: charged } = await post('/v1/charges', chargeOf(good), 'req_1')
  const { body: declined } = await post('/v1/charges', chargeOf(bad), 'req_2')
  const refund = (charge: unknown, currency: string, key: string) =>
    post('/v1/refunds', { charge, amountMinor: 1, currency, reference: 'r' }, key)
  expect(code(await refund(declined.id, 'USD', 'ref_1'))).toBe('charge_unknown')
  expect(code(await refund('ch_made_up', 'USD', 'ref_2'))).toBe('charge_unknown')
  expect(code(await refund(charged.id, 'EUR', 'ref_3'))).toBe('currency_mismatch')
})

test('pays out, except to an account that is closed', async () => {
  const payout = { account: 'acct_1', amountMinor: 96_00, currency: 'USD', reference: 'set_1' }
  const paid = await post('/v1/payouts', payout, 'po_1')
  expect([paid.status, paid.body.status, code(paid)]).toEqual([201, 'paid', null])
  const failed = await post('/v1/payouts', { ...payout, account: 'acct_closed' }, 'po_2')
  expect([failed.status, failed.body.status, code(failed)]).toEqual([402, 'failed', 'account_closed'])
})

test.each<[string, string, unknown, string | undefined, number, string]>([
  ['a charge without a key', '/v1/charges', {}, undefined, 400, 'idempotency_key_missing'],
  ['a body that is not JSON', '/v1/charges', '{', 'k', 400, 'body_invalid'],
  ['a body that is too long', '/v1/charges', 'x'.repeat(70_000), 'k', 413, 'body_too_large'],
  ['an amount of 0', '/v1/charges', chargeOf('t', { amountMinor: 0 }), 'k', 422, 'amount_invalid'],
  ['a fraction', '/v1/charges', chargeOf('t', { amountMinor: 0.5 }), 'k', 422, 'amount_invalid'],
  ['an attempt of 0', '/v1/charges', chargeOf('t', { attempt: 0 }), 'k', 422, 'charge_invalid'],
  ['a token made up', '/v1/charges', chargeOf('tok_visa_4242_abcdef'), 'k', 404, 'token_unknown'],
  ['a payout to nobody', '/v1/payouts', { amountMinor: 1, currency: 'USD' }, 'k', 422, 'account_invalid'],
])('refuses %s', async (_, path, body, key, status, expected) => {
  const answer = await post(path, body, key)
  expect([answer.status, code(answer)]).toEqual([status, expected])
})

test('takes a charge back, once and no more than is left of it, also after a restart', async () => {
  const { body: charge } = await post('/v1/charges', chargeOf(await tokenOf(GOOD)), 'req_1')
  const back = { charge: charge.id, amountMinor: 10_00, reason: 'product_not_received' }
  const first = await post('/v1/charge-backs', back, 'back-1')
  expect(first).toMatchObject({ status: 201, body: { status: 'open', amountMinor: 10_00, currency: 'USD' } })
  expect(await post('/v1/charge-backs', back, 'back-1')).toEqual(first)
  await restart()
  expect(await post('/v1/charge-backs', back, 'back-1')).toEqual(first)
  expect(code(await post('/v1/charge-backs', { ...back, amountMinor: 4_33 }, 'back-2'))).toBe('charge_back_too_large')
  const refund = { charge: charge.id, amountMinor: 4_33, currency: 'USD', reference: 'ret_1' }
  expect(code(await post('/v1/refunds', refund, 'ref-1'))).toBe('refund_too_large')
  expect((await post('/v1/refunds', { ...refund, amountMinor: 4_32 }, 'ref-2')).status).toBe(201)
  // Told again where it was asked for again: the id is the same, and a repeat is harmless.
  const told = { id: `evt_${first.body.id}`, name: 'charge.charged_back' }
  expect(events.slice(1)).toEqual(
    Array(3).fill({ ...told, data: expect.objectContaining({ charge: charge.id, amountMinor: 10_00 }) }),
  )
})

test('a charge-back is decided once; what was won can be given back again', async () => {
  const { body: charge } = await post('/v1/charges', chargeOf(await tokenOf(GOOD)), 'req_1')
  const { body } = await post('/v1/charge-backs', { charge: charge.id }, 'back-1')
  await restart()
  const decision = { chargeBack: body.id, won: true }
  const decided = await post('/v1/charge-back-decisions', decision, 'decide-1')
  expect(decided).toMatchObject({ status: 201, body: { status: 'won' } })
  expect(await post('/v1/charge-back-decisions', decision, 'decide-1')).toEqual(decided)
  await restart()
  expect(code(await post('/v1/charge-back-decisions', decision, 'decide-2'))).toBe('charge_back_decided')
  expect((await post('/v1/charge-backs', { charge: charge.id }, 'back-2')).status).toBe(201)
  expect(events.map(({ name }) => name)).toEqual([
    ...['charge.succeeded', 'charge.charged_back', 'charge_back.won', 'charge_back.won', 'charge.charged_back'],
  ])
})

test('the bank of the card 4000 0000 0000 0259 takes back what was not charged at a checkout', async () => {
  const token = await tokenOf('4000000000000259')
  await post('/v1/charges', chargeOf(token, { atCheckout: true }), 'req_1')
  const { body: charge } = await post('/v1/charges', chargeOf(token), 'req_2')
  await post('/v1/charges', chargeOf(token), 'req_2')
  expect(events.map(({ name }) => name)).toEqual(['charge.succeeded', 'charge.succeeded', 'charge.charged_back'])
  expect(events.at(-1)).toMatchObject({ data: { charge: charge.id, amountMinor: 14_32, reason: 'fraudulent' } })
})

test.each([
  ['a charge that is not there', '/v1/charge-backs', { charge: 'ch_1' }, 'charge_unknown'],
  [
    'a charge-back that is not there',
    '/v1/charge-back-decisions',
    { chargeBack: 'cb_1', won: true },
    'charge_back_unknown',
  ],
  ['no decision', '/v1/charge-back-decisions', { chargeBack: 'cb_1' }, 'decision_invalid'],
])('refuses %s', async (_, path, body, expected) => {
  expect(code(await post(path, body, 'key-1'))).toBe(expected)
})

test('an inquiry tells what became of a charge, also after a restart', async () => {
  const [good, bad] = [chargeOf(await tokenOf(GOOD)), chargeOf(await tokenOf('4000000000000002'))]
  const charged = await post('/v1/charges', good, 'k1')
  const declined = await post('/v1/charges', bad, 'k2')
  await restart()
  expect(await post('/v1/charge-inquiries', good, 'k1')).toEqual(charged)
  expect(await post('/v1/charge-inquiries', bad, 'k2')).toEqual(declined)
})

test('an inquiry about a charge that was never made closes its key for a request on its way', async () => {
  const body = chargeOf(await tokenOf(GOOD))
  const never = await post('/v1/charge-inquiries', body, 'k1')
  expect([never.status, code(never)]).toEqual([404, 'charge_never_made'])
  await restart()
  const late = await post('/v1/charges', body, 'k1')
  expect([late.status, code(late)]).toEqual([402, 'charge_closed'])
  expect(await post('/v1/charge-inquiries', body, 'k1')).toEqual(never)
  expect(events).toEqual([])
  const other = await post('/v1/charge-inquiries', { ...body, amountMinor: 1 }, 'k1')
  expect([other.status, code(other)]).toEqual([409, 'idempotency_key_reused'])
})

test('two gateways know the same tokens, and not the charges of each other', async () => {
  const second = gatewaySandbox({ name: 'payment-gateway-2' })
  const ask = (path: string, body: object, key: string) =>
    second.app.request(path, { method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify(body) })
  const body = chargeOf(await tokenOf(GOOD))
  const charged = await ask('/v1/charges', body, 'k1')
  const { id } = (await charged.json()) as { id: string }
  expect([charged.status, (await post('/v1/charges', body, 'k1')).body.id === id]).toEqual([201, false])
  const back = { charge: id, amountMinor: 1, currency: 'USD' }
  expect(code(await post('/v1/refunds', back, 'k2'))).toBe('charge_unknown')
  expect((await ask('/v1/refunds', back, 'k2')).status).toBe(201)
  await second.close()
})

test('an outage refuses charges, or loses their answers, until it is ended', async () => {
  const body = chargeOf(await tokenOf(GOOD))
  expect((await post('/v1/outages', { outage: 'fire' })).status).toBe(422)
  await post('/v1/outages', { outage: 'busy' })
  expect((await post('/v1/charges', body, 'k1')).status).toBe(503)
  expect(events).toEqual([])
  await post('/v1/outages', { outage: 'answer-lost' })
  expect((await post('/v1/charges', body, 'k1')).status).toBe(500)
  expect(events).toHaveLength(1)
  expect((await post('/v1/charge-inquiries', body, 'k1')).status).toBe(201)
  await post('/v1/outages', { outage: 'none' })
  expect((await post('/v1/charges', body, 'k1')).status).toBe(201)
  expect(events).toHaveLength(1)
})
