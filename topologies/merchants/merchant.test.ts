import { describe, expect, test } from 'vitest'
import type { MerchantStatus } from '#schemas'
import { given } from '#streams/testing'
import { API_KEYS_MAX } from './api-keys.ts'
import type { AccountCommand } from './facts.ts'
import { merchant } from './merchant.ts'
import { changeStatus, issueKey, meta, onboard, revokeKey, T0 } from './merchant-samples.ts'

const at = (...commands: readonly AccountCommand[]) => given(merchant, 'mer_1').after(...commands)
const active = at(onboard())

describe('a merchant', () => {
  test('is taken on active, with its terms and a key whose hash is told to nobody', () => {
    const decided = at()
      .when(onboard())
      .gives(
        { type: 'MerchantOnboarded', name: 'Kiosk', currency: 'EUR', terms: { feeBps: 400 }, apiKeyId: 'key_0' },
        { type: 'ApiKeyKept', apiKey: { apiKeyId: 'key_0', apiKeyHash: 'hash of key_0' } },
      )
    decided.leaves({
      account: { status: 'ACTIVE', payoutAccount: 'acct_1', ticketMaxMinor: 100_000, onboardedAt: T0 },
      apiKeys: [{ apiKeyId: 'key_0', apiKeyHash: 'hash of key_0' }],
    })
    expect(JSON.stringify(decided.events[0])).not.toContain('hash of')
  })

  const terms = (over: Partial<ReturnType<typeof onboard>['terms']>) =>
    onboard({ terms: { ...onboard().terms, ...over } })
  test.each([
    ['a currency the platform does not take', onboard({ currency: 'XTS' }), 'CURRENCY_UNKNOWN'],
    ['a fee above the whole', terms({ feeBps: 10_001 }), 'TERMS_INVALID'],
    ['a fee below nothing', terms({ feeBps: -1 }), 'TERMS_INVALID'],
    ['a fixed fee below nothing', terms({ feeFixedMinor: -1 }), 'TERMS_INVALID'],
    ['a payout in the past', terms({ settlementDays: -1 }), 'TERMS_INVALID'],
    ['an authorisation of no day', terms({ authorisationDays: 0 }), 'TERMS_INVALID'],
    ['an authorisation of half a year and a day', terms({ authorisationDays: 181 }), 'TERMS_INVALID'],
    ['a refund policy there is not', terms({ refundPolicy: 'FIRST_FIRST' }), 'TERMS_INVALID'],
    ['a smallest ticket of nothing', onboard({ ticketMinMinor: 0 }), 'TICKET_RANGE_INVALID'],
    ['a largest ticket below the smallest', onboard({ ticketMaxMinor: 499 }), 'TICKET_RANGE_INVALID'],
  ])('is not taken on with %s', (_what, command, code) => {
    const decided = at().when(command).gives({ type: 'MerchantCommandRefused', command: 'OnboardMerchant', code })
    expect(decided.state).toEqual(at().state)
  })

  test('is taken on once', () => {
    active.when(onboard({ meta: meta('cmd_again') })).gives({ type: 'MerchantCommandRefused', code: 'MERCHANT_EXISTS' })
  })
})

describe('the status', () => {
  const inStatus: Record<MerchantStatus, typeof active> = {
    ACTIVE: active,
    SUSPENDED: active.after(changeStatus('SUSPENDED')),
    CLOSED: active.after(changeStatus('CLOSED')),
  }
  test.each([
    ['ACTIVE', 'ACTIVE', 'STATUS_UNCHANGED'],
    ['ACTIVE', 'SUSPENDED', null],
    ['ACTIVE', 'CLOSED', null],
    ['SUSPENDED', 'ACTIVE', null],
    ['SUSPENDED', 'SUSPENDED', 'STATUS_UNCHANGED'],
    ['SUSPENDED', 'CLOSED', null],
    ['CLOSED', 'ACTIVE', 'MERCHANT_CLOSED'],
    ['CLOSED', 'SUSPENDED', 'MERCHANT_CLOSED'],
    ['CLOSED', 'CLOSED', 'STATUS_UNCHANGED'],
  ] as const)('from %s to %s: %s', (previous, status, code) => {
    const decided = inStatus[previous].when(changeStatus(status))
    if (code !== null) decided.gives({ type: 'MerchantCommandRefused', code }).leaves({ account: { status: previous } })
    else decided.gives({ type: 'MerchantStatusChanged', previous, status }).leaves({ account: { status } })
  })

  test('of a merchant that is closed lets no key be added, but one be withdrawn', () => {
    inStatus.CLOSED.when(issueKey('key_1')).gives({ type: 'MerchantCommandRefused', code: 'MERCHANT_CLOSED' })
    inStatus.CLOSED.when(revokeKey('key_0')).gives({ type: 'ApiKeyRevoked' })
  })
})

describe('API keys', () => {
  test('are added beside each other and withdrawn one by one', () => {
    active
      .when(issueKey('key_1'))
      .gives({ type: 'ApiKeyIssued', apiKeyId: 'key_1' }, { type: 'ApiKeyKept' })
      .leaves({ apiKeys: [{ apiKeyId: 'key_0' }, { apiKeyId: 'key_1', apiKeyHash: 'hash of key_1' }] })
    active
      .after(issueKey('key_1'))
      .when(revokeKey('key_0'))
      .gives({ type: 'ApiKeyRevoked', apiKeyId: 'key_0' })
      .leaves({ apiKeys: [{ apiKeyId: 'key_1' }] })
  })

  const full = active.after(...Array.from({ length: API_KEYS_MAX - 1 }, (_, index) => issueKey(`key_${index + 1}`)))
  test.each([
    ['added twice', active, issueKey('key_0'), 'API_KEY_EXISTS'],
    ['too many', full, issueKey('key_new'), 'API_KEYS_TOO_MANY'],
    ['withdrawn twice', active.after(revokeKey('key_0')), revokeKey('key_0'), 'API_KEY_UNKNOWN'],
  ])('are refused: %s', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'MerchantCommandRefused', command: command.type, code })
    expect(decided.state).toEqual(state.state)
  })
})

test.each([changeStatus('SUSPENDED'), issueKey('key_1'), revokeKey('key_1')])(
  '$type about a merchant that is not there is refused',
  (command) => {
    at().when(command).gives({ type: 'MerchantCommandRefused', command: command.type, code: 'MERCHANT_UNKNOWN' })
  },
)
