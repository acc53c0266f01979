/**
 * What the payments of a plan must know from elsewhere, found before they decide: the card that a record names, the
 * gateways that its charge may be sent to, and the command that a result answers.
 */
import { gatewayAfter, routeOf } from '#domain/gateway-routes.ts'
import type {
  ChargeFailed,
  ChargeSucceeded,
  CommandAnswer,
  ConsumerDebts,
  DecideChargeBack,
  GatewayRoutes,
  InstalmentDue,
  PayInstalment,
  PaymentMethodState,
  PaymentResult,
  PaymentState,
  PayPlans,
  PlanEvent,
  PlanPayments,
  ReportChargeBack,
  WalletState,
} from '#schemas'
import { GATEWAY_ROUTES_KEY } from '#schemas'
import type { StoreHandle, ValueProcessor, ValueProcessorContext } from '#streams'
import { noDebts, withOwed, withUnderWay } from './consumer-debts.ts'
import { isOwedEvent } from './owed.ts'
import { isStillOwed } from './payments-state.ts'
import { type PartAsked, type SplitRefused, splitPayment } from './split-payment.ts'
import { methodOf } from './wallet.ts'

/**
 * With the card it names (null where the consumer has none of that id) and the gateways for its charge, in order: the
 * primary one where it is left out.
 */
type Funded<T> = T & { readonly method: PaymentMethodState | null; readonly route?: readonly string[] }
/**
 * With the command that the payment is for (null where the platform collects by itself), and whether the next gateway
 * may be asked: every plan that the charge was for still owes its part.
 */
type Traced<T> = T & { readonly commandId: string | null; readonly reroute?: boolean }

/** An instalment to collect, with its card. */
export type FundedDue = Funded<InstalmentDue>
/** A payment by hand, with its card. */
export type FundedPay = Funded<PayInstalment>
/** A failed charge, with the command it answers. */
export type TracedFailure = Traced<ChargeFailed>
/** A result of the gateway, with the command it answers. */
export type TracedResult = Traced<ChargeSucceeded> | TracedFailure

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
  readonly routes: StoreHandle<string, GatewayRoutes>
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
          return context.forward({ ...value, method, route: route(value, method, stores, context) })
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

type ToRoute = InstalmentDue | PayInstalment | PayPlans

/** The gateways for a charge by the rules of now: a payment keeps those that it began with. */
function route(asked: ToRoute, method: PaymentMethodState | null, { routes }: LookUpStores, context: Context) {
  const { currency, amountMinor, meta } = asked
  const rules = context.store(routes).get(GATEWAY_ROUTES_KEY)?.rules ?? []
  const paymentId = asked.type === 'InstalmentDue' ? meta.id : asked.paymentId
  return routeOf(rules, { paymentId, brand: method?.brand ?? '', currency, amountMinor })
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
  const gateways = route(command, method, stores, context)
  for (const part of asked) context.forward(part.type === 'PartAsked' ? { ...part, route: gateways } : part)
}

/** Finds the command that a result answers. The result of a payment over several plans is told to each of them. */
function trace(result: ChargeSucceeded | ChargeFailed, stores: LookUpStores, context: Context): void {
  const known = context.store(stores.payments).get(result.planId)?.payments ?? []
  const payment = known.find(({ requestId }) => requestId === result.requestId)
  const commandId = payment?.commandId ?? null
  const reroute = payment !== undefined && canReroute(result, payment, stores, context)
  if (payment === undefined || payment.groupId === null) {
    context.forward({ ...result, commandId, reroute })
    return
  }
  const { groupId, parts } = payment
  if (!reroute) keepDebts(result.consumerId, stores, context, (debts) => withUnderWay(debts, groupId, false))
  for (const { planId, instalmentNo, amountMinor, paymentId } of parts.toReversed()) {
    const own = { planId, instalmentNo, amountMinor, commandId: paymentId === groupId ? commandId : null, reroute }
    context.forward({ ...result, ...own })
  }
}

/** All parts of a charge go on to the next gateway, or none does. */
function canReroute(
  result: ChargeSucceeded | ChargeFailed,
  { requestId, parts, route: gateways, gateway }: PaymentState,
  stores: LookUpStores,
  context: Context,
): boolean {
  if (result.type !== 'ChargeFailed' || !result.technical || gatewayAfter(gateways, gateway ?? '') === null)
    return false
  const planIds = parts.length > 0 ? parts.map(({ planId }) => planId) : [result.planId]
  return planIds.every((planId) => {
    const plan = context.store(stores.payments).get(planId)
    const payment = plan?.payments.find((one) => one.requestId === requestId)
    return plan !== undefined && payment !== undefined && isStillOwed(plan, payment, result.meta.businessDate)
  })
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
