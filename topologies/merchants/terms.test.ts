import { describe, expect, test } from 'vitest'
import type { MerchantState } from '#schemas'
import { given } from '#streams/testing'
import { checkout } from './checkout.ts'
import type { CheckoutRequest } from './facts.ts'
import { merchant } from './merchant.ts'
import {
  changeStatus,
  changeTerms,
  changeTier,
  createCheckout,
  HOUR,
  issueKey,
  meta,
  onboard,
  revokeKey,
  rotateKey,
  T0,
  tick,
} from './merchant-samples.ts'
import { tierTicketMaxMinor } from './risk-tiers.ts'

const DAY = 24 * HOUR
const active = given(merchant, 'mer_1').after(onboard())

/** What becomes of a checkout of so much at a time, with the merchant as it stands. */
function offered(state: MerchantState, amountMinor: number, at: number) {
  const command = createCheckout({ amountMinor, meta: meta(`cmd_${amountMinor}_${at}`, at) })
  const request: CheckoutRequest = { type: 'CheckoutRequest', command, merchant: state }
  return given(checkout, 'chk_1').when(request).events[0]
}

describe('terms', () => {
  const agreed = active.after(changeTerms(T0 + 10 * DAY, { feeBps: 250, settlementDays: 5 }, 20_000))

  test('are agreed with a version, and come into force at their time', () => {
    active
      .when(changeTerms(T0 + 10 * DAY, { feeBps: 250 }, 20_000))
      .gives({ type: 'MerchantTermsChanged', version: 2, effectiveFrom: T0 + 10 * DAY })
    expect(agreed.dueAt).toBe(T0 + 10 * DAY)
    agreed.when(tick(T0 + 10 * DAY - 1)).givesNothing()
    const inForce = agreed.when(tick(T0 + 10 * DAY)).gives({ type: 'MerchantTermsInForce', version: 2 })
    expect(inForce.state.account).toMatchObject({ terms: { feeBps: 250 }, termsVersion: 2, nextTerms: [] })
    expect(agreed.after(tick(T0 + 10 * DAY)).dueAt).toBeNull()
  })

  test('of a checkout are those of its moment, also where the tick is still on its way', () => {
    for (const state of [agreed.state, agreed.after(tick(T0 + 10 * DAY)).state]) {
      const late = offered(state, 20_000, T0 + 10 * DAY)
      expect(late).toMatchObject({ type: 'CheckoutCreated', terms: { feeBps: 250, settlementDays: 5 } })
      expect(offered(state, 20_001, T0 + 10 * DAY)).toMatchObject({ code: 'TICKET_TOO_LARGE' })
    }
    expect(offered(agreed.state, 100_000, T0 + 10 * DAY - 1)).toMatchObject({ terms: { feeBps: 400 } })
  })

  test.each([
    [{ instalments: 1 }, '2 to 36'],
    [{ instalments: 37 }, '2 to 36'],
    [{ interest: 'COMPOUND' }, 'no interest COMPOUND'],
    [{ dayCount: 'ACTUAL_360' }, 'no day count ACTUAL_360'],
    [{ ratePpm: 0 }, 'The rate must be 0 without interest'],
    [{ ratePpm: 360_001 }, 'at most 360000'],
    [{ interest: 'NONE' }, 'The rate must be 0 without interest'],
  ])('with a monthly plan of %j are refused, and say why', (over, why) => {
    const plan = { instalments: 6, interest: 'DECLINING', ratePpm: 99_900, dayCount: 'THIRTY_360', ...over }
    const { events, state } = active.when(changeTerms(T0, { monthly: [plan] }))
    expect(events).toMatchObject([{ type: 'MerchantCommandRefused', code: 'TERMS_INVALID' }])
    expect(events[0]).toHaveProperty('detail', expect.stringContaining(why))
    expect(state).toEqual(active.state)
  })

  test('have one monthly plan of a number of instalments, and a checkout keeps it', () => {
    const plan = { instalments: 6, interest: 'DECLINING', ratePpm: 99_900, dayCount: 'THIRTY_360' }
    active
      .when(changeTerms(T0, { monthly: [plan, { ...plan, ratePpm: 1 }] }))
      .gives({ type: 'MerchantCommandRefused', code: 'TERMS_INVALID' })
    const { state } = active.after(changeTerms(T0 + DAY, { monthly: [plan] }), tick(T0 + DAY))
    expect(offered(state, 1_000, T0 + DAY)).toMatchObject({ terms: { monthly: [plan] } })
  })

  test('that begin now are in force at once', () => {
    active
      .when(changeTerms(T0, { feeBps: 100 }))
      .gives({ type: 'MerchantTermsChanged', version: 2 }, { type: 'MerchantTermsInForce', version: 2 })
      .leaves({ account: { terms: { feeBps: 100 }, nextTerms: [] } })
  })

  test('follow each other, several agreed ahead', () => {
    const two = agreed.after(changeTerms(T0 + 20 * DAY, { feeBps: 200 }))
    expect(two.state.account?.nextTerms.map(({ version }) => version)).toEqual([2, 3])
    two
      .when(tick(T0 + 30 * DAY))
      .gives({ type: 'MerchantTermsInForce', version: 2 }, { type: 'MerchantTermsInForce', version: 3 })
      .leaves({ account: { terms: { feeBps: 200 }, termsVersion: 3, nextTerms: [] } })
    expect(offered(two.state, 10_000, T0 + 25 * DAY)).toMatchObject({ terms: { feeBps: 200 } })
  })

  test.each([
    ['before now', active, changeTerms(T0 - 1), 'TERMS_TIME_INVALID'],
    ['before those that are agreed', agreed, changeTerms(T0 + 9 * DAY), 'TERMS_TIME_INVALID'],
    ['with a fee below 0', active, changeTerms(T0, { feeBps: -1 }), 'TERMS_INVALID'],
    ['with no range of tickets', active, changeTerms(T0, {}, 1), 'TICKET_RANGE_INVALID'],
    ['of a closed merchant', active.after(changeStatus('CLOSED')), changeTerms(T0), 'MERCHANT_CLOSED'],
    ['of nobody', given(merchant, 'mer_1'), changeTerms(T0), 'MERCHANT_UNKNOWN'],
  ])('%s are refused', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'MerchantCommandRefused', code })
    expect(decided.state).toEqual(state.state)
  })
})

describe('a risk tier', () => {
  test('limits tickets from the next checkout on, with a reason', () => {
    const high = active.after(changeTier('HIGH'))
    expect(offered(high.state, 50_000, T0)).toMatchObject({ type: 'CheckoutCreated' })
    expect(offered(high.state, 50_001, T0)).toMatchObject({
      code: 'TICKET_OVER_TIER',
      detail: 'The amount must be 500.00 EUR or less, the most of a merchant in the tier HIGH.',
    })
    expect(offered(high.after(changeTier('LOW')).state, 100_000, T0)).toMatchObject({ type: 'CheckoutCreated' })
    high.when(changeTier('HIGH')).gives({ type: 'MerchantCommandRefused', code: 'TIER_UNCHANGED' })
  })

  test.each([
    ['EUR', 50_000],
    ['JPY', 50_000],
    ['KWD', 500_000],
    ['KRW', 500_000],
    ['SEK', 500_000],
    ['DKK', 500_000],
    ['NOK', 500_000],
  ])('HIGH is in %s at most %i', (currency, minor) => expect(tierTicketMaxMinor('HIGH', currency)).toBe(minor))
})

describe('an API key', () => {
  test('gets a successor, and is taken until its end', () => {
    const rotated = active.when(rotateKey('key_0', 'key_1', T0 + DAY))
    rotated.gives(
      { type: 'ApiKeyRotated', apiKeyId: 'key_0', newApiKeyId: 'key_1', endsAt: T0 + DAY },
      { type: 'ApiKeyKept' },
      { type: 'ApiKeyKept' },
    )
    expect(rotated.state.apiKeys).toEqual([
      { apiKeyId: 'key_0', apiKeyHash: 'hash of key_0', endsAt: T0 + DAY },
      { apiKeyId: 'key_1', apiKeyHash: 'hash of key_1', endsAt: null },
    ])
    expect(JSON.stringify(rotated.events[0])).not.toContain('hash of')
  })

  test('that was replaced can be withdrawn before its end, and never ends later than it was to', () => {
    const rotated = active.after(rotateKey('key_0', 'key_1', T0 + HOUR))
    rotated.when(revokeKey('key_0')).gives({ type: 'ApiKeyRevoked' })
    expect(rotated.after(rotateKey('key_0', 'key_2', T0 + DAY)).state.apiKeys[0]?.endsAt).toBe(T0 + HOUR)
  })

  const ended = active.after(rotateKey('key_0', 'key_1', T0))
  test.each([
    ['one that is not there', active, rotateKey('key_9', 'key_1', T0), 'API_KEY_UNKNOWN'],
    ['one that has ended', ended, rotateKey('key_0', 'key_2', T0), 'API_KEY_UNKNOWN'],
    ['into one that is there', active.after(issueKey('key_1')), rotateKey('key_0', 'key_1', T0), 'API_KEY_EXISTS'],
    ['with an end too far off', active, rotateKey('key_0', 'key_1', T0 + 8 * DAY), 'API_KEY_END_INVALID'],
  ])('is not replaced: %s', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'MerchantCommandRefused', code })
    expect(decided.state).toEqual(state.state)
  })
})
