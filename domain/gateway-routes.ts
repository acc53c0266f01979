/**
 * Which payment gateway a charge goes to: an ordered list of rules that are data, by card network, currency and amount.
 * The first rule that fits holds. Its shares say who is asked first; the others are asked after it, in their order,
 * where it certainly took nothing.
 */
import { GATEWAY_NAMES, PRIMARY_GATEWAY } from './gateway-names.ts'
import { sha256 } from './ids.ts'

/** A rule; an empty list and null fit everything. Amounts in minor units, both ends included. */
export type RouteRule = {
  readonly name: string
  readonly brands: readonly string[]
  readonly currencies: readonly string[]
  readonly minMinor: number | null
  readonly maxMinor: number | null
  /** `percent` of the charges go there first; 0: only when the others took nothing. */
  readonly shares: readonly { readonly gateway: string; readonly percent: number }[]
}

/** What a rule looks at. */
export type RoutedCharge = {
  /** The same id always has the same share, so that a replay routes alike. */
  readonly paymentId: string
  readonly brand: string
  readonly currency: string
  readonly amountMinor: number
}

/** Rules at most: they are one value of a store, and are looked through for each payment. */
const RULES_MAX = 50

/** The gateways to ask for a charge, in order; the primary one alone where no rule fits. */
export function routeOf(rules: readonly RouteRule[], charge: RoutedCharge): readonly string[] {
  const rule = rules.find((one) => fits(one, charge))
  if (rule === undefined) return [PRIMARY_GATEWAY]
  const first = firstOf(rule, charge.paymentId)
  return [first, ...rule.shares.map(({ gateway }) => gateway).filter((gateway) => gateway !== first)]
}

/** The gateway to ask after this one; null where it was the last. */
export function gatewayAfter(route: readonly string[], gateway: string): string | null {
  const at = route.indexOf(gateway)
  return at === -1 ? null : (route[at + 1] ?? null)
}

/** What is wrong with rules, and what to do; null where nothing is. */
export function routeProblem(rules: readonly RouteRule[]): string | null {
  if (rules.length > RULES_MAX) return `There are ${rules.length} rules; give ${RULES_MAX} at most.`
  const names = rules.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `Two rules are named ${twice}; name each once.`
  for (const rule of rules) {
    const problem = ruleProblem(rule)
    if (problem !== null) return `Rule ${rule.name}: ${problem}`
  }
  return null
}

function ruleProblem({ minMinor, maxMinor, shares }: RouteRule): string | null {
  if (minMinor !== null && maxMinor !== null && minMinor > maxMinor) return 'minMinor is above maxMinor; swap them.'
  const unknown = shares.find(({ gateway }) => !(GATEWAY_NAMES as readonly string[]).includes(gateway))
  if (unknown !== undefined) return `there is no gateway ${unknown.gateway}; use ${GATEWAY_NAMES.join(' or ')}.`
  const gateways = new Set(shares.map(({ gateway }) => gateway))
  if (gateways.size !== shares.length) return 'a gateway has two shares; give it one.'
  const percents = shares.map(({ percent }) => percent)
  if (percents.some((percent) => !Number.isInteger(percent) || percent < 0))
    return 'a percent is not a whole number from 0.'
  const sum = percents.reduce((total, percent) => total + percent, 0)
  return sum === 100 ? null : `its percents sum to ${sum}; make them 100.`
}

function fits({ brands, currencies, minMinor, maxMinor }: RouteRule, charge: RoutedCharge): boolean {
  const { brand, currency, amountMinor } = charge
  if (brands.length > 0 && !brands.includes(brand.toLowerCase())) return false
  if (currencies.length > 0 && !currencies.includes(currency)) return false
  return amountMinor >= (minMinor ?? 0) && amountMinor <= (maxMinor ?? Number.MAX_SAFE_INTEGER)
}

/** The share in which the payment's hash lies: of many payments, so many percent each. */
function firstOf({ shares }: RouteRule, paymentId: string): string {
  let left = Number.parseInt(sha256(paymentId).slice(0, 8), 16) % 100
  for (const { gateway, percent } of shares) {
    if (left < percent) return gateway
    left -= percent
  }
  return PRIMARY_GATEWAY
}
