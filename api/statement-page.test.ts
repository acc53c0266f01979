import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { statementPage } from './statement-page.ts'

const statement = {
  ...{ statementId: 'stm_1', currency: 'EUR', month: '2026-01', fromDate: '2026-01-01', toDate: '2026-01-31' },
  ...{ openingMinor: 10_00, purchasesMinor: 100_00, paymentsMinor: -25_00, refundsMinor: 0, feesMinor: 7_00 },
  ...{ interestMinor: 0, chargedOffMinor: 0, adjustmentsMinor: 0, closingMinor: 92_00, dueUntil: '2026-02-28' },
  ...{ templateVersion: 1, timeZone: 'Europe/Berlin', language: 'en' },
  lines: [
    {
      ...{ date: '2026-01-10', kind: 'PURCHASE', planId: 'pln_1', purchaseId: 'pur_1' },
      ...{ merchantName: '<script>alert(1)</script> & Söhne', amountMinor: 100_00 },
    },
  ],
  nextDue: [{ dueDate: '2026-02-07', planId: 'pln_1', amountMinor: 25_00 }],
}

describe('the page of a statement', () => {
  test('says what was owed, what moved and what is due, in English or German', () => {
    const page = statementPage(statement)
    for (const text of ['10.00 EUR', '100.00 EUR', '-25.00 EUR', '92.00 EUR', 'Late fees', '2026-02-07', 'Due until']) {
      expect(page).toContain(text)
    }
    expect(page).not.toContain('Interest')
    expect(statementPage({ ...statement, language: 'de-AT' })).toContain('Mahngebühren')
    expect(statementPage({ ...statement, language: 'fr' })).toContain('Late fees')
  })

  test('takes names as text, never as markup', () => {
    expect(statementPage(statement)).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne')
    expect(statementPage(statement)).not.toContain('<script>')
  })

  test('of version 1 is the same for ever: whoever changes it makes a version 2', () => {
    const bytes = statementPage(statement) + statementPage({ ...statement, language: 'de', nextDue: [], lines: [] })
    expect(hash('sha256', bytes, 'hex')).toBe('736c8ddc49c348a42b9360fb013a5f29a028d7cc5bd1a00d5652d6df6f5919c5')
  })

  test('is not guessed where the version is unknown', () => {
    expect(() => statementPage({ ...statement, templateVersion: 9 })).toThrow('no rendering 9')
  })
})
