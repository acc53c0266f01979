import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from '#domain/ids.ts'
import { isStreamsError, type Position } from '#streams'
import type { FeedBatch } from '../feed/feed-record.ts'
import type { SinkTarget } from '../feed/sink-runner.ts'
import { inSlices } from '../feed/slices.ts'
import type { Analytics, InsertBlock } from './analytics.ts'
import { eventLine, unreadableLine } from './event-lines.ts'
import { DEFINITIONS, EVENT_COLUMNS, EVENTS } from './tables.ts'

/** Waits between the repeats of an insert whose outcome is unknown. */
const REPEAT_AFTER_MS = [100, 500, 2_000, 5_000]

/**
 * The table of events as a target. How far it has come is what it holds: the highest offset of each partition. A batch
 * is one block, so there is no half of one; and a repeat of a block carries the same token, which drops it. Closing it
 * leaves ClickHouse open for its readers.
 */
export function clickhouseTarget(analytics: Analytics): SinkTarget {
  return {
    name: 'clickhouse',
    open: async () => {
      for (const definition of DEFINITIONS) await analytics.command(definition)
      return positionsOf(analytics)
    },
    positions: () => positionsOf(analytics),
    write: async (batch) => {
      const lines = await linesOf(batch)
      if (lines.length === 0) return 0
      const block = { table: EVENTS, columns: EVENT_COLUMNS, lines: lines.join('\n'), token: tokenOf(batch) }
      await insertSurely(analytics, block)
      return lines.length
    },
    close: async () => {},
  }
}

async function positionsOf(analytics: Analytics): Promise<readonly Position[]> {
  const rows = await analytics.query(
    `SELECT topic, partition, max(log_offset) + 1 AS next FROM ${EVENTS} GROUP BY topic, partition`,
  )
  return rows.map(
    (row): Position => ({
      topic: String(row['topic']),
      partition: Number(row['partition']),
      offset: Number(row['next']),
    }),
  )
}

/**
 * Inserts a block, and the same one again while nobody knows what became of it: it may be written by a request whose
 * answer was lost, and only its own token tells that. Gives up after a while, with nothing under way any more.
 */
async function insertSurely(analytics: Analytics, block: InsertBlock): Promise<void> {
  for (const waitMs of REPEAT_AFTER_MS) {
    try {
      return await analytics.insert(block)
    } catch (error) {
      if (!isStreamsError(error, 'ANALYTICS_UNAVAILABLE')) throw error
      await sleep(waitMs)
    }
  }
  await analytics.insert(block)
}

async function linesOf({ events, unreadable }: FeedBatch): Promise<string[]> {
  const lines = unreadable.map(unreadableLine)
  for await (const slice of inSlices(events)) lines.push(...slice.map(eventLine))
  return lines
}

/** Says which records a block holds: topic, partition and offset range of each part. */
function tokenOf({ events, unreadable }: FeedBatch): string {
  const ranges = new Map<string, { first: number; last: number; count: number }>()
  for (const { topic, partition, offset } of [...events, ...unreadable]) {
    const key = `${topic}/${partition}`
    const { first, last, count } = ranges.get(key) ?? { first: offset, last: offset, count: 0 }
    ranges.set(key, { first: Math.min(first, offset), last: Math.max(last, offset), count: count + 1 })
  }
  const parts = [...ranges].map(([key, { first, last, count }]) => `${key}:${first}-${last}#${count}`)
  return sha256(parts.sort().join(' '))
}
