/** The chart of accounts. A part behind the colon names whose account it is. */
export const accounts = {
  cash: 'assets:cash',
  merchantFees: 'income:merchant-fees',
  lateFees: 'income:late-fees',
  /** Interest of monthly plans, when it falls due or is paid. */
  interest: 'income:interest',
  commissions: 'income:commissions',
  /** Charged and credited to merchants by hand. */
  adjustments: 'income:merchant-adjustments',
  /** Tax on fees, owed to the state. */
  tax: 'liabilities:tax',
  /** What came in on debts that were given up. */
  recoveries: 'income:recoveries',
  /** Debts that were given up. */
  badDebt: 'expenses:bad-debt',
  /** Captured principal a consumer owes. */
  receivable: (consumerId: string) => `assets:consumer-receivable:${consumerId}`,
  /** Late fees a consumer owes. */
  feeReceivable: (consumerId: string) => `assets:fee-receivable:${consumerId}`,
  /** Interest a consumer owes. */
  interestReceivable: (consumerId: string) => `assets:interest-receivable:${consumerId}`,
  /** Paid at checkout, before a capture used it. */
  deposits: (consumerId: string) => `liabilities:consumer-deposits:${consumerId}`,
  /** On its way back to a consumer. */
  consumerCredit: (consumerId: string) => `liabilities:consumer-credit:${consumerId}`,
  /** Owed to a merchant. */
  merchantPayable: (merchantId: string) => `liabilities:merchant-payable:${merchantId}`,
  /** Owed to a merchant later: disputed amounts and reserves. */
  merchantReserve: (merchantId: string) => `liabilities:merchant-reserve:${merchantId}`,
  /** Taken back by a consumer's bank and not yet owed again by the plan. */
  chargeBacks: (consumerId: string) => `assets:charge-backs:${consumerId}`,
} as const
