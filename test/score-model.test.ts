/** The score model on the data it was made from: the same scores in both languages, and reasons that add up. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { readCreditApplications } from '#connectors/bureau/credit-applications.ts'
import type { CreditAttributes, PurchaseDeclined } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { credit } from '#topologies/credit/credit.ts'
import { SCORE_MODEL, scoreReport } from '#topologies/credit/scorecard.ts'

const applications = readCreditApplications()
const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'fourfold-model-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** What the credit topology answers to a purchase of somebody with these attributes. */
function decisionOf(attributes: CreditAttributes) {
  const consumerId = 'con_1'
  const asked = given(credit, consumerId)
    .after(sampleRecord('ConsumerRegistered', { consumerId, country: 'US' }))
    .when(sampleRecord('KycStatusChanged', { consumerId, status: 'APPROVED' }))
  const question = asked.events.find((event) => event.type === 'BureauReportRequested')
  const report = sampleRecord('BureauReported', {
    ...{ consumerId, requestId: question?.requestId ?? '', outcome: 'FOUND', attributes },
  })
  const request = sampleRecord('RequestPurchase', { consumerId, amountMinor: 1_000, currency: 'USD' })
  return given(credit, consumerId)
    .after(sampleRecord('ConsumerRegistered', { consumerId, country: 'US' }))
    .after(sampleRecord('KycStatusChanged', { consumerId, status: 'APPROVED' }))
    .after(report)
    .when(request).events[0]
}

/** The refusals among the real applications. */
function refusals(): readonly { readonly attributes: CreditAttributes; readonly declined: PurchaseDeclined }[] {
  return applications.flatMap(({ attributes }) => {
    const decision = decisionOf(attributes)
    return decision?.type === 'PurchaseDeclined' ? [{ attributes, declined: decision }] : []
  })
}

describe('the applications of the data', () => {
  test('are all there, with nothing that a lender may not know', () => {
    expect(applications).toHaveLength(1_000)
    expect(applications.filter(({ good }) => good)).toHaveLength(700)
    const names = new Set(applications.flatMap(({ attributes }) => Object.keys(attributes)))
    expect([...names].sort()).toEqual(SCORE_MODEL.characteristics.map(({ attribute }) => attribute).sort())
    expect([...names].filter((name) => /sex|status|age$|foreign|marital|dependant|housing|job/i.test(name))).toEqual([])
  })

  test('each have a bin in every characteristic', () => {
    for (const { attributes } of applications) {
      const values: Readonly<Record<string, string | number | null>> = attributes
      for (const { attribute, labels, numbers } of SCORE_MODEL.characteristics) {
        expect(labels.has(String(values[attribute])) || numbers.length > 0).toBe(true)
      }
    }
  })
})

describe('a refusal by the score', () => {
  const refused = refusals()

  test('befalls more than 200 of them', () => {
    expect(refused.length).toBeGreaterThanOrEqual(200)
  })

  test('names first what lowered the score most, and without it the score is higher by just that', () => {
    for (const { attributes, declined } of refused) {
      const [top] = declined.factors
      expect(top?.points).toBeLessThan(0)
      expect(declined.reasons[0]?.code).toBe(top?.code)
      const without = { ...attributes, [top?.attribute ?? '']: null }
      const rescored = sampleRecord('BureauReported', { attributes: without })
      const facts = { ...rescored, reportedAt: 0, outcome: 'FOUND' as const }
      expect(scoreReport(facts).score).toBe((declined.score ?? 0) - (top?.points ?? 0))
    }
  })

  test('has at most four reasons, ranked, each of which lowered the score', () => {
    for (const { declined } of refused) {
      const lowering = declined.factors.filter(({ points }) => points < 0)
      expect(lowering).toEqual(lowering.toSorted((left, right) => left.points - right.points))
      expect(declined.reasons.map(({ code }) => code)).toEqual(lowering.slice(0, 4).map(({ code }) => code))
    }
  })

  test('carries all that its score is made of', () => {
    for (const { declined } of refused) {
      expect(declined.modelVersion).toBe('m1')
      expect(declined.score).toBe(declined.factors.reduce((sum, one) => sum + one.points, declined.scoreBase ?? 0))
    }
  })
})

describe('npm run model:check', () => {
  const project = (path: string) => new URL(`../${path}`, import.meta.url)
  const check = (...options: readonly string[]) =>
    run(process.execPath, [fileURLToPath(project('tools/model-check.ts')), '--json', ...options]).then(
      ({ stdout }) => ({ code: 0, last: stdout.trim().split('\n').at(-1) ?? '', stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        last: error.stdout.trim().split('\n').at(-1) ?? '',
        stderr: error.stderr,
      }),
    )
  const written = (text: string) => {
    const path = join(directory, `${files++}`)
    writeFileSync(path, text)
    return path
  }
  let files = 0
  const scores = readFileSync(project('tools/score-model/scores-m1.csv'), 'utf8')
  const model = readFileSync(project('topologies/credit/scorecard-m1.json'), 'utf8')

  test('finds the scores of the script on all rows, and a model that keeps its promise', async () => {
    const { code, last } = await check()
    const figures = JSON.parse(last) as { auc: number; ks: number; crossValidation: { auc: number } }
    expect(code).toBe(0)
    expect(figures).toMatchObject({ rows: 1_000, mismatches: 0 })
    expect(figures.crossValidation.auc).toBeGreaterThanOrEqual(0.78)
    expect(figures.auc).toBeGreaterThan(figures.crossValidation.auc)
    expect(figures.ks).toBeGreaterThan(0.4)
  })

  test('exits 1 and counts a score that differs', async () => {
    const other = written(scores.replace(/^(m1,17,)(\d+)$/m, (_, head, score) => head + (+score + 1)))
    const { code, last } = await check('--scores', other)
    expect([code, JSON.parse(last)]).toMatchObject([1, { rows: 1_000, mismatches: 1 }])
  })

  test.each([
    ['another version', model.replace('"version": "m1"', '"version": "m2"'), 'the stored scores are of m1'],
    ['another format', model.replace('"format": 1', '"format": 2'), 'SCORE_MODEL_FORMAT_UNKNOWN'],
    ['other data', model.replace('"dataSha256": "', '"dataSha256": "0'), 'data/german-credit.csv changed'],
    ['another script', model.replace('"scriptSha256": "', '"scriptSha256": "0'), 'the training script changed'],
  ])('refuses a model of %s', async (_what, text, message) => {
    const { code, stderr } = await check('--model', written(text))
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
