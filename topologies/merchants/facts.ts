import type {
  ApiKeyIssued,
  ApiKeyRevoked,
  ChangeMerchantStatus,
  CheckoutClaimed,
  CheckoutCreated,
  CheckoutExpired,
  ClaimCheckout,
  ClockTicked,
  CreateCheckout,
  IssueApiKey,
  MerchantApiKey,
  MerchantCommand,
  MerchantCommandRefused,
  MerchantOnboarded,
  MerchantState,
  MerchantStatusChanged,
  OnboardMerchant,
  RevokeApiKey,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'merchants'

/** Commands about the merchant itself. */
export type AccountCommand = OnboardMerchant | ChangeMerchantStatus | IssueApiKey | RevokeApiKey

/** What moves a merchant; ticks of the clock only remove old answers. */
export type MerchantInput = AccountCommand | ClockTicked

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

/** What happens to a merchant. */
export type MerchantFact =
  | MerchantOnboarded
  | MerchantStatusChanged
  | ApiKeyIssued
  | ApiKeyRevoked
  | MerchantCommandRefused
  | ApiKeyKept

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

/** True of what is told on `merchant.events`. */
export function isMerchantEvent(fact: MerchantFact): fact is Exclude<MerchantFact, ApiKeyKept> {
  return fact.type !== 'ApiKeyKept'
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
