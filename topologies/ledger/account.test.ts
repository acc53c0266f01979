import { describe, expect, test } from 'vitest'
import type { AccountBalanceChanged, AccountState } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { ledgerAccount, postingsOf } from './account.ts'
import { entryOf, type LedgerInput } from './entries.ts'

/** Books events as the topology does, without its wiring. */
function book(events: readonly LedgerInput[]) {
  const accounts = new Map<string, AccountState>()
  const changes: AccountBalanceChanged[] = []
  for (const event of events) {
    const entry = entryOf(event)
    for (const posting of entry === null ? [] : postingsOf(entry)) {
      const key = ledgerAccount.keyOf(posting) ?? ''
      const state = accounts.get(key) ?? ledgerAccount.initial(key)
      const decided = ledgerAccount.decide(state, posting, key)
      accounts.set(key, decided.reduce(ledgerAccount.evolve, state))
      changes.push(...decided)
    }
  }
  return { accounts, changes }
}

const at = (id: string) => ({ meta: sampleMeta(id), consumerId: 'con_1', merchantId: 'mer_1' })

describe('ledgerAccount', () => {
  test('keeps the balances of a purchase: capture 100, fee 4, instalment 25, late fee 10, refund 30, payout 96', () => {
    const { accounts } = book([
      sampleRecord('PurchaseCaptured', { ...at('1'), amountMinor: 100_00 }),
      sampleRecord('SettlementLineAdded', { ...at('2'), kind: 'FEE', amountMinor: -4_00 }),
      sampleRecord('InstalmentPaid', { ...at('3'), amountMinor: 25_00, principalMinor: 25_00 }),
      sampleRecord('LateFeeCharged', { ...at('4'), amountMinor: 10_00 }),
      sampleRecord('RefundAllocated', { ...at('5'), amountMinor: 30_00, reducedMinor: 30_00 }),
      sampleRecord('PayoutPaid', { meta: sampleMeta('6'), merchantId: 'mer_1', amountMinor: 96_00 }),
    ])
    const balances = [...accounts].map(([key, { debitsMinor, creditsMinor }]) => [key, debitsMinor - creditsMinor])
    expect(Object.fromEntries(balances)).toEqual({
      'assets:consumer-receivable:con_1:EUR': 45_00,
      'assets:fee-receivable:con_1:EUR': 10_00,
      'assets:cash:EUR': 25_00 - 96_00,
      'liabilities:merchant-payable:mer_1:EUR': -100_00 + 4_00 + 30_00 + 96_00,
      'income:merchant-fees:EUR': -4_00,
      'income:late-fees:EUR': -10_00,
    })
    expect(balances.reduce((sum, [, balance]) => sum + Number(balance), 0)).toBe(0)
  })

  test('says the balance after each posting, and how many there were', () => {
    const paid = (id: string) =>
      sampleRecord('InstalmentPaid', { ...at(id), amountMinor: 25_00, principalMinor: 25_00 })
    const cash = book([paid('1'), paid('2')]).changes.filter((change) => change.account === 'assets:cash')
    expect(cash).toMatchObject([
      { amountMinor: 25_00, balanceMinor: 25_00, postings: 1 },
      { amountMinor: 25_00, balanceMinor: 50_00, postings: 2, debitsMinor: 50_00, creditsMinor: 0 },
    ])
  })

  test('never adds two currencies up', () => {
    const { accounts } = book([
      sampleRecord('PayoutPaid', { meta: sampleMeta('1'), amountMinor: 5 }),
      sampleRecord('PayoutPaid', { meta: sampleMeta('2'), amountMinor: 7, currency: 'JPY' }),
    ])
    expect(accounts.get('assets:cash:EUR')).toMatchObject({ account: 'assets:cash', currency: 'EUR', creditsMinor: 5 })
    expect(accounts.get('assets:cash:JPY')).toMatchObject({ account: 'assets:cash', currency: 'JPY', creditsMinor: 7 })
  })
})
