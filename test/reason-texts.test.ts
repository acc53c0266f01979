import { expect, test } from 'vitest'
import { REASON_TEXTS, type ReasonCode, reason } from '#topologies/credit/reasons.ts'
import { reasonFacts } from '#topologies/notifications/reason-texts.ts'

test.each(Object.keys(REASON_TEXTS) as ReasonCode[])('the reason %s is told in German too', (code) => {
  const facts = reasonFacts([reason(code)])
  expect(facts['reasons.en']).toBe(`- ${REASON_TEXTS[code]}`)
  expect(facts['reasons.de']).not.toBe(facts['reasons.en'])
})
