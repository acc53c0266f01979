/** The balance of one account in one currency: a fold of its postings. */
import { sumMinor } from '#domain/money.ts'
import {
  type AccountBalanceChanged,
  type AccountState,
  childMeta,
  type LedgerEntryPosted,
  type LedgerPosting,
} from '#schemas'
import type { Decider } from '#streams'

/** The postings of an entry, each on its way to its account. */
export function postingsOf(entry: LedgerEntryPosted): LedgerPosting[] {
  return entry.postings.map(({ account, amountMinor }, index) => ({
    type: 'LedgerPosting',
    meta: childMeta('ledger', entry, 'LedgerPosting', index),
    entryId: entry.entryId,
    account,
    amountMinor,
    currency: entry.currency,
  }))
}

/** The store key of an account: `assets:cash:EUR`. One account can hold several currencies, and never adds them up. */
function accountKey(account: string, currency: string): string {
  return `${account}:${currency}`
}

/** The rules of one account; the key is `accountKey(account, currency)`. */
export const ledgerAccount: Decider<AccountState, LedgerPosting, AccountBalanceChanged> = {
  initial: (key) => {
    const at = key.lastIndexOf(':')
    return { account: key.slice(0, at), currency: key.slice(at + 1), debitsMinor: 0, creditsMinor: 0, postings: 0 }
  },
  keyOf: (posting) => accountKey(posting.account, posting.currency),
  decide: (state, posting) => {
    const { account, amountMinor, currency, entryId } = posting
    const debitsMinor = sumMinor([state.debitsMinor, Math.max(0, amountMinor)])
    const creditsMinor = sumMinor([state.creditsMinor, Math.max(0, -amountMinor)])
    const changed: AccountBalanceChanged = {
      type: 'AccountBalanceChanged',
      meta: childMeta('ledger', posting, 'AccountBalanceChanged'),
      account,
      currency,
      entryId,
      amountMinor,
      balanceMinor: sumMinor([debitsMinor, -creditsMinor]),
      debitsMinor,
      creditsMinor,
      postings: state.postings + 1,
    }
    return [changed]
  },
  evolve: (_state, { account, currency, debitsMinor, creditsMinor, postings }) => ({
    account,
    currency,
    debitsMinor,
    creditsMinor,
    postings,
  }),
}
