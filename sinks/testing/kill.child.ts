/**
 * A process that copies events into a directory until it is killed: `node kill.child.ts postgres|clickhouse <directory>
 * <events>`. It prints `applied <n>` after each write, and `done` when nothing is left.
 */
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { openChdbAnalytics } from '../clickhouse/chdb-analytics.ts'
import { clickhouseTarget } from '../clickhouse/clickhouse-target.ts'
import { SinkRunner } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import { openPgliteDatabase } from '../postgres/pglite-database.ts'
import { postgresTarget } from '../postgres/postgres-target.ts'
import { sampleLife, writeLife } from './sample-life.ts'

const [kind, directory = ''] = process.argv.slice(2)
const schemas = testSchemas()
const log = memoryLog()
await writeLife(log, schemas.topics, sampleLife(40, 6))

const target =
  kind === 'postgres'
    ? postgresTarget(await openPgliteDatabase(directory))
    : clickhouseTarget(await openChdbAnalytics(directory))
let writes = 0
const told = {
  ...target,
  write: async (batch: Parameters<typeof target.write>[0]) => {
    const rows = await target.write(batch)
    writes += 1
    process.stdout.write(`applied ${writes}\n`)
    return rows
  },
}
const runner = new SinkRunner({ log, topics: sinkTopics(schemas.topics), target: told, batchBytes: 32_768 })
await runner.start()
await runner.catchUp(60_000)
process.stdout.write('done\n')
process.kill(process.pid, 'SIGKILL')
