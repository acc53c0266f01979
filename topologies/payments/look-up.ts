/**
 * What the payments of a plan must know from elsewhere, found before they decide: the card that a record names, and the
 * command that a result answers.
 */
import type {
  ChargeFailed,
  ChargeSucceeded,
  CommandAnswer,
  ConsumerDebts,
  DecideChargeBack,
  InstalmentDue,
  PayInstalment,
  PaymentMethodState,
  PaymentResult,
  PayPlans,
  PlanEvent,
  PlanPayments,
  ReportChargeBack,
  WalletState,
} from '#schemas'
import type { StoreHandle, ValueProcessor, ValueProcessorContext } from '#streams'
import { noDebts, withOwed, withUnderWay } from './consumer-debts.ts'
import { isOwedEvent } from './owed.ts'
import { type PartAsked, type SplitRefused, splitPayment } from './split-payment.ts'
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
export type Plain = PayInstalment | PayPlans | ReportChargeBack | DecideChargeBack | PlanEvent | PaymentResult
/** What goes on. */
export type LookedUp =
  | FundedDue
  | FundedPay
  | TracedResult
  | PartAsked
  | SplitRefused
  | Exclude<Plain, InstalmentDue | PayInstalment | PayPlans | ChargeSucceeded | ChargeFailed>

/** The stores that are looked into; only their own deciders write them, but for the debts, which this step keeps. */
export type LookUpStores = {
  readonly wallets: StoreHandle<string, WalletState>
  readonly payments: StoreHandle<string, PlanPayments>
  readonly answers: StoreHandle<string, CommandAnswer>
  readonly debts: StoreHandle<string, ConsumerDebts>
}

type Context = ValueProcessorContext<LookedUp>

/** The step that looks up. */
export function lookUp(stores: LookUpStores): ValueProcessor<string, Plain, LookedUp> {
  const { wallets } = stores
  return {
    process: ({ value }, context) => {
      switch (value.type) {
        case 'InstalmentDue':
        case 'PayInstalment': {
          const method = methodOf(context.store(wallets).get(value.consumerId), value.paymentMethodId)
          return context.forward({ ...value, method })
        }
        case 'PayPlans':
          return split(value, stores, context)
        case 'ChargeSucceeded':
        case 'ChargeFailed':
          return trace(value, stores, context)
        default:
          if (isOwedEvent(value)) keepDebts(value.consumerId, stores, context, (debts) => withOwed(debts, value))
          return context.forward(value)
      }
    },
  }
}

/** Splits a payment over several plans, once: a repeat finds its answer, or itself on its way. */
function split(command: PayPlans, stores: LookUpStores, context: Context): void {
  const { consumerId, paymentId, paymentMethodId, planIds } = command
  const debts = context.store(stores.debts).get(consumerId) ?? noDebts(consumerId)
  if (debts.underWay.includes(paymentId) || context.store(stores.answers).get(command.meta.id) !== undefined) return
  const wanted = planIds.length === 0 ? debts.planIds : planIds
  const known = context.store(stores.payments).getMany(wanted)
  const plans = known.filter((plan) => plan !== undefined && plan.consumerId === consumerId) as PlanPayments[]
  const method = methodOf(context.store(stores.wallets).get(consumerId), paymentMethodId)
  const asked = splitPayment(command, plans, method)
  if (asked.some(({ type }) => type === 'PartAsked')) {
    keepDebts(consumerId, stores, context, (now) => withUnderWay(now, paymentId, true))
  }
  for (const part of asked) context.forward(part)
}

/** Finds the command that a result answers. The result of a payment over several plans is told to each of them. */
function trace(result: ChargeSucceeded | ChargeFailed, stores: LookUpStores, context: Context): void {
  const known = context.store(stores.payments).get(result.planId)?.payments ?? []
  const payment = known.find(({ requestId }) => requestId === result.requestId)
  const commandId = payment?.commandId ?? null
  if (payment === undefined || payment.groupId === null) {
    context.forward({ ...result, commandId })
    return
  }
  const { groupId, parts } = payment
  keepDebts(result.consumerId, stores, context, (debts) => withUnderWay(debts, groupId, false))
  for (const { planId, instalmentNo, amountMinor, paymentId } of parts.toReversed()) {
    const own = { planId, instalmentNo, amountMinor, commandId: paymentId === groupId ? commandId : null }
    context.forward({ ...result, ...own })
  }
}

function keepDebts(
  consumerId: string,
  stores: LookUpStores,
  context: Context,
  change: (debts: ConsumerDebts) => ConsumerDebts,
): void {
  const store = context.store(stores.debts)
  const before = store.get(consumerId) ?? noDebts(consumerId)
  const after = change(before)
  if (after !== before) store.put(consumerId, after)
}
