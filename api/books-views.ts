import { z } from '@hono/zod-openapi'
import { currency, instant, oneOf, text, whole } from './view-fields.ts'

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

const period = text('The month.', '2026-01')

/** A month of the ledger with its figures. */
export const LedgerPeriodView = z
  .object({
    period,
    status: oneOf(
      ['CLOSED', 'DIFFERS', 'REOPENED'],
      'CLOSED: nothing more is booked into it. DIFFERS: computed again, its figures are not the ones kept: a ' +
        'defect. REOPENED: it takes entries until it is closed again.',
    ),
    run: whole('How often its figures were computed.', 1),
    figures: z
      .array(
        z.object({
          account: text('The class of accounts.', 'assets:cash'),
          currency,
          debitsMinor: signed('Debits until the end of the month.'),
          creditsMinor: signed('Credits until the end of the month.'),
        }),
      )
      .openapi({ description: 'As they were kept when it was closed.' }),
    differences: z
      .array(
        z.object({
          account: text('The class of accounts.', 'assets:cash'),
          currency,
          side: oneOf(['DEBITS', 'CREDITS'], 'Which side.'),
          keptMinor: signed('The figure before.'),
          foundMinor: signed('The figure computed last.'),
        }),
      )
      .openapi({ description: 'Of the last computation to the one before; none where it gave the same.' }),
    closedAt: instant('When it was closed last. Business time.'),
    reason: text('Why it was reopened last; null where it never was.').nullable(),
  })
  .openapi('LedgerPeriod')

/** The months of the ledger. */
export const LedgerPeriodsView = z
  .object({
    items: z.array(LedgerPeriodView),
    nextCursor: text('Always null: there are few.').nullable(),
    closeDay: whole('The day of the next month on which a month is closed by itself; null: by command.', 5).nullable(),
  })
  .openapi('LedgerPeriods')

/** What was closed or opened. */
export const PeriodChangeView = LedgerPeriodView.pick({ period: true, status: true })
  .extend({
    run: LedgerPeriodView.shape.run.nullable(),
    figures: LedgerPeriodView.shape.figures,
    differences: LedgerPeriodView.shape.differences,
  })
  .openapi('PeriodChange')

/** When months are closed by themselves. */
export const PeriodScheduleView = z.object({ closeDay: LedgerPeriodsView.shape.closeDay }).openapi('PeriodSchedule')
