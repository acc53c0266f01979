import type { z } from '@hono/zod-openapi'
import type { ConsumerProfile, ConsumerState, CreditState, MerchantAccount } from '#schemas'
import type { ConsumerView, MerchantView } from './views.ts'

/** A consumer as the API shows it; `credit` is null until the credit file is in. */
export function consumerViewOf(
  state: ConsumerState & { readonly profile: ConsumerProfile },
  credit: CreditState | undefined,
): z.infer<typeof ConsumerView> {
  const { email, phone, givenName, familyName, country, language } = state.profile
  const currency = credit?.profile?.currency ?? null
  const known = credit !== undefined && currency !== null && credit.report !== null
  return {
    consumerId: state.consumerId,
    email,
    phone,
    givenName,
    familyName,
    country,
    language,
    emailVerified: state.emailVerifiedAt !== null,
    phoneVerified: state.phoneVerifiedAt !== null,
    kycStatus: state.kyc.status,
    kycReasons: [...state.kyc.reasons],
    credit: known ? { currency, limitMinor: credit.limitMinor, ...credit.exposure } : null,
  }
}

/** A merchant as the API shows it: without keys and payout account. */
export function merchantViewOf(merchantId: string, account: MerchantAccount): z.infer<typeof MerchantView> {
  const { name, legalName, country, currency, status, terms, ticketMinMinor, ticketMaxMinor } = account
  const { tier, termsVersion } = account
  const shown = { merchantId, name, legalName, country, currency, status, tier, termsVersion }
  return { ...shown, ...terms, monthly: [...terms.monthly], ticketMinMinor, ticketMaxMinor }
}
