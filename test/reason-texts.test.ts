import { expect, test } from 'vitest'
import { REASON_TEXTS, type ReasonCode, reason } from '#topologies/credit/reasons.ts'
import { reasonFacts } from '#topologies/notifications/reason-texts.ts'

test.each(Object.keys(REASON_TEXTS) as ReasonCode[])('the reason %s is told in English and in German', (code) => {
  const facts = reasonFacts([reason(code)])
  const { en, de } = REASON_TEXTS[code]
  expect(facts).toEqual({ 'reasons.en': `- ${en}`, 'reasons.de': `- ${de}` })
  for (const text of [en, de]) expect(text).toMatch(/^[A-ZÄÖÜ].*\.$/)
  expect(de).not.toBe(en)
})
