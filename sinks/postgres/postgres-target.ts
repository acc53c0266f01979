import type { Position } from '#streams'
import type { FeedBatch } from '../feed/feed-record.ts'
import type { SinkTarget } from '../feed/sink-runner.ts'
import { inSlices } from '../feed/slices.ts'
import type { Database, Statement } from './database.ts'
import { ChangeFold } from './fold-changes.ts'
import { migrate } from './migrate.ts'
import { projections } from './projections/all.ts'
import { groupStatement, positionsStatement, unreadableStatement } from './statements.ts'

/**
 * The read model as a target of events. How far it has come stands in `sink_positions` and moves in the transaction of
 * the rows: after a crash it goes on after the last row it has. Closing it leaves the database open for its readers.
 */
export function postgresTarget(database: Database): SinkTarget {
  return {
    name: 'postgres',
    open: async () => {
      await migrate(database)
      const rows = await database.query('SELECT topic, partition, next_offset AS "offset" FROM sink_positions')
      return rows as readonly Position[]
    },
    write: async ({ events, unreadable, positions }: FeedBatch) => {
      const fold = new ChangeFold(projections)
      for await (const slice of inSlices(events)) for (const record of slice) fold.add(record.event)
      const groups = fold.groups()
      const statements: Statement[] = []
      for await (const [group] of inSlices(groups, 1)) if (group !== undefined) statements.push(groupStatement(group))
      if (unreadable.length > 0) statements.push(unreadableStatement(unreadable))
      await database.transaction([...statements, positionsStatement(positions)])
      return groups.reduce((sum, group) => sum + group.rows.length, unreadable.length)
    },
    close: async () => {},
  }
}
