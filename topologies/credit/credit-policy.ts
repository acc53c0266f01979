/**
 * The credit policy: the rules of a decision as data, in versions. A change is a new version: every decision names the
 * one it was made by, so that it can be explained, and made again with the same result.
 */
import { type BureauName, PRIMARY_BUREAU } from '#domain/bureau-names.ts'
import { type JsonSchema, jsonProblems } from '#schemas/json-schema.ts'
import type { Contact } from './contacts.ts'
import schema from './credit-policy.schema.json' with { type: 'json' }
import { coherenceProblems, type PolicyProblem } from './policy-coherence.ts'

/** The limit of the scores from `scoreMin` to `scoreMax`, both included. */
export type LimitBand = {
  readonly name: string
  readonly scoreMin: number
  readonly scoreMax: number
  readonly limit: number
}

/** At most so many purchases, or so much, in a window of time. */
export type VelocityRule = {
  readonly name: string
  readonly hours: number
  readonly counts: 'APPROVED' | 'ASKED'
  readonly purchasesMax: number | null
  readonly amountMax: number | null
}

/** An earlier purchase of an example. */
export type ExamplePurchase = {
  readonly amount: number
  readonly hoursAgo: number
  readonly merchant?: string
  readonly device?: string
  readonly refused?: boolean
  readonly paidOff?: boolean
}

/** A test of the policy, in its own file. */
export type PolicyExample = {
  readonly name: string
  readonly given: {
    readonly amount: number
    readonly country?: string
    readonly score?: number
    readonly delinquencies?: number
    readonly monthlyIncome?: number
    /** Paid back in so many monthly instalments, without interest. */
    readonly instalments?: number
    readonly merchant?: string
    readonly device?: string
    readonly owed?: number
    readonly before?: readonly ExamplePurchase[]
  }
  readonly then: {
    readonly approved: boolean
    readonly reasons?: readonly string[]
    readonly counterOffer?: number | null
  }
}

/**
 * Who is tried against the policy and its model: another model, another policy, or both, on a share of the consumers.
 * SHADOW: its result is written beside the decision. DECIDES: it decides for its share.
 */
export type ChallengerRule = {
  /** Who is in the share follows from this and the consumer's id, so that another name draws another share. */
  readonly name: string
  readonly policy: string | null
  readonly model: string | null
  readonly sharePercent: number
  readonly mode: 'SHADOW' | 'DECIDES'
}

/** The score model that a policy goes by, and who is tried against it. */
export type ScoringRule = { readonly model: string; readonly challenger: ChallengerRule | null }

/** A sign of how somebody pays. */
export type Behaviour =
  | 'PAID_EARLY'
  | 'PAID_ON_TIME'
  | 'PAID_OFF'
  | 'PAID_LATE'
  | 'OVERDUE'
  | 'PAYMENT_FAILED'
  | 'CHARGED_BACK'
  | 'RETURNED'

/** After so many signs of a kind the limit moves by so many percent of what the score gives. */
export type BehaviourRule = {
  readonly name: string
  readonly on: Behaviour
  readonly times: number
  readonly percent: number
}

/** How limits move with behaviour, and between which percentages of what the score gives. */
export type BehaviourRules = {
  readonly rules: readonly BehaviourRule[]
  readonly percentMin: number
  readonly percentMax: number
  /** No rise for so many days after a fall. */
  readonly quietDays: number
}

/** Until when a refusal can be sent to a person, and until when what they allow holds; days. */
export type ReviewRules = { readonly requestDays: number; readonly decideDays: number; readonly validDays: number }

/** A bureau that is asked, and when: with the first question, or only where those before it have nothing to say. */
export type AskedBureau = { readonly name: BureauName; readonly role: 'PRIMARY' | 'BOTH' | 'FALLBACK' }

/** When reports of two bureaus contradict each other: each a difference that is still borne; null: any is. */
export type ContradictionRule = {
  readonly scorePoints: number | null
  readonly delinquencies: number | null
  readonly incomePercent: number | null
}

/** How fresh a report must be, and what becomes of a purchase whose fresh report does not come in time. */
export type BureauRules = {
  readonly retryHours: readonly number[]
  /** An older report is asked for anew at the next purchase; null: never too old. */
  readonly maxAgeDays: number | null
  /** How long a purchase waits for a report; 0: not at all. */
  readonly waitMinutes: number
  readonly whenLate: 'DECLINE' | 'USE_OLD' | 'LOWER_CAP'
  /** The largest purchase on an old report, for LOWER_CAP. */
  readonly lateCap: number | null
  /** Which bureaus are asked, in this order. */
  readonly bureaus: readonly AskedBureau[]
  /** A bureau that has not answered for so long is silent: it is not waited for, and a fallback is asked. */
  readonly silentMinutes: number
  /** Which of several reports decides: the one that gives the least credit, or that of the first bureau in the list. */
  readonly whenDiffer: 'MORE_CAUTIOUS' | 'FIRST'
  readonly contradiction: ContradictionRule
  /** What becomes of a purchase while reports contradict each other. REVIEW: refused, and sent to a person. */
  readonly whenContradicted: 'DECIDE' | 'DECLINE' | 'REVIEW'
}

/**
 * A policy as its file says it (`credit-policy.schema.json` tells what each part means). Amounts are whole major units
 * of the US dollar or its like.
 */
export type CreditPolicy = {
  readonly version: string
  readonly scoring: ScoringRule
  readonly bands: readonly LimitBand[]
  readonly knockOut: { readonly delinquenciesMax: number }
  readonly caps: {
    readonly firstPurchase: number | null
    readonly newMerchant: number | null
    readonly newDevice: number | null
    readonly unusual: { readonly times: number; readonly purchasesMin: number; readonly above: number } | null
  }
  readonly velocity: readonly VelocityRule[]
  readonly affordability: { readonly incomePercentMax: number } | null
  /** What is given in monthly instalments: up to so many, from an amount on; null: nothing is. */
  readonly monthly: { readonly instalmentsMax: number; readonly amountMin: number } | null
  /** `firstPaymentPercentMax`: a larger first payment is offered up to this share of the purchase; null: none is. */
  readonly counterOffer: { readonly amountMin: number; readonly firstPaymentPercentMax: number | null }
  readonly bureau: BureauRules
  /** What a consumer has to have proved before a purchase; none where it is not said. */
  readonly requiredContacts: readonly Contact[]
  readonly behaviour: BehaviourRules | null
  readonly review: ReviewRules
  readonly countries: Readonly<Record<string, { readonly currency: string; readonly limitMax?: number }>>
  readonly unitsPerDollar: Readonly<Record<string, number>>
  readonly examples: readonly PolicyExample[]
}

/** A policy that cannot be used: every problem of the file, each with its place. */
export class CreditPolicyError extends Error {
  readonly code = 'CREDIT_POLICY_INVALID'
  readonly problems: readonly PolicyProblem[]
  constructor(problems: readonly PolicyProblem[]) {
    super(['The credit policy cannot be used:', ...problems.map(({ text }) => `- ${text}`)].join('\n'))
    this.name = 'CreditPolicyError'
    this.problems = problems
  }
}

/** What a file means that does not say it: files that were written before there was a choice go on to be read. */
const DEFAULTS = {
  scoring: { model: 'm1', challenger: null },
  behaviour: null,
  requiredContacts: [],
  monthly: { instalmentsMax: 36, amountMin: 0 },
  review: { requestDays: 30, decideDays: 14, validDays: 14 },
} as const
const OFFER_DEFAULTS = { firstPaymentPercentMax: null } as const
const BUREAU_DEFAULTS = {
  ...{ maxAgeDays: null, waitMinutes: 0, whenLate: 'DECLINE', lateCap: null },
  bureaus: [{ name: PRIMARY_BUREAU, role: 'PRIMARY' }],
  silentMinutes: 2,
  whenDiffer: 'MORE_CAUTIOUS',
  contradiction: { scorePoints: 150, delinquencies: 2, incomePercent: 50 },
  whenContradicted: 'DECIDE',
} as const

/** Reads a policy file. @throws CreditPolicyError naming everything that is wrong with it */
export function openCreditPolicy(file: unknown): CreditPolicy {
  const wrong = jsonProblems(schema as JsonSchema, file)
  if (wrong.length > 0) throw new CreditPolicyError(wrong.map((text) => ({ code: 'POLICY_FORM', text })))
  const said = file as CreditPolicy
  const filled = {
    bureau: { ...BUREAU_DEFAULTS, ...said.bureau },
    counterOffer: { ...OFFER_DEFAULTS, ...said.counterOffer },
  }
  const policy = { ...DEFAULTS, ...said, ...filled }
  const incoherent = coherenceProblems(policy)
  if (incoherent.length > 0) throw new CreditPolicyError(incoherent)
  return policy
}
