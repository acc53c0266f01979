/**
 * Which policy and which score model decide: a function of the book of rules, of business time and of the consumer.
 * So the same input is decided by the same versions on every replay.
 */
import { canonicalJson } from '#domain/canonical-json.ts'
import { sha256 } from '#domain/ids.ts'
import type { CreditRules, PublishedPolicy } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import { openCreditPolicy } from './credit-policy.ts'
import policyFile from './credit-policy-p2.json' with { type: 'json' }
import { rememberLast } from './remember-last.ts'
import { openScoreModel, type ScoreModel } from './score-model.ts'
import { SCORE_MODEL } from './scorecard.ts'

/** Who decides: the policy in force, or who is tried against it. */
export type Variant = 'CHAMPION' | 'CHALLENGER'

/** A policy with the model it names; null where nobody published that one. */
export type RuleSet = { readonly variant: Variant; readonly policy: CreditPolicy; readonly model: ScoreModel | null }

/** The rules that decide on a consumer, and those whose result is written beside. */
export type DecisionRules = RuleSet & {
  readonly shadow: RuleSet | null
  /** Merchants that do not sell at the moment, whatever a policy says. */
  readonly stopped: ReadonlySet<string>
}

/** The rules at a business time (milliseconds) for a consumer. */
export type RulesAt = (timeMs: number, consumerId: string) => DecisionRules

/** The policy that holds until the operator publishes one. */
export const CREDIT_POLICY = openCreditPolicy(policyFile)

/** Its file, as it is compared with what is published under its version. */
export const CREDIT_POLICY_TEXT = canonicalJson(policyFile)

/** The same rules at all times: one policy, one model and no challenger. */
export function fixedRules(policy: CreditPolicy, model: ScoreModel | null = SCORE_MODEL): RulesAt {
  const rules: DecisionRules = { variant: 'CHAMPION', policy, model, shadow: null, stopped: new Set() }
  return () => rules
}

/** Rules to be tried on the past; `policy` is null for those that were in force, with another model. */
export type TestedRules = { readonly policy: CreditPolicy | null; readonly model: ScoreModel }

/** The rules that decided, with the tested ones in the shadow for everybody. */
export function withTested(rulesAt: RulesAt, { policy, model }: TestedRules): RulesAt {
  return (timeMs, consumerId) => {
    const rules = rulesAt(timeMs, consumerId)
    return { ...rules, shadow: { variant: 'CHALLENGER', policy: policy ?? rules.policy, model } }
  }
}

/** Reads the files of a book of rules; each text once, however often the book changes. */
export class RuleFiles {
  readonly #policies = new Map<string, CreditPolicy>()
  readonly #models = new Map<string, ScoreModel>()

  policy(text: string): CreditPolicy {
    const known = this.#policies.get(text) ?? openCreditPolicy(JSON.parse(text))
    this.#policies.set(text, known)
    return known
  }

  model(text: string): ScoreModel {
    const known = this.#models.get(text) ?? openScoreModel(JSON.parse(text))
    this.#models.set(text, known)
    return known
  }
}

/**
 * The rules of a book. Of the policies that hold from some time on, the one with the latest such time counts; of two
 * with the same, the one published later. Before all of them, the policy that the platform comes with holds.
 */
export function rulesOf(book: CreditRules, files: RuleFiles): RulesAt {
  const inForce = book.policies
    .flatMap(({ effectiveFrom, file }) => (effectiveFrom === null || file === null ? [] : [{ effectiveFrom, file }]))
    .sort((left, right) => left.effectiveFrom - right.effectiveFrom)
  const parts = new PartsByVersion(book, files)
  return (timeMs, consumerId) => {
    const published = inForce.findLast(({ effectiveFrom }) => effectiveFrom <= timeMs)
    return parts.rulesBy(published === undefined ? CREDIT_POLICY : files.policy(published.file), consumerId)
  }
}

/** True of a consumer in the share of a challenger. The same for ever, as long as its name and share are the same. */
export function isInShare({ name, sharePercent }: { name: string; sharePercent: number }, consumerId: string): boolean {
  return drawOf(name, consumerId) < sharePercent
}

/** The newest policy of a version in a book; undefined where there is none. */
export function policyOfVersion({ policies }: CreditRules, version: string): PublishedPolicy | undefined {
  return policies.findLast((one) => one.version === version)
}

/** Where a consumer stands by the name of an experiment, from 0 to 100: several parts of a decision ask for it. */
const drawOf = rememberLast((name: string, consumerId: string): number => {
  return (Number.parseInt(sha256(`${name}\n${consumerId}`).slice(0, 8), 16) / 2 ** 32) * 100
})

class PartsByVersion {
  readonly #book: CreditRules
  readonly #files: RuleFiles
  readonly #stopped: ReadonlySet<string>
  /** The rules of those whom no challenger is tried on. */
  readonly #champions = new Map<CreditPolicy, DecisionRules>()

  constructor(book: CreditRules, files: RuleFiles) {
    this.#book = book
    this.#files = files
    this.#stopped = new Set(book.stoppedMerchants)
  }

  rulesBy(policy: CreditPolicy, consumerId: string): DecisionRules {
    const champion = this.#champion(policy)
    const challenger = this.#challenger(policy, consumerId)
    if (challenger === null) return champion
    const decides = policy.scoring.challenger?.mode === 'DECIDES'
    return decides ? { ...champion, ...challenger, shadow: champion } : { ...champion, shadow: challenger }
  }

  #champion(policy: CreditPolicy): DecisionRules {
    const known = this.#champions.get(policy)
    if (known !== undefined) return known
    const model = this.#model(policy.scoring.model)
    const champion: DecisionRules = { variant: 'CHAMPION', policy, model, shadow: null, stopped: this.#stopped }
    this.#champions.set(policy, champion)
    return champion
  }

  /** Who is tried on this consumer; nobody where a part of it is not there, for the champion can always decide. */
  #challenger(champion: CreditPolicy, consumerId: string): RuleSet | null {
    const { challenger } = champion.scoring
    if (challenger === null || !isInShare(challenger, consumerId)) return null
    const policy = challenger.policy === null ? champion : this.#policy(challenger.policy)
    const model = policy === null ? null : this.#model(challenger.model ?? policy.scoring.model)
    return policy === null || model === null ? null : { variant: 'CHALLENGER', policy, model }
  }

  #policy(version: string): CreditPolicy | null {
    const found = policyOfVersion(this.#book, version)
    if (found !== undefined && found.file !== null) return this.#files.policy(found.file)
    return version === CREDIT_POLICY.version ? CREDIT_POLICY : null
  }

  #model(version: string): ScoreModel | null {
    const found = this.#book.models.findLast((one) => one.version === version)
    if (found !== undefined) return this.#files.model(found.file)
    return version === SCORE_MODEL.version ? SCORE_MODEL : null
  }
}
