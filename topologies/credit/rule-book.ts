/**
 * The book of rules: which credit policies and score models were published, and from when each policy holds.
 *
 * Invariants: a version means one content for ever, because decisions name it; no policy holds from a time that is
 * past, because decisions of that time are made; a policy in the book has the parts that it names.
 */
import { canonicalJson } from '#domain/canonical-json.ts'
import { sha256 } from '#domain/ids.ts'
import {
  CREDIT_RULES_KEY,
  type CreditPolicyPublished,
  type CreditRuleCommand,
  type CreditRuleEvent,
  type CreditRules,
  type CreditRulesRefused,
  childMeta,
  type PublishCreditPolicy,
  type PublishedPolicy,
  type PublishedRule,
  type PublishScoreModel,
  type ScoreModelPublished,
} from '#schemas'
import type { Decider } from '#streams'
import { type CreditPolicy, CreditPolicyError, openCreditPolicy } from './credit-policy.ts'
import { CREDIT_POLICY, CREDIT_POLICY_TEXT, policyOfVersion } from './decision-rules.ts'
import type { PolicyProblem } from './policy-coherence.ts'
import { exampleProblems } from './policy-examples.ts'
import { openScoreModel, ScoreModelError } from './score-model.ts'
import { SCORE_MODEL } from './scorecard.ts'
import { SOURCE } from './source.ts'

/** Models at most: the book is one value of a store, and is loaded as a whole. */
const MODELS_MAX = 50
/** A policy that was followed by another one so long ago decides nothing any more, however late a command comes. */
const LATE_MS = 7 * 86_400_000

/** The book before anything is published. */
export const EMPTY_BOOK: CreditRules = { policies: [], models: [], stoppedMerchants: [] }

/** Answers the operator's commands about the rules. */
export const ruleBook: Decider<CreditRules, CreditRuleCommand, CreditRuleEvent> = {
  initial: () => EMPTY_BOOK,
  keyOf: () => CREDIT_RULES_KEY,
  decide: (book, command) => {
    return [command.type === 'PublishCreditPolicy' ? publishPolicy(book, command) : publishModel(book, command)]
  },
  evolve: bookAfter,
}

/**
 * The book after what was heard. The files of policies that can decide nothing any more are left out; the log has them.
 */
export function bookAfter(book: CreditRules, event: CreditRuleEvent | PublishedRule): CreditRules {
  switch (event.type) {
    case 'CreditPolicyPublished': {
      const { version, effectiveFrom, file, fileHash, meta } = event
      // Told again, after a reset, it is the same publication: the last word on this version and time.
      const others = book.policies.filter((one) => one.version !== version || one.effectiveFrom !== effectiveFrom)
      const policies = [...others, { version, effectiveFrom, file, fileHash }]
      return { ...book, policies: withoutOldFiles(policies, meta.occurredAt - LATE_MS) }
    }
    case 'ScoreModelPublished': {
      const { version, file } = event
      return { ...book, models: [...book.models.filter((one) => one.version !== version), { version, file }] }
    }
    case 'MerchantStatusChanged': {
      const others = book.stoppedMerchants.filter((merchantId) => merchantId !== event.merchantId)
      return { ...book, stoppedMerchants: event.status === 'ACTIVE' ? others : [...others, event.merchantId] }
    }
    case 'CreditRulesRefused':
      return book
  }
}

/** What holds at a time stays, and what comes after it, and who is tried; the others keep their hash. */
function withoutOldFiles(policies: readonly PublishedPolicy[], sinceMs: number): readonly PublishedPolicy[] {
  const holding = Math.max(...policies.map(({ effectiveFrom }) => effectiveFrom ?? -1).filter((at) => at <= sinceMs))
  return policies.map((one) =>
    one.effectiveFrom !== null && one.effectiveFrom < holding ? { ...one, file: null } : one,
  )
}

function publishPolicy(book: CreditRules, command: PublishCreditPolicy): CreditPolicyPublished | CreditRulesRefused {
  const { effectiveFrom } = command
  const opened = policyIn(command.file)
  if ('problems' in opened) {
    const detail = 'The policy cannot be used. Mend what is listed, and publish it again.'
    return refused(command, 'CREDIT_POLICY_INVALID', detail, opened.problems)
  }
  const { policy, file } = opened
  if (effectiveFrom !== null && effectiveFrom < command.meta.occurredAt) {
    const detail = `Business time is past ${iso(effectiveFrom)}, and what was decided stays. Take a later time.`
    return refused(command, 'POLICY_EFFECTIVE_IN_PAST', detail)
  }
  const fileHash = sha256(file)
  const known = policyOfVersion(book, policy.version)?.fileHash ?? builtInHash(policy.version)
  if (known !== undefined && known !== fileHash) {
    const detail = `There is a policy ${policy.version} with another content. Give this one a new version.`
    return refused(command, 'POLICY_VERSION_TAKEN', detail)
  }
  const missing = missingParts(book, policy)
  if (missing.length > 0) {
    const detail = 'The policy names what was never published. Publish that first.'
    return refused(command, 'POLICY_PART_UNKNOWN', detail, missing)
  }
  const { version, scoring } = policy
  const meta = childMeta(SOURCE, command, 'CreditPolicyPublished')
  return {
    ...{ type: 'CreditPolicyPublished', meta },
    ...{ version, effectiveFrom, modelVersion: scoring.model, file, fileHash },
  }
}

function publishModel(book: CreditRules, command: PublishScoreModel): ScoreModelPublished | CreditRulesRefused {
  try {
    const json: unknown = JSON.parse(command.file)
    const { version } = openScoreModel(json)
    const file = canonicalJson(json)
    const known = book.models.findLast((one) => one.version === version)
    if (version === SCORE_MODEL.version || (known !== undefined && known.file !== file)) {
      const detail = `There is a model ${version} already. Give this one a new version.`
      return refused(command, 'MODEL_VERSION_TAKEN', detail)
    }
    if (known === undefined && book.models.length >= MODELS_MAX) {
      return refused(
        command,
        'MODELS_TOO_MANY',
        `There are ${MODELS_MAX} models already, which is as many as it takes.`,
      )
    }
    const meta = childMeta(SOURCE, command, 'ScoreModelPublished')
    return { type: 'ScoreModelPublished', meta, version, file, fileHash: sha256(file) }
  } catch (error) {
    if (error instanceof ScoreModelError) return refused(command, error.code, error.message)
    if (error instanceof SyntaxError) return refused(command, 'SCORE_MODEL_INVALID', `The file is no JSON.`)
    throw error
  }
}

/** The policy of a file with the text that is kept, or what is wrong with it. */
function policyIn(text: string): { policy: CreditPolicy; file: string } | { problems: readonly PolicyProblem[] } {
  try {
    const json: unknown = JSON.parse(text)
    const policy = openCreditPolicy(json)
    const problems = exampleProblems(policy)
    return problems.length > 0 ? { problems } : { policy, file: canonicalJson(json) }
  } catch (error) {
    if (error instanceof CreditPolicyError) return { problems: error.problems }
    if (error instanceof SyntaxError) return { problems: [{ code: 'POLICY_FORM', text: 'the file is no JSON' }] }
    throw error
  }
}

/** The hash of the policy that the platform comes with. */
function builtInHash(version: string): string | undefined {
  return version === CREDIT_POLICY.version ? sha256(CREDIT_POLICY_TEXT) : undefined
}

function missingParts(book: CreditRules, { version, scoring }: CreditPolicy): readonly PolicyProblem[] {
  const { model, challenger } = scoring
  const isModel = (name: string) => name === SCORE_MODEL.version || book.models.some((one) => one.version === name)
  const isPolicy = (name: string) =>
    name === version || name === CREDIT_POLICY.version || policyOfVersion(book, name) !== undefined
  const models = [model, ...(challenger?.model === null || challenger === null ? [] : [challenger.model])]
  const unknown = models.filter((name) => !isModel(name))
  const policies = challenger === null || challenger.policy === null ? [] : [challenger.policy]
  return [
    ...unknown.map((name) => ({ code: 'POLICY_MODEL_UNKNOWN' as const, text: `there is no score model ${name}` })),
    ...policies
      .filter((name) => !isPolicy(name))
      .map((name) => ({ code: 'POLICY_CHALLENGER_UNKNOWN' as const, text: `there is no policy ${name}` })),
  ]
}

function refused(
  command: CreditRuleCommand,
  code: string,
  detail: string,
  problems: readonly PolicyProblem[] = [],
): CreditRulesRefused {
  const meta = childMeta(SOURCE, command, 'CreditRulesRefused')
  return { type: 'CreditRulesRefused', meta, command: command.type, code, detail, problems: [...problems] }
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
