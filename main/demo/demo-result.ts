import type { PlatformTotals } from '#api/reads.ts'
import { formatMinor } from '#domain/money.ts'
import type { ReconciliationLine } from '../reconciliation/reconcile.ts'

/** What a run of the demo came to. */
export type DemoResult = {
  readonly totals: PlatformTotals
  /** Purchases whose amount the API refused: values of 0.00. They never became a purchase, so no total has them. */
  readonly refused: number
  readonly decisionMs: { readonly p50: number | null; readonly p99: number | null }
  /** Records written to the log by this run, a second. */
  readonly eventsPerSecond: number
  readonly elapsedSeconds: number
  readonly reconciliation: readonly ReconciliationLine[]
}

const CURRENCY = 'USD'

/** The last line of `npm run demo -- --json`. */
export function demoJson(result: DemoResult): string {
  const { totals } = result
  const differences = result.reconciliation.filter((line) => !line.equal)
  return JSON.stringify({
    purchases: sent(result),
    approved: totals.approved,
    declined: totals.declinedByReason,
    refused: result.refused,
    volume: totals.volumeMinor,
    decisionMs: result.decisionMs,
    eventsPerSecond: Math.round(result.eventsPerSecond),
    reconciled: differences.length === 0,
    differences: differences.map(({ name, values }) => ({ name, values })),
  })
}

/** Every purchase of the file that was sent: approved, declined or refused. */
function sent({ totals, refused }: DemoResult): number {
  return totals.purchases + refused
}

/** The business of the run: the same numbers in every run on the same file. */
export function businessTable(result: DemoResult): string {
  const { totals, refused } = result
  const declined = Object.entries(totals.declinedByReason).sort(([a], [b]) => a.localeCompare(b))
  return table([
    ['purchases', count(sent(result))],
    ['  approved', count(totals.approved)],
    ...declined.map(([reason, number]): Row => [`  declined, ${reason}`, count(number)]),
    ['  refused by the API (a value of 0.00)', count(refused)],
    ['volume captured', amount(totals.volumeMinor)],
    ['instalments paid', count(totals.instalmentsPaid)],
    ['  of these late', count(totals.instalmentsPaidLate)],
    ['payments failed for good', count(totals.paymentsFailed)],
    ['late fees charged', amount(totals.feesMinor)],
    ['interest charged', amount(totals.interestMinor)],
    ['refunds', `${count(totals.refunds)}, ${amount(totals.refundedMinor)}`],
    ['payouts to merchants', `${count(totals.payouts)}, ${amount(totals.paidOutMinor)}`],
  ])
}

/** How fast it went on this machine, this time. */
export function speedTable(result: DemoResult): string {
  const { p50, p99 } = result.decisionMs
  return table([
    ['decision latency p50 / p99', `${ms(p50)} / ${ms(p99)}`],
    ['events per second', count(Math.round(result.eventsPerSecond))],
    ['elapsed', `${result.elapsedSeconds.toFixed(1)} s`],
  ])
}

type Row = readonly [name: string, value: string]

function table(rows: readonly Row[]): string {
  const nameWidth = Math.max(...rows.map(([name]) => name.length))
  const valueWidth = Math.max(...rows.map(([, value]) => value.length))
  return rows.map(([name, value]) => `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}`).join('\n')
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}

function amount(minor: number): string {
  return `${formatMinor(minor, CURRENCY)} ${CURRENCY}`
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(1)} ms`
}
