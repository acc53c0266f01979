import { describe, expect, test } from 'vitest'
import type { MerchantCheckOutcome, RiskTier } from '#schemas'
import { given } from '#streams/testing'
import { merchant } from './merchant.ts'
import { applyAsMerchant, checked, decideApplication, HOUR, onboard, T0, tick } from './merchant-samples.ts'

const at = given(merchant, 'mer_1')
const applied = at.after(applyAsMerchant())
const requestId = applied.state.application?.requestId ?? ''
const report = (outcome: MerchantCheckOutcome, riskTier: RiskTier | null = 'STANDARD', hours = 1) =>
  checked(requestId, outcome, riskTier, T0 + hours * HOUR)

describe('an application', () => {
  test('is verified before anything else, and its key is in no event', () => {
    const decided = at
      .when(applyAsMerchant())
      .gives(
        { type: 'MerchantApplied', legalName: 'Kiosk GmbH', registrationNumber: 'HRB 1001' },
        { type: 'ApplicationKept' },
        { type: 'MerchantCheckRequested', registrationNumber: 'HRB 1001', categoryCode: '5994' },
      )
    expect(JSON.stringify(decided.events.filter((event) => 'meta' in event))).not.toContain('hash of')
    expect(decided.state).toMatchObject({ account: null, apiKeys: [], application: { status: 'APPLIED', attempt: 1 } })
  })

  test.each([
    ['LOW', 300, 1, 500_000],
    ['STANDARD', 400, 1, 200_000],
    ['HIGH', 600, 7, 50_000],
  ] as const)('that is verified is taken on in the tier %s: fee %i, T+%i, tickets up to %i', (...row) => {
    const [tier, feeBps, settlementDays, ticketMaxMinor] = row
    applied
      .when(report('VERIFIED', tier))
      .gives(
        { type: 'ApplicationStatusChanged', status: 'APPROVED', previous: 'APPLIED', tier },
        { type: 'MerchantOnboarded', tier, ticketMaxMinor },
        { type: 'ApiKeyKept' },
      )
      .leaves({
        account: { status: 'ACTIVE', tier, ticketMaxMinor, terms: { feeBps, settlementDays } },
        apiKeys: [{ apiKeyId: 'key_0', apiKeyHash: 'hash of key_0', endsAt: null }],
      })
  })

  test.each([
    ['NEEDS_REVIEW', 'IN_REVIEW'],
    ['NOT_VERIFIED', 'REJECTED'],
  ] as const)('that comes out as %s is %s, and sells nothing', (outcome, status) => {
    const decided = applied.when(report(outcome)).gives({ type: 'ApplicationStatusChanged', status })
    expect(decided.state).toMatchObject({ account: null, apiKeys: [] })
  })

  test('that is verified without a tier is left to a person', () => {
    applied.when(report('VERIFIED', null)).gives({ type: 'ApplicationStatusChanged', status: 'IN_REVIEW' })
  })

  test('is checked again where the provider was away: three times, an hour apart, and then a person looks', () => {
    let state = applied
    for (let attempt = 1; attempt < 3; attempt += 1) {
      const asked = state.state.application?.requestId ?? ''
      const away = checked(asked, 'UNAVAILABLE', null, T0 + attempt * 2 * HOUR)
      state = state.after(away)
      const due = T0 + attempt * 2 * HOUR + HOUR
      expect(state.dueAt).toBe(due)
      state.when(tick(due - 1)).givesNothing()
      state.when(tick(due)).gives({ type: 'MerchantCheckRequested' })
      // The answer to an older question is passed over.
      state = state.after(tick(due))
      state.when(checked(asked, 'VERIFIED', 'LOW', due)).givesNothing()
    }
    const last = checked(state.state.application?.requestId ?? '', 'UNAVAILABLE', null, T0 + 9 * HOUR)
    state.when(last).gives({ type: 'ApplicationStatusChanged', status: 'IN_REVIEW', reasons: ['PROVIDER_UNAVAILABLE'] })
  })

  test('takes one report: repeats and later ones change nothing', () => {
    const verified = applied.after(report('VERIFIED'))
    verified.when(report('VERIFIED')).givesNothing()
    verified.when(report('NOT_VERIFIED', null, 2)).givesNothing()
    applied
      .after(report('NOT_VERIFIED'))
      .when(report('VERIFIED', 'LOW', 2))
      .givesNothing()
    at.when(report('VERIFIED')).givesNothing()
  })

  test('in review is decided by a person, once', () => {
    const review = applied.after(report('NEEDS_REVIEW'))
    review
      .when(decideApplication(true, 'HIGH'))
      .gives(
        { type: 'ApplicationStatusChanged', status: 'APPROVED', previous: 'IN_REVIEW', reasons: ['looked at'] },
        { type: 'MerchantOnboarded', tier: 'HIGH' },
        { type: 'ApiKeyKept' },
      )
    review.when(decideApplication(false, null)).gives({ type: 'ApplicationStatusChanged', status: 'REJECTED' })
    review.when(decideApplication(true, null)).gives({ type: 'MerchantCommandRefused', code: 'TIER_MISSING' })
    const again = { type: 'MerchantCommandRefused', code: 'APPLICATION_NOT_IN_REVIEW' } as const
    review.after(decideApplication(false, null)).when(decideApplication(true, 'LOW')).gives(again)
    applied.when(decideApplication(true, 'LOW')).gives(again)
    at.when(decideApplication(true, 'LOW')).gives({
      type: 'MerchantCommandRefused',
      code: 'MERCHANT_APPLICATION_UNKNOWN',
    })
  })

  test.each([
    ['a second time', applied, applyAsMerchant(), 'MERCHANT_EXISTS'],
    ['by a merchant that was taken on', at.after(onboard()), applyAsMerchant(), 'MERCHANT_EXISTS'],
    ['in a currency that is not taken', at, applyAsMerchant({ currency: 'XYZ' }), 'CURRENCY_UNKNOWN'],
  ])('%s is refused', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'MerchantCommandRefused', code })
    expect(decided.state).toEqual(state.state)
  })
})
