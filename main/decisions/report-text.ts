import type { BackTestFigures, BackTestReport } from '#topologies/credit/back-test.ts'
import type { Difference, ReplayVerdict } from './replay-credit.ts'

/** Differences that are shown; the rest is counted. */
const SHOWN = 10

/** What a replay with the same versions came to, in words. */
export function verdictText({ records, decisions, differences, unprocessed }: ReplayVerdict): string {
  const read = `${records.toLocaleString('en-US')} events, ${decisions.toLocaleString('en-US')} decisions among them`
  const rest = unprocessed > 0 ? [`${unprocessed} inputs were not processed yet, and are left out.`] : []
  if (differences.length === 0) return [`${read}: byte-identical.`, ...rest].join('\n')
  const shown = differences.slice(0, SHOWN).map(differenceText)
  const more = differences.length > SHOWN ? [`… and ${differences.length - SHOWN} more.`] : []
  return [`${read}: ${differences.length} DIFFER.`, ...shown, ...more, ...rest].join('\n')
}

function differenceText({ partition, position, logged, replayed }: Difference): string {
  const place = `partition ${partition}, event ${position}`
  if (logged === null) return `  ${place}: the log lacks ${JSON.stringify(replayed)}`
  if ('unreadable' in logged) {
    return `  ${place}: cannot be read (${logged.unreadable}); comes out as ${JSON.stringify(replayed)}`
  }
  if (replayed === null) return `  ${place}: does not come out again: ${JSON.stringify(logged)}`
  const [before, after] = [logged, replayed] as unknown as Record<string, unknown>[]
  const fields = Object.keys(before ?? {}).filter(
    (field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]),
  )
  return `  ${place}: ${logged.type} ${logged.meta.id} differs in ${fields.join(', ') || 'its bytes'}`
}

/** A back-test as tables. */
export function reportText(report: BackTestReport): string {
  const { tested, before, formula } = report
  return [
    `Tested: policy ${tested.policy}, model ${tested.model}. Decided by: policy ${before.policies.join(', ')}, model ` +
      `${before.models.join(', ')}.`,
    '',
    ...tableOf('currency', report.byCurrency, () => 'all'),
    '',
    ...tableOf('band', report.byBand, ({ band }) => band),
    '',
    ...tableOf('merchant', report.byMerchant, ({ merchantName }) => merchantName),
    '',
    `Each decision on its own, with what its consumer held and owed then. Amounts in minor units.\n${formula}.`,
  ].join('\n')
}

const COLUMNS = [
  ['decided', 'decisions'],
  ['approved', 'approvedBefore'],
  ['tested', 'approvedTested'],
  ['gained', 'gained'],
  ['lost', 'lost'],
  ['gained amount', 'gainedMinor'],
  ['lost amount', 'lostMinor'],
  ['exp. loss', 'expectedLossBeforeMinor'],
  ['tested', 'expectedLossTestedMinor'],
] as const satisfies readonly (readonly [string, keyof BackTestFigures])[]

function tableOf<R extends BackTestFigures & { readonly currency: string }>(
  title: string,
  rows: readonly R[],
  nameOf: (row: R) => string,
): string[] {
  const line = (name: string, currency: string, cells: readonly string[]) =>
    `${name.padEnd(20).slice(0, 20)} ${currency.padEnd(4)}${cells.map((cell) => cell.padStart(14)).join('')}`
  const head = line(
    title,
    '',
    COLUMNS.map(([text]) => text),
  )
  const cellsOf = (row: R) => COLUMNS.map(([, field]) => row[field].toLocaleString('en-US'))
  return [head, ...rows.map((row) => line(nameOf(row), row.currency, cellsOf(row)))]
}
