/** What a consumer has to have proved before a purchase. */
import { describe, expect, test } from 'vitest'
import type { ContactDoubted, CreditState } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import { openCreditPolicy } from './credit-policy.ts'
import policyFile from './credit-policy-p2.json' with { type: 'json' }
import { contactVerified, kyc, registered, report, request } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const policyWith = (requiredContacts: readonly string[]) => openCreditPolicy({ ...policyFile, requiredContacts })
const decider = (...contacts: readonly string[]) => creditDecider(fixedRules(policyWith(contacts)))
const consumer = (...contacts: readonly string[]) =>
  given(decider(...contacts), 'con_1').after(registered(), kyc('APPROVED'), report(550))
const doubted: ContactDoubted = {
  ...{ ...contactVerified('EMAIL'), type: 'ContactDoubted', reason: 'BOUNCED' },
}
const refused = (...codes: readonly string[]) => ({
  ...{ type: 'PurchaseDeclined' as const, rulesHit: ['contacts-confirmed', 'm0:SCORE_BUREAU_HISTORY'] },
  ...{ reasons: codes.map((code) => ({ code })), counterOfferMinor: null },
})
const approved = [{ type: 'PurchaseApproved' }, { type: 'ExposureChanged' }] as const

describe('a purchase', () => {
  test('needs no proved contact where the policy says nothing of it, as that of the platform does', () => {
    expect(CREDIT_POLICY.requiredContacts).toEqual([])
    consumer()
      .when(request(1, 100))
      .gives(...approved)
  })

  test('is refused with a reason for each contact that is not proved', () => {
    consumer('EMAIL').when(request(1, 100)).gives(refused('EMAIL_NOT_CONFIRMED'))
    consumer('EMAIL', 'PHONE').when(request(1, 100)).gives(refused('EMAIL_NOT_CONFIRMED', 'PHONE_NOT_CONFIRMED'))
    consumer('EMAIL', 'PHONE')
      .after(contactVerified('PHONE'))
      .when(request(1, 100))
      .gives(refused('EMAIL_NOT_CONFIRMED'))
  })

  test('passes once the contact is proved, also at the same limit as before', () => {
    consumer('EMAIL')
      .after(contactVerified('EMAIL'))
      .when(request(1, 60_000))
      .gives(...approved)
  })

  test('is refused again where mail to a proved address has come back', () => {
    const bounced = consumer('EMAIL').after(contactVerified('EMAIL'), doubted)
    bounced.when(request(1, 100)).gives(refused('EMAIL_NOT_CONFIRMED'))
    bounced
      .after(contactVerified('EMAIL'))
      .when(request(1, 100))
      .gives(...approved)
  })

  test('names other reasons beside it', () => {
    consumer('EMAIL')
      .when(request(1, 60_001))
      .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'EMAIL_NOT_CONFIRMED' }, { code: 'LIMIT_EXCEEDED' }] })
  })
})

describe('an account from before contacts were listened to', () => {
  const { decide, evolve } = decider('EMAIL', 'PHONE')
  const old: CreditState = { ...consumer('EMAIL').state, verifiedContacts: null }
  const decidedAfter = (...news: readonly (ContactDoubted | ReturnType<typeof contactVerified>)[]) => {
    const step = (before: CreditState, one: (typeof news)[number]) =>
      decide(before, one, 'con_1').reduce(evolve, before)
    const state = news.reduce(step, old)
    return decide(state, request(1, 100), 'con_1')[0]
  }

  test('is not asked, also after it has proved one of them', () => {
    expect(decidedAfter()?.type).toBe('PurchaseApproved')
    expect(decidedAfter(contactVerified('EMAIL'))?.type).toBe('PurchaseApproved')
  })

  test('is asked for what is doubted', () => {
    expect(decidedAfter(doubted)).toMatchObject({ reasons: [{ code: 'EMAIL_NOT_CONFIRMED' }] })
    expect(decidedAfter(doubted, contactVerified('EMAIL'))?.type).toBe('PurchaseApproved')
  })
})

test.each([[['FAX']], [['EMAIL', 'EMAIL']]])('a policy that wants %j cannot be used', (contacts) => {
  expect(() => policyWith(contacts)).toThrow(/requiredContacts|required contact/)
})
