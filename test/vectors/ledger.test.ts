/** How money events are posted. */
import { sampleRecord } from '#schemas/sample-record.ts'
import { entryOf, type LedgerInput } from '#topologies/ledger/entries.ts'
import { amount, type Row, vectors } from './text-table.ts'

const who = { consumerId: 'con_1', merchantId: 'mer_1' }

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
  | refund       | 30     | 30, 0 | Dr merchant-payable 30.00; Cr consumer-receivable 30.00                         |
  | refund       | 30     | 20, 10 | Dr merchant-payable 30.00; Cr consumer-receivable 20.00; Cr consumer-credit 10.00 |
  | money back   | 10     |       | Dr consumer-credit 10.00; Cr cash 10.00                                         |
  | payout       | 96     |       | Dr merchant-payable 96.00; Cr cash 96.00                                        |
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
