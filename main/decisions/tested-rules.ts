import { readFileSync } from 'node:fs'
import type { CreditRules } from '#schemas'
import { CreditPolicyError, openCreditPolicy } from '#topologies/credit/credit-policy.ts'
import type { TestedRules } from '#topologies/credit/decision-rules.ts'
import { openScoreModel, type ScoreModel, ScoreModelError } from '#topologies/credit/score-model.ts'
import { SCORE_MODEL } from '#topologies/credit/scorecard.ts'
import { StartError } from '../start-error.ts'

/** The files of a back-test; at least one is given. */
export type TestedFiles = { readonly policy: string | undefined; readonly model: string | undefined }

/**
 * Reads what is to be tested. A policy that names a model takes it from the file, else from the book of rules of the
 * log, else it is the platform's own.
 * @throws StartError FILE_UNREADABLE, CREDIT_POLICY_INVALID, SCORE_MODEL_INVALID, SCORE_MODEL_FORMAT_UNKNOWN,
 *   TESTED_MODEL_UNKNOWN, TESTED_MODEL_DIFFERS
 */
export function testedRules(files: TestedFiles, book: CreditRules): TestedRules {
  const policy = files.policy === undefined ? null : opened(files.policy, openCreditPolicy)
  const given = files.model === undefined ? null : opened(files.model, openScoreModel)
  const named = policy?.scoring.model
  if (named !== undefined && given !== null && given.version !== named) {
    const message = `The policy ${policy?.version} goes by the model ${named}, and ${files.model} is ${given.version}.`
    throw new StartError(
      'TESTED_MODEL_DIFFERS',
      `${message} Give the model that it names, or a policy that names this.`,
    )
  }
  const model = given ?? modelNamed(named ?? SCORE_MODEL.version, book)
  if (model !== null) return { policy, model }
  const message = `The policy ${policy?.version} goes by the model ${named}, which was never published here.`
  throw new StartError('TESTED_MODEL_UNKNOWN', `${message} Give its file with --model.`)
}

function modelNamed(version: string, book: CreditRules): ScoreModel | null {
  const published = book.models.findLast((one) => one.version === version)
  if (published !== undefined) return openScoreModel(JSON.parse(published.file))
  return version === SCORE_MODEL.version ? SCORE_MODEL : null
}

function opened<T>(file: string, open: (json: unknown) => T): T {
  try {
    return open(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof CreditPolicyError || error instanceof ScoreModelError) {
      throw new StartError(error.code, `${file}: ${error.message}`)
    }
    throw new StartError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`)
  }
}
