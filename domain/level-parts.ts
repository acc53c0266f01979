/** Principal split so that payments are equal, where each bears the interest of what is still owed. */

/** Interest of a period on what is owed when it begins; minor units. */
export type InterestOn = (balanceMinor: number) => number

/**
 * The principal of each payment, so that principal and interest together are the same in each, as near as whole minor
 * units allow; what rounding leaves is on the LAST. The parts sum to the amount, and none is below 0.
 */
export function levelParts(amountMinor: number, interest: readonly InterestOn[]): number[] {
  // The last payment falls as the others rise: the level is where they meet.
  let low = 0
  let high = amountMinor + Math.max(0, ...interest.map((on) => on(amountMinor)))
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    if (lastOff(amountMinor, interest, middle) >= 0) low = middle
    else high = middle
  }
  const isNearer = Math.abs(lastOff(amountMinor, interest, high)) < Math.abs(lastOff(amountMinor, interest, low))
  return partsAt(amountMinor, interest, isNearer ? high : low)
}

/** How much more the last payment is than the level. */
function lastOff(amountMinor: number, interest: readonly InterestOn[], levelMinor: number): number {
  const last = partsAt(amountMinor, interest, levelMinor).at(-1) ?? 0
  return last + (interest.at(-1)?.(last) ?? 0) - levelMinor
}

function partsAt(amountMinor: number, interest: readonly InterestOn[], levelMinor: number): number[] {
  let balance = amountMinor
  return interest.map((on, index) => {
    const isLast = index === interest.length - 1
    const part = isLast ? balance : Math.max(0, Math.min(balance, levelMinor - on(balance)))
    balance -= part
    return part
  })
}
