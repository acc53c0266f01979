/** Inputs of the merchants topology, for its tests. Amounts are minor units of EUR. */
import { dateToMs, msToDate } from '#domain/calendar.ts'
import type {
  ApplyMerchant,
  ChangeMerchantStatus,
  ChangeMerchantTerms,
  ChangeRiskTier,
  ClaimCheckout,
  ClockTicked,
  CreateCheckout,
  DecideApplication,
  Envelope,
  IssueApiKey,
  MerchantCheckOutcome,
  MerchantCheckReported,
  MerchantStatus,
  MerchantTerms,
  OnboardMerchant,
  RevokeApiKey,
  RiskTier,
  RotateApiKey,
} from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'

/** The business time of the samples, unless they say otherwise. */
export const T0 = dateToMs('2026-03-01')
/** Milliseconds of an hour. */
export const HOUR = 3_600_000

/** An envelope; the id tells one sample from another. */
export function meta(id: string, at: number = T0): Envelope {
  return rootMeta({ source: 'test', id, occurredAt: at, businessDate: msToDate(at) })
}

export const onboard = (over: Partial<OnboardMerchant> = {}): OnboardMerchant => ({
  type: 'OnboardMerchant',
  meta: meta('cmd_onboard'),
  merchantId: 'mer_1',
  name: 'Kiosk',
  legalName: 'Kiosk GmbH',
  country: 'DE',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  categoryCode: '5994',
  terms: {
    feeBps: 400,
    feeFixedMinor: 30,
    settlementDays: 2,
    refundPolicy: null,
    authorisationDays: null,
    settlement: null,
    monthly: [],
  },
  ticketMinMinor: 500,
  ticketMaxMinor: 100_000,
  payoutAccount: 'acct_1',
  apiKeyId: 'key_0',
  apiKeyHash: 'hash of key_0',
  tier: null,
  ...over,
})

export const changeStatus = (status: MerchantStatus): ChangeMerchantStatus => ({
  type: 'ChangeMerchantStatus',
  meta: meta(`cmd_${status}`),
  merchantId: 'mer_1',
  status,
  reason: 'asked for it',
})

export const issueKey = (apiKeyId: string): IssueApiKey => ({
  type: 'IssueApiKey',
  meta: meta(`cmd_${apiKeyId}`),
  merchantId: 'mer_1',
  apiKeyId,
  apiKeyHash: `hash of ${apiKeyId}`,
})

export const revokeKey = (apiKeyId: string): RevokeApiKey => ({
  type: 'RevokeApiKey',
  meta: meta(`cmd_revoke_${apiKeyId}`),
  merchantId: 'mer_1',
  apiKeyId,
})

export const createCheckout = (over: Partial<CreateCheckout> = {}): CreateCheckout => ({
  type: 'CreateCheckout',
  meta: meta('cmd_checkout'),
  merchantId: 'mer_1',
  checkoutId: 'chk_1',
  amountMinor: 10_000,
  currency: 'EUR',
  items: [{ name: 'Kettle', quantity: 2, unitAmountMinor: 5_000 }],
  merchantReference: 'order 7',
  consumerId: null,
  returnUrl: 'https://shop.example.com/done',
  ...over,
})

export const claim = (consumerId: string, at: number = T0): ClaimCheckout => ({
  type: 'ClaimCheckout',
  meta: meta(`cmd_claim_${consumerId}_${at}`, at),
  merchantId: 'mer_1',
  checkoutId: 'chk_1',
  consumerId,
})

export const tick = (time: number): ClockTicked => ({
  type: 'ClockTicked',
  meta: meta(`tick_${time}`, time),
  time,
  date: msToDate(time),
})

export const applyAsMerchant = (over: Partial<ApplyMerchant> = {}): ApplyMerchant => ({
  type: 'ApplyMerchant',
  meta: meta('cmd_apply'),
  merchantId: 'mer_1',
  name: 'Kiosk',
  legalName: 'Kiosk GmbH',
  registrationNumber: 'HRB 1001',
  country: 'DE',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  categoryCode: '5994',
  payoutAccount: 'acct_1',
  apiKeyId: 'key_0',
  apiKeyHash: 'hash of key_0',
  ...over,
})

export const checked = (
  requestId: string,
  outcome: MerchantCheckOutcome,
  riskTier: RiskTier | null,
  at: number,
): MerchantCheckReported => ({
  type: 'MerchantCheckReported',
  meta: meta(`evt_${requestId}_${outcome}`, at),
  requestId,
  merchantId: 'mer_1',
  outcome,
  riskTier,
  reasons: [],
  providerRef: null,
})

export const decideApplication = (approve: boolean, tier: RiskTier | null): DecideApplication => ({
  type: 'DecideApplication',
  meta: meta(`cmd_decide_${approve}_${tier}`),
  merchantId: 'mer_1',
  approve,
  tier,
  reason: 'looked at',
})

export const changeTerms = (
  effectiveFrom: number,
  terms: Partial<MerchantTerms> = {},
  ticketMaxMinor = 100_000,
): ChangeMerchantTerms => ({
  type: 'ChangeMerchantTerms',
  meta: meta(`cmd_terms_${effectiveFrom}`),
  merchantId: 'mer_1',
  effectiveFrom,
  terms: { ...onboard().terms, ...terms },
  ticketMinMinor: 500,
  ticketMaxMinor,
})

export const changeTier = (tier: RiskTier): ChangeRiskTier => ({
  type: 'ChangeRiskTier',
  meta: meta(`cmd_tier_${tier}`),
  merchantId: 'mer_1',
  tier,
  reason: 'many returns',
})

export const rotateKey = (apiKeyId: string, newApiKeyId: string, endsAt: number): RotateApiKey => ({
  type: 'RotateApiKey',
  meta: meta(`cmd_rotate_${apiKeyId}_${newApiKeyId}`),
  merchantId: 'mer_1',
  apiKeyId,
  endsAt,
  newApiKeyId,
  newApiKeyHash: `hash of ${newApiKeyId}`,
})
