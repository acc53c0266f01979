import type { Schemas } from '#schemas'
import type { Log } from '#streams'
import { SinkRunner } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import type { Database } from './database.ts'
import { postgresTarget } from './postgres-target.ts'

/** Options of `postgresSink`. */
export type PostgresSinkOptions = {
  readonly log: Log
  readonly schemas: Schemas
  readonly database: Database
  /** The name of this process among those that write to the same database. Left out: it is the only one. */
  readonly instanceId?: string | undefined
}

/** Ten writes a second are soon enough for who does not wait, and leave the processor to others. */
const REST_MS = 100

/**
 * Copies every event topic into PostgreSQL, exactly once by effect. `start()` migrates first; `applied` lets readers
 * wait for their own writes; the database stays open after `stop()`.
 */
export function postgresSink({ log, schemas, database, instanceId }: PostgresSinkOptions): SinkRunner {
  const group = instanceId === undefined ? undefined : ({ instanceId, sharedBy: 'partitions' } as const)
  const [topics, target] = [sinkTopics(schemas.topics), postgresTarget(database)]
  return new SinkRunner({ log, topics, target, group, restMs: REST_MS })
}
