import { setTimeout as sleep } from 'node:timers/promises'
import type { Position } from '#streams'
import type { Database } from '../database.ts'
import { readOne } from './select.ts'

const POLL_MS = 25

/** How far a sink that runs in another process has come, as the database says. */
export type DatabasePositions = {
  /** The first offset of a partition that is not applied yet; 0 before the first one is. */
  applied(topic: string, partition: number): Promise<number>
  /** Waits until the record that stands at this position is applied: true, or false after `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>
}

/** For a reader beside its sink, `sink.applied` answers without asking the database. */
export function databasePositions(database: Database): DatabasePositions {
  const applied = async (topic: string, partition: number) => {
    const sql = 'SELECT next_offset AS "next" FROM sink_positions WHERE topic = $1 AND partition = $2'
    return (await readOne<{ next: number }>(database, sql, [topic, partition]))?.next ?? 0
  }
  return {
    applied,
    waitFor: async ({ topic, partition, offset }, timeoutMs) => {
      const until = performance.now() + timeoutMs
      while ((await applied(topic, partition)) <= offset) {
        if (performance.now() >= until) return false
        await sleep(POLL_MS)
      }
      return true
    },
  }
}
