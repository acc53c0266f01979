/** How money events are posted. */
import { sampleRecord } from '#schemas/sample-record.ts'
import { entryOf, type LedgerInput } from '#topologies/ledger/entries.ts'
import { amount, type Row, vectors } from './text-table.ts'

const who = { consumerId: 'con_1', merchantId: 'mer_1' }

/** Principal and fees of what is owed. */
function owed(row: Row): { readonly principalMinor: number; readonly feeMinor: number } {
  const [principalMinor = 0, feeMinor = 0] = row.minors('of it')
  return { principalMinor, feeMinor }
}

/** The events by the word that stands for them in the table. */
const events: Readonly<Record<string, (row: Row) => LedgerInput>> = {
  authorise: (row) => sampleRecord('PurchaseAuthorised', { ...who, amountMinor: row.minor('amount') }),
  capture: (row) => sampleRecord('PurchaseCaptured', { ...who, amountMinor: row.minor('amount') }),
  'merchant fee': (row) =>
    sampleRecord('SettlementLineAdded', { ...who, kind: 'FEE', amountMinor: -row.minor('amount') }),
  instalment: (row) => {
    const amountMinor = row.minor('amount')
    return sampleRecord('InstalmentPaid', { ...who, amountMinor, principalMinor: amountMinor })
  },
  'late fee': (row) => sampleRecord('LateFeeCharged', { ...who, amountMinor: row.minor('amount') }),
  refund: (row) => {
    const [reducedMinor = 0, returnedMinor = 0] = row.minors('of it')
    return sampleRecord('RefundAllocated', { ...who, amountMinor: row.minor('amount'), reducedMinor, returnedMinor })
  },
  'money back': (row) => sampleRecord('PaymentReturned', { ...who, amountMinor: row.minor('amount') }),
  'charge-off': (row) => sampleRecord('PlanChargedOff', { ...who, ...owed(row) }),
  'write-off': (row) => sampleRecord('PlanWrittenOff', { ...who, ...owed(row) }),
  recovery: (row) => {
    const amountMinor = row.minor('amount')
    return sampleRecord('InstalmentPaid', { ...who, amountMinor, recoveryMinor: amountMinor })
  },
  undo: (row) => {
    const [principalMinor = 0, recoveredMinor = 0] = row.minors('of it')
    const chargedOffMinor = row.minor('amount')
    return sampleRecord('PlanChargeOffUndone', { ...who, principalMinor, recoveredMinor, chargedOffMinor })
  },
  'charge-back': (row) => sampleRecord('PaymentChargedBack', { ...who, amountMinor: row.minor('amount') }),
  undone: (row) => {
    const again = { amountMinor: row.minor('amount'), ...owed(row) }
    return sampleRecord('PlanReworked', { ...who, cause: 'PAYMENT_UNDONE', ...again })
  },
  'owed again': (row) => {
    const again = { amountMinor: row.minor('amount'), ...owed(row) }
    return sampleRecord('PlanReworked', { ...who, cause: 'CHARGED_BACK', ...again })
  },
  'fee back': (row) => {
    const [unpaidMinor = 0, returnedMinor = 0] = row.minors('of it')
    return sampleRecord('LateFeeReversed', { ...who, amountMinor: row.minor('amount'), unpaidMinor, returnedMinor })
  },
  payout: (row) => sampleRecord('PayoutPaid', { ...who, amountMinor: row.minor('amount') }),
}

vectors(
  'double entry: what each event debits and credits',
  `
  | event        | amount | of it | gives                                                                           |
  | authorise    | 100    |       | nothing: a hold is memo only                                                    |
  | capture      | 100    |       | Dr consumer-receivable 100.00; Cr merchant-payable 100.00                       |
  | merchant fee | 4      |       | Dr merchant-payable 4.00; Cr merchant-fees 4.00                                 |
  | instalment   | 25     |       | Dr cash 25.00; Cr consumer-receivable 25.00                                     |
  | late fee     | 10     |       | Dr fee-receivable 10.00; Cr late-fees 10.00                                     |
  | fee back     | 10     | 7, 3  | Dr late-fees 10.00; Cr fee-receivable 7.00; Cr consumer-credit 3.00             |
  | refund       | 30     | 30, 0 | Dr merchant-payable 30.00; Cr consumer-receivable 30.00                         |
  | refund       | 30     | 20, 10 | Dr merchant-payable 30.00; Cr consumer-receivable 20.00; Cr consumer-credit 10.00 |
  | money back   | 10     |       | Dr consumer-credit 10.00; Cr cash 10.00                                         |
  | payout       | 96     |       | Dr merchant-payable 96.00; Cr cash 96.00                                        |
  | charge-off   | 65     | 60, 5 | Dr bad-debt 65.00; Cr consumer-receivable 60.00; Cr fee-receivable 5.00         |
  | charge-off   | 65     | 65, 0 | Dr bad-debt 65.00; Cr consumer-receivable 65.00                                 |
  | recovery     | 20     |       | Dr cash 20.00; Cr recoveries 20.00                                              |
  | undo         | 65     | 45, 20 | Dr consumer-receivable 45.00; Dr recoveries 20.00; Cr bad-debt 65.00           |
  | write-off    | 65     | 65, 0 | Dr bad-debt 65.00; Cr consumer-receivable 65.00                                 |
  | charge-back  | 25     |       | Dr charge-backs 25.00; Cr cash 25.00                                            |
  | undone       | 25     | 25, 0 | Cr cash 25.00; Dr consumer-receivable 25.00                                     |
  | owed again   | 25     | 20, 5 | Cr charge-backs 25.00; Dr consumer-receivable 20.00; Dr fee-receivable 5.00     |
  `,
  (row) => {
    const make = events[row.text('event')]
    if (make === undefined) throw new Error(`There is no event ${row.text('event')}.`)
    const entry = entryOf(make(row))
    if (entry === null) return 'nothing: a hold is memo only'
    return entry.postings
      .map(({ account, amountMinor }) => {
        const name = account.split(':')[1]
        return amountMinor > 0 ? `Dr ${name} ${amount(amountMinor)}` : `Cr ${name} ${amount(-amountMinor)}`
      })
      .join('; ')
  },
)
