import type {
  ApiKeyIssued,
  ApiKeyRevoked,
  ApiKeyRotated,
  ApplicationStatusChanged,
  ApplyMerchant,
  ChangeMerchantStatus,
  ChangeMerchantTerms,
  ChangeRiskTier,
  CheckoutClaimed,
  CheckoutCreated,
  CheckoutExpired,
  ClaimCheckout,
  ClockTicked,
  CreateCheckout,
  DecideApplication,
  IssueApiKey,
  MerchantApiKey,
  MerchantApplied,
  MerchantCheckReported,
  MerchantCheckRequested,
  MerchantCommand,
  MerchantCommandRefused,
  MerchantOnboarded,
  MerchantState,
  MerchantStatusChanged,
  MerchantTermsChanged,
  MerchantTermsInForce,
  OnboardMerchant,
  RevokeApiKey,
  RiskTierChanged,
  RotateApiKey,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'merchants'

/** Commands about the merchant itself. */
export type AccountCommand =
  | OnboardMerchant
  | ApplyMerchant
  | DecideApplication
  | ChangeMerchantStatus
  | ChangeMerchantTerms
  | ChangeRiskTier
  | IssueApiKey
  | RotateApiKey
  | RevokeApiKey

/** What moves a merchant: commands, the verification of an application, and time. */
export type MerchantInput = AccountCommand | MerchantCheckReported | ClockTicked

/** Commands about one checkout of a merchant. */
export type CheckoutCommand = CreateCheckout | ClaimCheckout

/** A command about a checkout, with the merchant as it stands when the command is read; null where there is none. */
export type CheckoutRequest = {
  readonly type: 'CheckoutRequest'
  readonly command: CheckoutCommand
  readonly merchant: MerchantState | null
}

/** The hash of an API key: folded into the state, and told to nobody. */
export type ApiKeyKept = { readonly type: 'ApiKeyKept'; readonly apiKey: MerchantApiKey }

/** An application with the hash of its key: folded into the state. */
export type ApplicationKept = {
  readonly type: 'ApplicationKept'
  readonly details: Omit<ApplyMerchant, 'type' | 'meta' | 'apiKeyId' | 'apiKeyHash'>
  readonly apiKeyId: string
  readonly apiKeyHash: string
}

/** The verification provider did not answer: it is asked again at a business time. */
export type CheckDeferred = { readonly type: 'CheckDeferred'; readonly askAgainAt: number }

/** What is told of a merchant itself. */
export type AccountEvent =
  | MerchantOnboarded
  | MerchantApplied
  | ApplicationStatusChanged
  | MerchantStatusChanged
  | MerchantTermsChanged
  | MerchantTermsInForce
  | RiskTierChanged
  | ApiKeyIssued
  | ApiKeyRotated
  | ApiKeyRevoked
  | MerchantCommandRefused

/** What happens to a merchant. */
export type MerchantFact = AccountEvent | MerchantCheckRequested | ApiKeyKept | ApplicationKept | CheckDeferred

/** What happens to a checkout. */
export type CheckoutEvent = CheckoutCreated | CheckoutClaimed | CheckoutExpired | MerchantCommandRefused

/** What wakes or moves a checkout. */
export type CheckoutInput = CheckoutRequest | ClockTicked

/** True of a command about a checkout. */
export function isCheckoutCommand(command: MerchantCommand): command is CheckoutCommand {
  return command.type === 'CreateCheckout' || command.type === 'ClaimCheckout'
}

/** True of a command about the merchant itself. */
export function isAccountCommand(command: MerchantCommand): command is AccountCommand {
  return !isCheckoutCommand(command)
}

/** True of a command; the rest of what is heard has no outcome to wait for. */
export function isMerchantCommand(input: MerchantInput): input is AccountCommand {
  return input.type !== 'MerchantCheckReported' && input.type !== 'ClockTicked'
}

/** True of what is told on `merchant.events`. */
export function isMerchantEvent(fact: MerchantFact): fact is AccountEvent {
  return !isCheckRequest(fact) && !['ApiKeyKept', 'ApplicationKept', 'CheckDeferred'].includes(fact.type)
}

/** True of what changes whether the merchant may sell. */
export function isStatusChange(event: AccountEvent): event is MerchantStatusChanged {
  return event.type === 'MerchantStatusChanged'
}

/** True of what goes to the verification connector. */
export function isCheckRequest(fact: MerchantFact): fact is MerchantCheckRequested {
  return fact.type === 'MerchantCheckRequested'
}

/** The refusal of a command about a merchant that is not there. */
export function unknown(command: AccountCommand): MerchantCommandRefused {
  return refused(command, 'MERCHANT_UNKNOWN', 'There is no such merchant. Take it on first.')
}

/** The refusal of a command about a merchant that is closed. */
export function closed(command: AccountCommand): MerchantCommandRefused {
  return refused(command, 'MERCHANT_CLOSED', 'The merchant is closed, and stays so.')
}

/** The event that refuses a command. `code` is stable; `detail` says what was wrong and what to do. */
export function refused(command: MerchantCommand, code: string, detail: string): MerchantCommandRefused {
  return {
    type: 'MerchantCommandRefused',
    meta: childMeta(SOURCE, command, 'MerchantCommandRefused'),
    merchantId: command.merchantId,
    command: command.type,
    code,
    detail,
    checkoutId: isCheckoutCommand(command) ? command.checkoutId : null,
  }
}
