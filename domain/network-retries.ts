/**
 * What the card and bank networks allow after a decline. Sources: Visa's excessive-reattempt rule (20 attempts in 30
 * days since May 2025; decline category 1 never), Mastercard's transaction processing excellence programme (10 in 24
 * hours, 35 in 30 days; advice codes 03 and 21 never, 24 to 30 wait), Nacha's rule on reinitiation (R01 and R09, two
 * more, 180 days).
 */

/** The networks whose rules are known. */
const NETWORKS = ['VISA', 'MASTERCARD', 'ACH'] as const

/** Where the charge was declined. */
export type Network = (typeof NETWORKS)[number]

/** A network by its name; null for one whose rules are not known. */
export function networkOf(name: string | null): Network | null {
  return NETWORKS.find((network) => network === name) ?? null
}

/** A decline: the network's code (Visa's category, Mastercard's advice, ACH's return reason) and earlier attempts. */
export type Decline = {
  readonly network: Network
  readonly code: string
  readonly declinedAtMs: number
  /** Moments (ms) of all attempts of this card and amount, the declined one included. */
  readonly attemptsMs: readonly number[]
}

/** When the next attempt is allowed, or why none is. */
export type RetryVerdict =
  | { readonly fromMs: number }
  | { readonly refused: 'NEVER' | 'BUDGET_SPENT' | 'NOT_RETURNABLE' }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** So many attempts in so long a time. */
type Budget = { readonly attempts: number; readonly withinMs: number }

const BUDGETS: Readonly<Record<'VISA' | 'MASTERCARD', readonly Budget[]>> = {
  VISA: [{ attempts: 20, withinMs: 30 * DAY_MS }],
  MASTERCARD: [
    { attempts: 10, withinMs: DAY_MS },
    { attempts: 35, withinMs: 30 * DAY_MS },
  ],
}

const NEVER: Readonly<Record<'VISA' | 'MASTERCARD', readonly string[]>> = { VISA: ['1'], MASTERCARD: ['03', '21'] }

/** Mastercard's advice to wait, in ms. */
const WAITS: Readonly<Record<string, number>> = {
  24: HOUR_MS,
  25: DAY_MS,
  26: 2 * DAY_MS,
  27: 4 * DAY_MS,
  28: 6 * DAY_MS,
  29: 8 * DAY_MS,
  30: 10 * DAY_MS,
}

const ACH_RETURNABLE = ['R01', 'R09']
const ACH_MORE_ATTEMPTS = 2
const ACH_WITHIN_MS = 180 * DAY_MS

/**
 * From when a decline may be tried again. Where a card's budget is spent, that is when its oldest attempt has left the
 * window; ACH has a number and an end, and no window that moves.
 */
export function nextAttempt(decline: Decline): RetryVerdict {
  const { network, code, declinedAtMs, attemptsMs } = decline
  if (network === 'ACH') return nextAchEntry(decline)
  if (NEVER[network].includes(code)) return { refused: 'NEVER' }
  const wait = network === 'MASTERCARD' ? (WAITS[code] ?? 0) : 0
  return { fromMs: Math.max(declinedAtMs + wait, budgetFreeMs(network, attemptsMs)) }
}

/** The moment (ms) from which one more attempt keeps the budgets of a card network; 0 where it does already. */
export function budgetFreeMs(network: 'VISA' | 'MASTERCARD', attemptsMs: readonly number[]): number {
  return Math.max(...BUDGETS[network].map((budget) => freeFromMs(budget, attemptsMs)))
}

function nextAchEntry({ code, declinedAtMs, attemptsMs }: Decline): RetryVerdict {
  if (!ACH_RETURNABLE.includes(code)) return { refused: 'NOT_RETURNABLE' }
  const isSpent = attemptsMs.length > ACH_MORE_ATTEMPTS || declinedAtMs - Math.min(...attemptsMs) >= ACH_WITHIN_MS
  return isSpent ? { refused: 'BUDGET_SPENT' } : { fromMs: declinedAtMs }
}

/** The moment from which one more attempt keeps the budget. */
function freeFromMs({ attempts, withinMs }: Budget, attemptsMs: readonly number[]): number {
  const oldestThatCounts = [...attemptsMs].sort((a, b) => b - a)[attempts - 1]
  return oldestThatCounts === undefined ? 0 : oldestThatCounts + withinMs
}
