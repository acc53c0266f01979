import type { Posting } from '#schemas'

/** What an event posts: the kind of entry and its postings; those of 0 are left out later. */
export type Draft = { readonly kind: string; readonly postings: readonly Posting[] }

/** An entry to be. */
export function draft(kind: string, postings: readonly Posting[]): Draft {
  return { kind, postings }
}

/** A debit; minor units. */
export function debit(account: string, amountMinor: number): Posting {
  return { account, amountMinor }
}

/** A credit; minor units. */
export function credit(account: string, amountMinor: number): Posting {
  return { account, amountMinor: -amountMinor }
}
