import { z } from '@hono/zod-openapi'
import { currency, instant, text, whole } from './view-fields.ts'

const signed = (description: string) => z.int().openapi({ description: `${description} Minor units.`, example: 0 })

/** Debits and credits of an account, or of a class of accounts. */
export const TrialBalanceView = z
  .object({
    account: text('The account.', 'assets:cash'),
    currency,
    debitsMinor: signed('All debits.'),
    creditsMinor: signed('All credits.'),
    balanceMinor: signed('Debits less credits.'),
  })
  .openapi('TrialBalance')

/** The last check of the books. */
export const BooksView = z
  .object({
    checkedAt: instant('When it was; null before the first. Real time.').nullable(),
    failure: text('Why the newest check could not be made; null where it could.').nullable(),
    unbalancedEntries: whole('Entries that do not sum to 0; none must.', 0),
    invariants: z.array(
      z.object({
        name: text('What must hold.', 'cash = collected − returned − charged back − undone − paid'),
        currency,
        leftMinor: signed('The left side.'),
        rightMinor: signed('The right side, as the ledger or credit has it.'),
        differenceMinor: signed('0 where it holds.'),
        differsSince: instant('Since when it differs; null where it holds. Real time.').nullable(),
      }),
    ),
  })
  .openapi('Books')
