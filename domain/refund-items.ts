/** Refunds by line of the basket: what they come to, and what is refunded of each line. */

/** A line of the basket. Minor units. */
export type BasketLine = { readonly name: string; readonly quantity: number; readonly unitAmountMinor: number }

/** So many of a line; `line` is its place in the basket, from 1. */
export type LineQuantity = { readonly line: number; readonly quantity: number }

/** Why lines cannot be refunded: a stable code, and what to do. */
export type ItemRefusal = readonly [code: string, detail: string]

/** A basket, and what of it was refunded by line before. */
export type RefundableBasket = {
  readonly items: readonly BasketLine[]
  readonly refundedItems: readonly LineQuantity[]
}

/** What a refund of these lines comes to, in minor units, or why it cannot be: exact, whatever the basket says. */
export function amountOfItems(basket: RefundableBasket, asked: readonly LineQuantity[]): number | ItemRefusal {
  if (basket.items.length === 0) {
    return ['PURCHASE_WITHOUT_ITEMS', 'The purchase names no items. Refund it by amount.']
  }
  let sum = 0n
  const named = new Set<number>()
  for (const one of asked) {
    if (named.has(one.line)) return ['LINE_TWICE', `Line ${one.line} is named twice. Name it once, with all of it.`]
    named.add(one.line)
    const item = basket.items[one.line - 1]
    const refusal = lineRefusal(basket, item, one)
    if (refusal) return refusal
    sum += BigInt(one.quantity) * BigInt(item?.unitAmountMinor ?? 0)
  }
  if (sum > BigInt(Number.MAX_SAFE_INTEGER)) {
    return ['AMOUNT_OVERFLOW', 'The items come to more than can be counted. Refund fewer of them at a time.']
  }
  if (sum > 0n) return Number(sum)
  return ['AMOUNT_INVALID', 'The items come to nothing. Name at least one that costs something.']
}

/** How many of a line were refunded by line. */
function refundedQuantity(refunded: readonly LineQuantity[], line: number): number {
  return refunded.find((one) => one.line === line)?.quantity ?? 0
}

/** What is refunded of each line after a refund of these; by line. The caller has checked that they fit. */
export function withRefunded(
  refunded: readonly LineQuantity[],
  items: readonly LineQuantity[],
): readonly LineQuantity[] {
  const untouched = refunded.filter(({ line }) => !items.some((one) => one.line === line))
  const touched = items.map(({ line, quantity }) => ({ line, quantity: refundedQuantity(refunded, line) + quantity }))
  return [...untouched, ...touched].toSorted((a, b) => a.line - b.line)
}

function lineRefusal(
  { items, refundedItems }: RefundableBasket,
  item: BasketLine | undefined,
  { line, quantity }: LineQuantity,
): ItemRefusal | null {
  if (item === undefined) {
    return ['LINE_UNKNOWN', `There is no line ${line}. The basket has lines 1 to ${items.length}.`]
  }
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    return ['QUANTITY_INVALID', `The quantity of line ${line} must be a whole number, 1 or more.`]
  }
  const left = item.quantity - refundedQuantity(refundedItems, line)
  if (quantity <= left) return null
  return ['REFUND_OVER_LINE', `Of line ${line} (${item.name}) at most ${left} can be refunded.`]
}
