/** The rules of a policy, each alone: what it stops, what it lets through, and what would pass instead. */
import { describe, test } from 'vitest'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { cancelled, completed, HOUR, kyc, registered, report, request, T0 } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const free: CreditPolicy = {
  ...CREDIT_POLICY,
  caps: { firstPurchase: null, newMerchant: null, newDevice: null, unusual: null },
  velocity: [],
  affordability: null,
}

/** A consumer with a limit of 2500.00 under a policy that has these rules and no others. */
function consumer(over: Partial<CreditPolicy>, more: Parameters<typeof report>[1] = {}) {
  return given(creditDecider(fixedRules({ ...free, ...over })), 'con_1').after(
    registered(),
    kyc('APPROVED'),
    report(850, more),
  )
}

const at = (no: number, amountMinor: number, hours: number, over: Parameters<typeof request>[2] = {}) => {
  const { meta, ...rest } = request(no, amountMinor, over)
  return { ...rest, meta: { ...meta, occurredAt: T0 + hours * HOUR } }
}
const caps = (over: Partial<CreditPolicy['caps']>) => ({ caps: { ...free.caps, ...over } })
const declined = (code: string, counterOfferMinor: number | null) => ({
  type: 'PurchaseDeclined' as const,
  reasons: [{ code }],
  counterOfferMinor,
})
const approved = [{ type: 'PurchaseApproved' as const }, { type: 'ExposureChanged' as const }] as const

describe('velocity', () => {
  const velocity = (over: object) => ({
    velocity: [{ name: 'day', hours: 24, counts: 'APPROVED' as const, purchasesMax: null, amountMax: null, ...over }],
  })

  test('counts purchases in its window, and forgets those before it', () => {
    const two = consumer(velocity({ purchasesMax: 2 })).after(at(1, 100, 0), at(2, 100, 1))
    two.when(at(3, 100, 2)).gives({ ...declined('TOO_MUCH_AT_ONCE', null), rulesHit: ['velocity-day'] })
    two.when(at(3, 100, 24)).gives(...approved)
  })

  test('counts what was refused only where it says so', () => {
    const refusals = [at(1, 900_000, 0), at(2, 900_000, 1)]
    consumer(velocity({ purchasesMax: 2 }))
      .after(...refusals)
      .when(at(3, 100, 2))
      .gives(...approved)
    consumer(velocity({ purchasesMax: 2, counts: 'ASKED' }))
      .after(...refusals)
      .when(at(3, 100, 2))
      .gives(declined('TOO_MANY_ATTEMPTS', null))
  })

  test('counts a purchase that was confirmed twice', () => {
    const again = { ...at(1, 100, 0), meta: { ...at(1, 100, 0).meta, id: 'cmd_again' } }
    consumer(velocity({ purchasesMax: 1 }))
      .after(at(1, 100, 0), again)
      .when(at(2, 100, 1))
      .gives(declined('TOO_MUCH_AT_ONCE', null))
  })

  test('of attempts lets a refusal offer only what may still be asked for', () => {
    const asks = (purchasesMax: number) => consumer(velocity({ purchasesMax, counts: 'ASKED' })).after(at(1, 100, 0))
    const tooMuch = at(2, 900_000, 0)
    asks(3).when(tooMuch).gives(declined('LIMIT_EXCEEDED', 249_900))
    asks(3)
      .after(tooMuch)
      .when(at(3, 249_900, 0))
      .gives(...approved)
    asks(2).when(tooMuch).gives(declined('LIMIT_EXCEEDED', null))
  })

  test('adds amounts up', () => {
    const spent = consumer(velocity({ amountMax: 100 })).after(at(1, 6_000, 0))
    spent.when(at(2, 4_000, 1)).gives(...approved)
    spent.when(at(2, 4_001, 1)).gives(declined('TOO_MUCH_AT_ONCE', null))
    spent.when(at(2, 4_001, 24)).gives(...approved)
  })

  test('remembers as long as its window is', () => {
    const week = consumer(velocity({ hours: 168, purchasesMax: 1 })).after(at(1, 100, 0))
    week.when(at(2, 100, 167)).gives(declined('TOO_MUCH_AT_ONCE', null))
    week.when(at(2, 100, 168)).gives(...approved)
  })
})

describe('caps', () => {
  test('of a first purchase end with it', () => {
    const fresh = consumer(caps({ firstPurchase: 100 }))
    fresh.when(at(1, 10_001, 0)).gives(declined('FIRST_PURCHASE_LIMIT', 10_000))
    fresh.when(at(1, 10_000, 0)).gives(...approved)
    fresh
      .after(at(1, 10_001, 0))
      .when(at(2, 10_001, 1))
      .gives(declined('FIRST_PURCHASE_LIMIT', 10_000))
    fresh
      .after(at(1, 100, 0))
      .when(at(2, 10_001, 1))
      .gives(...approved)
  })

  test('of a new merchant hold at that one only', () => {
    const known = consumer(caps({ newMerchant: 100 })).after(at(1, 100, 0))
    known.when(at(2, 10_001, 1)).gives(...approved)
    known.when(at(2, 10_001, 1, { merchantId: 'mer_2' })).gives(declined('NEW_MERCHANT_LIMIT', 10_000))
    known
      .after(at(2, 100, 1, { merchantId: 'mer_2' }))
      .when(at(3, 10_001, 2, { merchantId: 'mer_2' }))
      .gives(...approved)
  })

  test('of a new device need another one that is known', () => {
    const rules = consumer(caps({ newDevice: 100 }))
    rules.when(at(1, 10_001, 0, { deviceId: 'phone' })).gives(...approved)
    const known = rules.after(at(1, 100, 0, { deviceId: 'laptop' }))
    known.when(at(2, 10_001, 1, { deviceId: 'phone' })).gives(declined('NEW_DEVICE_LIMIT', 10_000))
    known.when(at(2, 10_001, 1, { deviceId: 'laptop' })).gives(...approved)
    known.when(at(2, 10_001, 1)).gives(...approved)
  })

  test('do not end with a purchase whose first payment failed', () => {
    const rules = consumer(caps({ firstPurchase: 100, newMerchant: 80, newDevice: 50 }))
    const nothing = rules.after(at(1, 100, 0), cancelled(1))
    nothing.when(at(2, 10_001, 1)).gives(declined('FIRST_PURCHASE_LIMIT', 10_000))
    const known = rules.after(at(1, 100, 0, { deviceId: 'laptop' }))
    const elsewhere = { merchantId: 'mer_2', deviceId: 'laptop' }
    known
      .after(at(2, 100, 1, elsewhere), cancelled(2))
      .when(at(3, 8_001, 2, elsewhere))
      .gives(declined('NEW_MERCHANT_LIMIT', 8_000))
    known
      .after(at(2, 100, 1, { deviceId: 'phone' }), cancelled(2))
      .when(at(3, 5_001, 2, { deviceId: 'phone' }))
      .gives(declined('NEW_DEVICE_LIMIT', 5_000))
    // What was known before stays known, and the end of a purchase counts once.
    known
      .after(at(2, 100, 1, { deviceId: 'laptop' }), cancelled(2), cancelled(2))
      .when(at(3, 10_001, 2, { deviceId: 'laptop' }))
      .gives(...approved)
  })

  test('of the unusual follow what was paid off', () => {
    const paidOff = (no: number) => {
      const plan = completed(no)
      return { ...plan, balance: { ...plan.balance, capturedMinor: 5_000, refundedMinor: 1_000 } }
    }
    const unusual = { times: 10, purchasesMin: 2, above: 50 }
    const one = consumer(caps({ unusual })).after(at(1, 5_000, 0), paidOff(1))
    one.when(at(9, 100_000, 50)).gives(...approved)
    const two = one.after(at(2, 5_000, 1), paidOff(2))
    two.when(at(9, 40_001, 50)).gives(declined('AMOUNT_UNUSUAL', 40_000))
    two.when(at(9, 40_000, 50)).gives(...approved)
  })

  test('of the income take off what is owed', () => {
    const earning = consumer({ affordability: { incomePercentMax: 50 } }, { monthlyIncomeMinor: 100_001 })
    earning.when(at(1, 50_001, 0)).gives(declined('INCOME_TOO_LOW', 50_000))
    earning
      .after(at(1, 30_000, 0))
      .when(at(2, 20_001, 1))
      .gives(declined('INCOME_TOO_LOW', 20_000))
    earning
      .after(at(1, 30_000, 0))
      .when(at(2, 20_000, 1))
      .gives(...approved)
    consumer({ affordability: { incomePercentMax: 50 } })
      .when(at(1, 50_001, 0))
      .gives(...approved)
  })
})

describe('a counter-offer', () => {
  test('passes every rule that asks for less', () => {
    const rules = consumer(caps({ firstPurchase: 100 }), { monthlyIncomeMinor: 10_000 })
    const both = consumer(
      { ...caps({ firstPurchase: 100 }), affordability: { incomePercentMax: 50 } },
      { monthlyIncomeMinor: 10_000 },
    )
    rules.when(at(1, 300_000, 0)).gives({
      type: 'PurchaseDeclined',
      reasons: [{ code: 'LIMIT_EXCEEDED' }, { code: 'FIRST_PURCHASE_LIMIT' }],
      counterOfferMinor: 10_000,
    })
    both.when(at(1, 20_000, 0)).gives({ type: 'PurchaseDeclined', counterOfferMinor: 5_000 })
    both.when(at(1, 5_000, 0)).gives(...approved)
  })

  test('is not made where no amount would pass', () => {
    const velocity = [{ name: 'day', hours: 24, counts: 'APPROVED' as const, purchasesMax: 1, amountMax: null }]
    consumer({ ...caps({ newMerchant: 100 }), velocity })
      .after(at(1, 100, 0))
      .when(at(2, 20_000, 1, { merchantId: 'mer_2' }))
      .gives({ type: 'PurchaseDeclined', counterOfferMinor: null })
  })
})

test('no limit means no purchase, even where nothing lowered the score', () => {
  const bands = [
    { name: 'none', scoreMin: 0, scoreMax: 900, limit: 0 },
    { name: 'top', scoreMin: 901, scoreMax: 1_000, limit: 600 },
  ]
  consumer({ bands })
    .when(at(1, 100, 0))
    .gives(declined('LIMIT_EXCEEDED', null))
})
