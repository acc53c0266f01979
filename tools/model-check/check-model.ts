import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readCreditApplications } from '#connectors/bureau/credit-applications.ts'
import { scoreAttributes } from '#topologies/credit/score-attributes.ts'
import { openScoreModel } from '#topologies/credit/score-model.ts'
import { type Discrimination, discrimination } from './discrimination.ts'

/** What the check found: `rows` scored, `mismatches` of them not as the script stored them; other problems in words. */
export type ModelCheck = Discrimination & {
  readonly model: string
  readonly rows: number
  readonly mismatches: number
  readonly problems: readonly string[]
  /** As the script measured it, on rows that it had not made the model from. */
  readonly crossValidation: Readonly<Record<string, number>>
}

/** What a model file says beside the scorecard. */
type ModelFile = {
  readonly trainedOn: {
    readonly data: string
    readonly dataSha256: string
    readonly script: readonly string[]
    readonly scriptSha256: string
  }
  readonly crossValidation: Readonly<Record<string, number>>
}

type StoredScores = { readonly model: string; readonly scores: readonly number[] }

const ROOT = new URL('../../', import.meta.url)

/**
 * Scores every row of the data in TypeScript and compares it with what the training script stored.
 * @throws ScoreModelError for a model file that cannot be used
 */
export function checkModel(modelFile: string, scoresFile: string): ModelCheck {
  const file = JSON.parse(readFileSync(modelFile, 'utf8')) as ModelFile
  const model = openScoreModel(file)
  const stored = readScores(scoresFile)
  const applications = readCreditApplications()
  const scored = applications.map(({ attributes, good }) => {
    const score = scoreAttributes(model, attributes)?.score
    if (score === undefined) throw new Error(`The model ${model.version} gives a row of its own data no score`)
    return { score, good }
  })
  const mismatches = scored.filter(({ score }, row) => score !== stored.scores[row]).length
  return {
    model: model.version,
    rows: scored.length,
    mismatches,
    ...discrimination(scored),
    crossValidation: file.crossValidation,
    problems: [...originProblems(file), ...storedProblems(stored, model.version, scored.length)],
  }
}

/** Where the model is not what the data and the script as they are now would make. */
function originProblems({ trainedOn }: ModelFile): readonly string[] {
  const { data, dataSha256, script, scriptSha256 } = trainedOn
  const changed = (what: string) => `${what} changed after the model was made; run tools/score-model/train.py again`
  return [
    ...(sha256([data]) === dataSha256 ? [] : [changed(data)]),
    ...(sha256(script) === scriptSha256 ? [] : [changed('the training script')]),
  ]
}

function storedProblems(stored: StoredScores, version: string, rows: number): readonly string[] {
  return [
    ...(stored.model === version ? [] : [`the stored scores are of ${stored.model}, and the model is ${version}`]),
    ...(stored.scores.length === rows ? [] : [`${stored.scores.length} scores are stored for ${rows} rows`]),
  ]
}

function readScores(file: string): StoredScores {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const cells = lines.map((line) => line.split(','))
  return { model: cells[0]?.[0] ?? '', scores: cells.map(([, , score]) => Number(score)) }
}

function sha256(paths: readonly string[]): string {
  const whole = createHash('sha256')
  for (const path of paths) whole.update(readFileSync(new URL(path, ROOT)))
  return whole.digest('hex')
}
