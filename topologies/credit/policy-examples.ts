/** Runs the examples of a policy file: each purchase is decided by the real rules, and must end as the file says. */
import type { BureauFacts, CreditState, DecidedPurchase, PurchaseHistory, RequestPurchase } from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'
import type { CreditPolicy, ExamplePurchase, PolicyExample } from './credit-policy.ts'
import { newCreditState } from './credit-state.ts'
import { decidePurchase } from './decision.ts'
import { fixedRules } from './decision-rules.ts'
import { currencyOf, isKnockedOut, limitForScore, policyAmountMinor } from './limits.ts'
import type { PolicyProblem } from './policy-coherence.ts'
import { scoreReport } from './scorecard.ts'

/** When the purchases of examples happen: any moment does, as long as it is always the same. */
const NOW = 1_767_225_600_000
const HOUR_MS = 3_600_000
const CONSUMER = 'con_example'

type Minor = (major: number) => number

/** What the examples of a policy that do not end as it says come to instead; none where all do. */
export function exampleProblems(policy: CreditPolicy): readonly PolicyProblem[] {
  const texts = policy.examples.flatMap((example) => problemsOf(policy, example))
  return texts.map((text) => ({ code: 'POLICY_EXAMPLE_FAILS', text }))
}

function problemsOf(policy: CreditPolicy, { name, given, then }: PolicyExample): readonly string[] {
  const rules = fixedRules(policy)(NOW, CONSUMER)
  const currency = currencyOf(policy, given.country ?? 'US')
  const minor = (major: number) => policyAmountMinor(policy, major, currency ?? 'USD')
  const state = stateOf(policy, given, currency, minor)
  const decision = decidePurchase(rules, state, requestOf(given, currency, minor), true)
  const approved = decision.type === 'PurchaseApproved'
  const reasons = approved ? [] : decision.reasons.map(({ code }) => code)
  const offer = approved ? null : decision.counterOfferMinor
  const problem = (expected: string, got: string) => [`the example "${name}" expects ${expected}, and gets ${got}`]
  if (approved !== then.approved) {
    return problem(then.approved ? 'an approval' : 'a refusal', approved ? 'an approval' : `${reasons.join(', ')}`)
  }
  if (then.reasons !== undefined && then.reasons.join() !== reasons.join()) {
    return problem(`the reasons ${then.reasons.join(', ')}`, reasons.join(', '))
  }
  const wanted =
    then.counterOffer === undefined || then.counterOffer === null ? then.counterOffer : minor(then.counterOffer)
  return wanted === undefined || wanted === offer ? [] : problem(`an offer of ${wanted} minor units`, `${offer}`)
}

function stateOf(
  policy: CreditPolicy,
  given: PolicyExample['given'],
  currency: string | null,
  minor: Minor,
): CreditState {
  const { country = 'US', owed = 0, before = [] } = given
  const report = reportOf(given, minor)
  const { score } = scoreReport(report)
  const person = { givenName: 'Jo', familyName: 'Example', dateOfBirth: '1990-01-01', country }
  const open = {
    purchaseId: 'pur_owed',
    holdMinor: 0,
    outstandingMinor: minor(owed),
    feesMinor: 0,
    overdue: [],
    monthlyMinor: null,
  }
  return {
    ...newCreditState(CONSUMER),
    profile: { ...person, currency },
    kyc: 'APPROVED',
    verifiedContacts: [...policy.requiredContacts],
    report,
    score,
    limitMinor: isKnockedOut(policy, report) ? 0 : limitForScore(policy, score, country),
    purchases: owed === 0 ? [] : [open],
    decided: before.map((one, index) => decidedOf(one, index, minor)),
    history: historyOf(before, minor),
  }
}

function reportOf(given: PolicyExample['given'], minor: Minor): BureauFacts {
  const { delinquencies = 0, monthlyIncome } = given
  const score = given.score ?? null
  return {
    outcome: score === null ? 'THIN_FILE' : 'FOUND',
    score,
    openAccounts: 1,
    delinquencies,
    inquiries: 0,
    oldestAccountMonths: 120,
    reportedAt: NOW,
    attributes: null,
    monthlyIncomeMinor: monthlyIncome === undefined ? null : minor(monthlyIncome),
  }
}

function decidedOf(one: ExamplePurchase, index: number, minor: Minor): DecidedPurchase {
  return {
    purchaseId: `pur_before_${index}`,
    decidedAt: NOW - one.hoursAgo * HOUR_MS,
    approved: one.refused !== true,
    amountMinor: minor(one.amount),
    decisionId: null,
    offeredFirstMinor: null,
    newMerchantId: null,
    newDeviceId: null,
  }
}

function historyOf(before: readonly ExamplePurchase[], minor: Minor): PurchaseHistory | null {
  const approved = before.filter(({ refused }) => refused !== true)
  if (approved.length === 0) return null
  const paidOff = approved.filter(({ paidOff }) => paidOff === true)
  return {
    approvals: approved.length,
    completed: paidOff.length,
    largestCompletedMinor: Math.max(0, ...paidOff.map(({ amount }) => minor(amount))),
    merchantIds: approved.map(({ merchant = 'shop' }) => merchant),
    deviceIds: approved.flatMap(({ device }) => (device === undefined ? [] : [device])),
  }
}

function requestOf(given: PolicyExample['given'], currency: string | null, minor: Minor): RequestPurchase {
  const { instalments } = given
  const plain = { interest: 'NONE', ratePpm: 0, dayCount: 'THIRTY_360' }
  const monthly = instalments === undefined ? null : { instalments, ...plain }
  return {
    type: 'RequestPurchase',
    meta: rootMeta({ source: 'example', id: 'cmd_example', occurredAt: NOW, businessDate: '2026-01-01' }),
    consumerId: CONSUMER,
    purchaseId: 'pur_example',
    checkoutId: 'chk_example',
    merchantId: given.merchant ?? 'shop',
    merchantName: given.merchant ?? 'shop',
    product: monthly === null ? 'PAY_IN_30' : 'PAY_MONTHLY',
    amountMinor: minor(given.amount),
    currency: currency ?? 'USD',
    paymentMethodId: 'pm_example',
    monthly,
    merchantReference: null,
    terms: {
      feeBps: 0,
      feeFixedMinor: 0,
      settlementDays: 1,
      refundPolicy: null,
      authorisationDays: null,
      settlement: null,
      monthly: monthly === null ? [] : [monthly],
    },
    payoutAccount: 'acct_example',
    deviceId: given.device ?? null,
    firstPaymentMinor: null,
    acceptsDecisionId: null,
    items: [],
    ticketMinMinor: 0,
  }
}
