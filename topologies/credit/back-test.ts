/**
 * What other rules would have decided on the purchases of the past. Each decision is looked at on its own, with what
 * its consumer held and owed at that time in truth, and with the limit that the tested rules give for the report: how
 * somebody would have paid whose purchase was refused, nobody knows, so nothing is made up.
 */
import type { PurchaseApproved, PurchaseDeclined, ShadowDecision } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import { EXPECTED_LOSS_FORMULA, expectedLossMinor } from './default-probability.ts'
import { bandOf } from './limits.ts'
import type { ScoreModel } from './score-model.ts'

/** Figures over some decisions of one currency, amounts in minor units. */
export type BackTestFigures = {
  readonly decisions: number
  readonly approvedBefore: number
  readonly approvedTested: number
  readonly gained: number
  readonly lost: number
  readonly approvedBeforeMinor: number
  readonly approvedTestedMinor: number
  readonly gainedMinor: number
  readonly lostMinor: number
  readonly expectedLossBeforeMinor: number
  readonly expectedLossTestedMinor: number
}

/** A row of a report: what it is about, and its figures. */
export type BackTestRow<Of> = Of & { readonly currency: string } & BackTestFigures

/** What a back-test came to. The same log, policy and model give the same report, byte by byte. */
export type BackTestReport = {
  readonly tested: { readonly policy: string; readonly model: string }
  /** The versions that decided. */
  readonly before: { readonly policies: readonly string[]; readonly models: readonly string[] }
  readonly formula: string
  readonly byCurrency: readonly BackTestRow<object>[]
  readonly byBand: readonly BackTestRow<{ readonly band: string }>[]
  readonly byMerchant: readonly BackTestRow<{ readonly merchantId: string; readonly merchantName: string }>[]
}

type Decision = PurchaseApproved | PurchaseDeclined
type Figures = { -readonly [K in keyof BackTestFigures]: number }

/** The band of who has no score by the tested rules. */
const NO_SCORE = '(no score)'

/** Adds decisions up, each of which carries what the tested rules say as its shadow. */
export class BackTest {
  readonly #policy: CreditPolicy | null
  readonly #model: ScoreModel
  readonly #policies = new Set<string>()
  readonly #models = new Set<string>()
  readonly #byCurrency = new Map<string, Figures>()
  readonly #byBand = new Map<string, Figures>()
  readonly #byMerchant = new Map<string, Figures>()
  readonly #names = new Map<string, string>()
  readonly #policyOf: (version: string) => CreditPolicy
  /** The lowest score of each band that was met. */
  readonly #bands = new Map<string, number>()

  /**
   * `policy`: null where each decision is tested by the policy that was in force, with another model; `policyOf` knows
   * those.
   */
  constructor(policy: CreditPolicy | null, model: ScoreModel, policyOf: (version: string) => CreditPolicy) {
    this.#policy = policy
    this.#model = model
    this.#policyOf = policyOf
  }

  take(decision: Decision): void {
    const { shadow, currency, merchantId, merchantName, policyVersion, modelVersion } = decision
    if (shadow === null) return
    this.#policies.add(policyVersion)
    this.#models.add(modelVersion)
    this.#names.set(merchantId, merchantName)
    const band = this.#bandOf(shadow)
    const figures = [
      figuresOf(this.#byCurrency, [currency]),
      figuresOf(this.#byBand, [band, currency]),
      figuresOf(this.#byMerchant, [merchantId, currency]),
    ]
    for (const one of figures) this.#add(one, decision, shadow)
  }

  report(): BackTestReport {
    const rank = (band: string) => this.#bands.get(band) ?? -1
    return {
      tested: { policy: this.#policy?.version ?? '(as in force)', model: this.#model.version },
      before: { policies: [...this.#policies].sort(), models: [...this.#models].sort() },
      formula: EXPECTED_LOSS_FORMULA,
      byCurrency: rowsOf(this.#byCurrency, () => ({})),
      byBand: rowsOf(this.#byBand, (band) => ({ band })).sort((a, b) => rank(a.band) - rank(b.band)),
      byMerchant: rowsOf(this.#byMerchant, (id) => ({ merchantId: id, merchantName: this.#names.get(id) ?? id })),
    }
  }

  #bandOf({ score, policyVersion }: ShadowDecision): string {
    if (score === null) return NO_SCORE
    const policy = this.#policy ?? this.#policyOf(policyVersion)
    const name = bandOf(policy, score)
    const scoreMin = policy.bands.find((band) => band.name === name)?.scoreMin ?? 0
    this.#bands.set(name, Math.min(scoreMin, this.#bands.get(name) ?? scoreMin))
    return name
  }

  #add(figures: Figures, decision: Decision, shadow: { approved: boolean; score: number | null }): void {
    const { amountMinor } = decision
    const before = decision.type === 'PurchaseApproved'
    const after = shadow.approved
    // One yardstick for both: the tested model's, or the score that decided where that one has none.
    const score = shadow.score ?? decision.score
    const loss = score === null ? 0 : expectedLossMinor(this.#model.scale, score, amountMinor)
    figures.decisions += 1
    if (before) {
      figures.approvedBefore += 1
      figures.approvedBeforeMinor += amountMinor
      figures.expectedLossBeforeMinor += loss
    }
    if (after) {
      figures.approvedTested += 1
      figures.approvedTestedMinor += amountMinor
      figures.expectedLossTestedMinor += loss
    }
    if (before === after) return
    figures[after ? 'gained' : 'lost'] += 1
    figures[after ? 'gainedMinor' : 'lostMinor'] += amountMinor
  }
}

const NOTHING: BackTestFigures = {
  ...{ decisions: 0, approvedBefore: 0, approvedTested: 0, gained: 0, lost: 0 },
  ...{ approvedBeforeMinor: 0, approvedTestedMinor: 0, gainedMinor: 0, lostMinor: 0 },
  ...{ expectedLossBeforeMinor: 0, expectedLossTestedMinor: 0 },
}

function figuresOf(table: Map<string, Figures>, parts: readonly string[]): Figures {
  const key = parts.join('\n')
  const figures = table.get(key) ?? { ...NOTHING }
  table.set(key, figures)
  return figures
}

function rowsOf<Of>(table: ReadonlyMap<string, Figures>, of: (name: string) => Of): BackTestRow<Of>[] {
  return [...table.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, figures]) => {
      const [name = '', currency = name] = key.split('\n')
      return { ...of(name), currency, ...figures }
    })
}
