import type { DecodedRecord, UnreadableRecord } from '../feed/feed-record.ts'
import { UNREADABLE } from './tables.ts'

/** Fields that many events have, whatever their type. */
type Common = {
  readonly consumerId?: string | null
  readonly merchantId?: string | null
  readonly purchaseId?: string | null
  readonly planId?: string | null
  readonly amountMinor?: number
  readonly currency?: string
}

/** The row of an event as a line of the TabSeparated format; columns as in `EVENT_COLUMNS`. */
export function eventLine({ topic, partition, offset, event }: DecodedRecord): string {
  const { consumerId, merchantId, purchaseId, planId, amountMinor, currency } = event as Common
  const { id, occurredAt, businessDate } = event.meta
  const at = new Date(occurredAt).toISOString().replace('T', ' ').slice(0, -1)
  const ids = [consumerId ?? '', merchantId ?? '', purchaseId ?? '', planId ?? ''].map(escaped).join('\t')
  return (
    `${topic}\t${partition}\t${offset}\t${event.type}\t${escaped(id)}\t${at}\t${businessDate}\t${ids}\t` +
    `${amountMinor ?? '\\N'}\t${escaped(currency ?? '')}\t${escaped(JSON.stringify(event))}`
  )
}

/** The row of a record nobody can read. */
export function unreadableLine({ topic, partition, offset, problem, bytes }: UnreadableRecord): string {
  const payload = JSON.stringify({ problem, bytesBase64: bytes.toString('base64') })
  const empty = ['', '', '', ''].join('\t')
  return (
    `${topic}\t${partition}\t${offset}\t${UNREADABLE}\t\t1970-01-01 00:00:00.000\t1970-01-01\t${empty}\t\\N\t\t` +
    escaped(payload)
  )
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }

/** TabSeparated writes these characters with a backslash. */
function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r\0]/g, (character) => ESCAPES[character] ?? character)
}
