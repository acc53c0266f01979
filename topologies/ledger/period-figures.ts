/** Debits and credits by class of accounts: what a task has booked, and what tasks have booked together. */
import { sumMinor } from '#domain/money.ts'
import type { PeriodDifference, PeriodFigure, Posting } from '#schemas'

/** The figures with the postings of an entry. */
export function withPostings(
  figures: readonly PeriodFigure[],
  postings: readonly Posting[],
  currency: string,
): readonly PeriodFigure[] {
  const added = postings.map(({ account, amountMinor }): PeriodFigure => {
    const sides = { debitsMinor: Math.max(0, amountMinor), creditsMinor: Math.max(0, -amountMinor) }
    return { account: classOf(account), currency, ...sides }
  })
  return sumFigures([...figures, ...added])
}

/** One figure for each account and currency, in their order. */
export function sumFigures(figures: readonly PeriodFigure[]): readonly PeriodFigure[] {
  const sums = new Map<string, PeriodFigure>()
  for (const figure of figures) {
    const known = sums.get(keyOf(figure))
    sums.set(keyOf(figure), known === undefined ? figure : added(known, figure))
  }
  return [...sums.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, figure]) => figure)
}

/** Where what was found is not what was kept. */
export function differencesOf(
  kept: readonly PeriodFigure[],
  found: readonly PeriodFigure[],
): readonly PeriodDifference[] {
  const both = sumFigures([...kept, ...found])
  return both.flatMap((one) => {
    const [was, is] = [kept, found].map((all) => all.find((figure) => keyOf(figure) === keyOf(one)))
    const { account, currency } = one
    const difference = (side: string, keptMinor = 0, foundMinor = 0): PeriodDifference[] =>
      keptMinor === foundMinor ? [] : [{ account, currency, side, keptMinor, foundMinor }]
    return [
      ...difference('DEBITS', was?.debitsMinor, is?.debitsMinor),
      ...difference('CREDITS', was?.creditsMinor, is?.creditsMinor),
    ]
  })
}

/** The part of an account's name that is the same for all owners. */
function classOf(account: string): string {
  return account.split(':').slice(0, 2).join(':')
}

function keyOf({ account, currency }: PeriodFigure): string {
  return `${account} ${currency}`
}

function added(one: PeriodFigure, other: PeriodFigure): PeriodFigure {
  return {
    ...one,
    debitsMinor: sumMinor([one.debitsMinor, other.debitsMinor]),
    creditsMinor: sumMinor([one.creditsMinor, other.creditsMinor]),
  }
}
