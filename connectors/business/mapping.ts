/** Between `merchant-check.requests` / `merchant-check.results` and the business verification provider's API. */
import {
  childMeta,
  type MerchantCheckOutcome,
  type MerchantCheckReported,
  type MerchantCheckRequested,
  type RiskTier,
} from '#schemas'
import type { BusinessBody, BusinessFile } from './client.ts'

const SOURCE = 'connector.business'

const OUTCOMES: Readonly<Record<BusinessFile['status'], MerchantCheckOutcome>> = {
  verified: 'VERIFIED',
  needs_review: 'NEEDS_REVIEW',
  not_verified: 'NOT_VERIFIED',
}

const TIERS: Readonly<Record<NonNullable<BusinessFile['riskTier']>, RiskTier>> = {
  low: 'LOW',
  standard: 'STANDARD',
  high: 'HIGH',
}

/** What is sent for a check. */
export function businessBody(request: MerchantCheckRequested): BusinessBody {
  const { merchantId, legalName, registrationNumber, country, categoryCode } = request
  return { reference: merchantId, legalName, registrationNumber, country, categoryCode }
}

/** The result of a check. */
export function businessResult(request: MerchantCheckRequested, file: BusinessFile): MerchantCheckReported {
  const riskTier = file.riskTier === null ? null : TIERS[file.riskTier]
  return said(request, { outcome: OUTCOMES[file.status], riskTier, reasons: file.reasons, providerRef: file.id })
}

/** The result where the provider did not answer. */
export function unavailableResult(request: MerchantCheckRequested): MerchantCheckReported {
  return said(request, { outcome: 'UNAVAILABLE', riskTier: null, reasons: [], providerRef: null })
}

type Said = Pick<MerchantCheckReported, 'outcome' | 'riskTier' | 'reasons' | 'providerRef'>

function said(request: MerchantCheckRequested, what: Said): MerchantCheckReported {
  const { requestId, merchantId } = request
  return { type: 'MerchantCheckReported', meta: childMeta(SOURCE, request, 'result'), requestId, merchantId, ...what }
}
