import { isStreamsError, type Position, StreamsError } from '#streams'
import type { FeedBatch } from '../feed/feed-record.ts'
import type { SinkTarget } from '../feed/sink-runner.ts'
import { inSlices } from '../feed/slices.ts'
import type { Database, Statement } from './database.ts'
import { ChangeFold } from './fold-changes.ts'
import { migrate } from './migrate.ts'
import { moveStatements, POSITION_MOVED } from './move-positions.ts'
import { projections } from './projections/all.ts'
import { groupStatement, unreadableStatement } from './statements.ts'

/**
 * The read model as a target of events. How far it has come stands in `sink_positions` and moves in the transaction of
 * the rows: after a crash it goes on after the last row it has. A write must begin where the last one of its partitions
 * ended, so one that comes late (of a process that was taken for dead) changes nothing. Closing it leaves the database
 * open for its readers.
 */
export function postgresTarget(database: Database): SinkTarget {
  return {
    name: 'postgres',
    open: async () => {
      await migrate(database)
      return positionsOf(database)
    },
    positions: () => positionsOf(database),
    write: async ({ events, unreadable, from, positions }: FeedBatch) => {
      const fold = new ChangeFold(projections)
      for await (const slice of inSlices(events)) for (const record of slice) fold.add(record.event)
      const groups = fold.groups()
      const statements: Statement[] = []
      for await (const [group] of inSlices(groups, 1)) if (group !== undefined) statements.push(groupStatement(group))
      if (unreadable.length > 0) statements.push(unreadableStatement(unreadable))
      // Order matters: a write that comes too late is refused before it has touched a row, or locked one.
      await database.transaction([...moveStatements(from, positions), ...statements]).catch(asMoved)
      return groups.reduce((sum, group) => sum + group.rows.length, unreadable.length)
    },
    close: async () => {},
  }
}

async function positionsOf(database: Database): Promise<readonly Position[]> {
  const rows = await database.query('SELECT topic, partition, next_offset AS "offset" FROM sink_positions')
  return rows as readonly Position[]
}

function asMoved(error: unknown): never {
  if (!isStreamsError(error, 'DATABASE_FAILED') || !error.message.includes(POSITION_MOVED)) throw error
  throw new StreamsError(
    POSITION_MOVED,
    'Another process has written these records to PostgreSQL: this write begins before the end of its. Nothing was ' +
      'changed; the sink goes on from where the database is.',
    { cause: error },
  )
}
