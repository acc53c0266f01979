/**
 * What the payments of a plan must know from elsewhere, found before they decide: the card that a record names, and the
 * command that a result answers.
 */
import type {
  ChargeFailed,
  ChargeSucceeded,
  InstalmentDue,
  PayInstalment,
  PaymentMethodState,
  PaymentResult,
  PlanEvent,
  PlanPayments,
  WalletState,
} from '#schemas'
import type { StoreHandle, ValueProcessor } from '#streams'
import { methodOf } from './wallet.ts'

/** With the card it names; null where the consumer has none of that id. */
type Funded<T> = T & { readonly method: PaymentMethodState | null }
/** With the command that the payment is for; null where the platform collects by itself. */
type Traced<T> = T & { readonly commandId: string | null }

/** An instalment to collect, with its card. */
export type FundedDue = Funded<InstalmentDue>
/** A payment by hand, with its card. */
export type FundedPay = Funded<PayInstalment>
/** A result of the gateway, with the command it answers. */
export type TracedResult = Traced<ChargeSucceeded> | Traced<ChargeFailed>

/** What comes in. */
export type Plain = PayInstalment | PlanEvent | PaymentResult
/** What goes on. */
export type LookedUp =
  | FundedDue
  | FundedPay
  | TracedResult
  | Exclude<Plain, InstalmentDue | PayInstalment | ChargeSucceeded | ChargeFailed>

/** The stores that are looked into; only their own deciders write them. */
export type LookUpStores = {
  readonly wallets: StoreHandle<string, WalletState>
  readonly payments: StoreHandle<string, PlanPayments>
}

/** The step that looks up. */
export function lookUp({ wallets, payments }: LookUpStores): ValueProcessor<string, Plain, LookedUp> {
  return {
    process: ({ value }, context) => {
      switch (value.type) {
        case 'InstalmentDue':
        case 'PayInstalment': {
          const method = methodOf(context.store(wallets).get(value.consumerId), value.paymentMethodId)
          return context.forward({ ...value, method })
        }
        case 'ChargeSucceeded':
        case 'ChargeFailed': {
          const known = context.store(payments).get(value.planId)?.payments ?? []
          const payment = known.find(({ requestId }) => requestId === value.requestId)
          return context.forward({ ...value, commandId: payment?.commandId ?? null })
        }
        default:
          return context.forward(value)
      }
    },
  }
}
