/** The payment methods of a consumer: cards, by the token that the gateway gave for them. */

import type {
  AddPaymentMethod,
  ClockTicked,
  PaymentCommandRefused,
  PaymentMethodAdded,
  PaymentMethodState,
  WalletState,
} from '#schemas'
import { childMeta } from '#schemas'
import type { Decider } from '#streams'
import { refusal } from './refusal.ts'

/** More cards than this nobody needs, and a wallet is read whole. */
export const METHODS_MAX = 20

/** The token of a new card. Kept in the wallet only: the token never stands in an event. */
export type MethodKept = {
  readonly type: 'MethodKept'
  readonly consumerId: string
  readonly method: PaymentMethodState
}

/** All that can happen to a wallet. */
export type WalletFact = PaymentMethodAdded | PaymentCommandRefused | MethodKept

/** What a wallet hears. Days change nothing: a card that expires is refused by whoever is to charge it. */
export type WalletInput = AddPaymentMethod | ClockTicked

/** Keeps cards. A card that is kept already is answered as it is; an expired one is refused. */
export const walletDecider: Decider<WalletState, WalletInput, WalletFact> = {
  initial: (consumerId) => ({ consumerId, methods: [] }),
  keyOf: (input) => (input.type === 'AddPaymentMethod' ? input.consumerId : null),
  decide: (wallet, input) => (input.type === 'AddPaymentMethod' ? keepCard(wallet, input) : []),
  evolve: (wallet, fact) =>
    fact.type === 'MethodKept' ? { ...wallet, methods: [...wallet.methods, fact.method] } : wallet,
}

/** Whether a fact is an event for the topic. */
export function isWalletEvent(fact: WalletFact): fact is PaymentMethodAdded | PaymentCommandRefused {
  return fact.type !== 'MethodKept'
}

/** The card of this id; null where the wallet has none. */
export function methodOf(wallet: WalletState | undefined, paymentMethodId: string): PaymentMethodState | null {
  return wallet?.methods.find((method) => method.paymentMethodId === paymentMethodId) ?? null
}

function keepCard(wallet: WalletState, command: AddPaymentMethod): WalletFact[] {
  const known = methodOf(wallet, command.paymentMethodId)
  if (known !== null) return [added(command, known)]
  const { paymentMethodId, token, brand, last4, expiryMonth, expiryYear } = command
  if (expiryMonth < 1 || expiryMonth > 12) {
    return [refusal(command, 'CARD_EXPIRY_INVALID', `${expiryMonth} is no month; give one from 1 to 12.`)]
  }
  if (isExpired(command)) {
    const expiry = `${String(expiryMonth).padStart(2, '0')}/${expiryYear}`
    return [refusal(command, 'CARD_EXPIRED', `The card expired at the end of ${expiry}; use one that is still valid.`)]
  }
  if (wallet.methods.length >= METHODS_MAX) {
    return [
      refusal(command, 'PAYMENT_METHODS_FULL', `There are ${METHODS_MAX} payment methods already; use one of them.`),
    ]
  }
  const method = { paymentMethodId, token, brand, last4, expiryMonth, expiryYear }
  return [{ type: 'MethodKept', consumerId: command.consumerId, method }, added(command, method)]
}

/** A card is good until the end of its month. */
function isExpired({ expiryMonth, expiryYear, meta }: AddPaymentMethod): boolean {
  return `${expiryYear}-${String(expiryMonth).padStart(2, '0')}` < meta.businessDate.slice(0, 7)
}

function added(command: AddPaymentMethod, method: PaymentMethodState): PaymentMethodAdded {
  const { paymentMethodId, brand, last4, expiryMonth, expiryYear } = method
  const { consumerId } = command
  const meta = childMeta('payments', command, 'PaymentMethodAdded')
  return { type: 'PaymentMethodAdded', meta, consumerId, paymentMethodId, brand, last4, expiryMonth, expiryYear }
}
