/**
 * The file of a settlement: its lines, and below them what was carried in, carried on and paid. All amounts of a file
 * sum to 0, so that whoever books it sees at once that nothing is missing.
 */
import type { z } from '@hono/zod-openapi'
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { SettlementLineView, SettlementView } from './views.ts'

type Settlement = z.infer<typeof SettlementView>
type Line = z.infer<typeof SettlementLineView>

/** A row of the file. The amount is signed: what is on the merchant's side is above 0, what leaves it is below. */
export type SettlementRow = {
  readonly lineId: string
  readonly kind: string
  readonly amountMinor: number
  readonly purchaseId: string | null
  readonly captureId: string | null
  readonly refundId: string | null
  readonly disputeId: string | null
  readonly note: string | null
}

const NAMELESS = { purchaseId: null, captureId: null, refundId: null, disputeId: null, note: null }

/** The rows of a settlement, in the order of its lines; they sum to 0. */
export function settlementRows(settlement: Settlement, lines: readonly Line[]): readonly SettlementRow[] {
  const { settlementId, payoutMinor, carriedMinor } = settlement
  const netMinor = sumMinor(lines.map(({ amountMinor }) => amountMinor))
  const carriedInMinor = sumMinor([carriedMinor, payoutMinor, -netMinor])
  const closing = (kind: string, amountMinor: number): SettlementRow[] =>
    amountMinor === 0 ? [] : [{ lineId: `${settlementId}-${kind}`, kind, amountMinor, ...NAMELESS }]
  return [
    ...lines.map(({ settleOn: _, currency: __, ...line }) => line),
    ...closing('CARRIED_IN', carriedInMinor),
    ...closing('CARRIED_ON', -carriedMinor),
    ...closing('PAYOUT', -payoutMinor),
  ]
}

const COLUMNS = ['settlement_id', 'settled_on', 'currency', 'line_id', 'kind', 'amount'] as const
const NAMES = ['purchase_id', 'capture_id', 'refund_id', 'dispute_id', 'note'] as const

/** The file as CSV (RFC 4180), amounts in major units with a point. */
export function settlementCsv(settlement: Settlement, lines: readonly Line[]): string {
  const { settlementId, settledOn, currency } = settlement
  const rows = settlementRows(settlement, lines).map((row) => [
    ...[settlementId, settledOn, currency, row.lineId, row.kind, formatMinor(row.amountMinor, currency)],
    ...[row.purchaseId, row.captureId, row.refundId, row.disputeId, row.note].map((cell) => cell ?? ''),
  ])
  return [[...COLUMNS, ...NAMES], ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

/** A text that begins like a formula gets an apostrophe: spreadsheets would run it. Amounts are numbers. */
function quoted(cell: string): string {
  const harmless = /^[=+@\t\r-]/.test(cell) && !/^-?\d+(?:\.\d+)?$/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
