/**
 * Where a payment goes, over one plan or over many: what is due today, then what is overdue without a late fee (oldest
 * first), then what is overdue with one, then what is due later. Inside an instalment: fees, interest, principal.
 */

/** What a payment beyond what is due pays down of the later ones: the next, or the last. */
export type Prepayment = 'NEXT' | 'LAST'

/** An instalment that money can go to, of any plan. */
export type Debt = {
  readonly dueDate: string
  /** Whether it was asked for in vain: due before today, and late. */
  readonly overdue: boolean
  readonly feesMinor: number
  readonly interestMinor: number
  readonly principalMinor: number
}

/** How money is to be placed. */
export type Placing<D extends Debt> = {
  readonly amountMinor: number
  /** The business date, 'YYYY-MM-DD'. */
  readonly today: string
  readonly prepayment: Prepayment
  /** The debt the payer named: it comes before all others. */
  readonly named?: (debt: D) => boolean
}

/** What one debt got. */
export type Share<D extends Debt> = {
  readonly debt: D
  readonly feesMinor: number
  readonly interestMinor: number
  readonly principalMinor: number
}

/** The shares, in the order they were paid, and what was too much for all debts. They sum to what came in. */
export type Placed<D extends Debt> = { readonly shares: readonly Share<D>[]; readonly excessMinor: number }

/** Places an amount; only debts that get something have a share. */
export function placePayment<D extends Debt>(debts: readonly D[], placing: Placing<D>): Placed<D> {
  let left = placing.amountMinor
  const take = (room: number) => {
    const part = Math.min(left, room)
    left -= part
    return part
  }
  const shares = inPaymentOrder(debts, placing).map((debt): Share<D> => {
    const feesMinor = take(debt.feesMinor)
    const interestMinor = take(debt.interestMinor)
    return { debt, feesMinor, interestMinor, principalMinor: take(debt.principalMinor) }
  })
  return { shares: shares.filter((share) => shareMinor(share) > 0), excessMinor: left }
}

/** The debts that something is owed on, in the order in which they are paid. */
function inPaymentOrder<D extends Debt>(debts: readonly D[], placing: Omit<Placing<D>, 'amountMinor'>): D[] {
  const { today, prepayment, named } = placing
  const rankOf = (debt: D) => {
    if (named?.(debt)) return 0
    if (debt.dueDate > today) return 4
    if (!debt.overdue) return 1
    return debt.feesMinor === 0 ? 2 : 3
  }
  const byDate = (a: D, b: D) => (a.dueDate === b.dueDate ? 0 : a.dueDate < b.dueDate ? -1 : 1)
  const direction = (rank: number) => (rank === 4 && prepayment === 'LAST' ? -1 : 1)
  // Debts of one rank and date keep the order they came in; from the last one back, the order is turned round.
  const rows = debts.map((debt, index) => ({ debt, index, rank: rankOf(debt) }))
  return rows
    .filter(({ debt }) => shareMinor(debt) > 0)
    .sort((a, b) => a.rank - b.rank || (byDate(a.debt, b.debt) || a.index - b.index) * direction(a.rank))
    .map(({ debt }) => debt)
}

/** Fees, interest and principal together. */
function shareMinor(part: Pick<Debt, 'feesMinor' | 'interestMinor' | 'principalMinor'>): number {
  return part.feesMinor + part.interestMinor + part.principalMinor
}
