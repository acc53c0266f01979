/**
 * `npm run model:check`: the score model in TypeScript says what the training script says, on every row of the data,
 * and both were made from the data and the script as they stand here. Exits 1 where anything differs. `--json` ends
 * with one line of JSON: `auc` and `ks` over all rows (on which the model was made, so they flatter it), `rows`,
 * `mismatches`, and `crossValidation`: the honest figures, as the script measured them. `--model FILE` and
 * `--scores FILE` check others.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ScoreModelError } from '#topologies/credit/score-model.ts'
import { checkModel } from './model-check/check-model.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, model: { type: 'string' }, scores: { type: 'string' } },
})
const inProject = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

try {
  const { problems, ...figures } = checkModel(
    values.model ?? inProject('topologies/credit/scorecard-m1.json'),
    values.scores ?? inProject('tools/score-model/scores-m1.csv'),
  )
  const { model, rows, mismatches, auc, ks, crossValidation } = figures
  console.log(`${model}: ${rows} rows, ${mismatches} scored otherwise than by the script`)
  console.log(`  on the rows it was made from: AUC ${auc.toFixed(4)}, KS ${ks.toFixed(4)}`)
  console.log(`  by cross-validation: AUC ${crossValidation['auc']} ± ${crossValidation['aucDeviation']}`)
  for (const problem of problems) console.error(`  ${problem}`)
  if (values.json) console.log(JSON.stringify(figures))
  if (mismatches > 0 || problems.length > 0) process.exitCode = 1
} catch (error) {
  if (!(error instanceof ScoreModelError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
