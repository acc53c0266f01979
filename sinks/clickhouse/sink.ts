import type { Schemas } from '#schemas'
import type { Log } from '#streams'
import { SinkRunner } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import type { Analytics } from './analytics.ts'
import { clickhouseTarget } from './clickhouse-target.ts'

/** Options of `clickhouseSink`. */
export type ClickhouseSinkOptions = {
  readonly log: Log
  readonly schemas: Schemas
  readonly analytics: Analytics
  /** The name of this process among those that write to the same store. Left out: it is the only one. */
  readonly instanceId?: string | undefined
}

/** Nobody waits for analytics, and ClickHouse likes few big inserts. */
const REST_MS = 1_000

/** Copies every event topic into ClickHouse, exactly once by effect. ClickHouse stays open after `stop()`. */
export function clickhouseSink({ log, schemas, analytics, instanceId }: ClickhouseSinkOptions): SinkRunner {
  // ClickHouse has no transaction that could tell a late write: one process writes, the others stand by.
  const group = instanceId === undefined ? undefined : ({ instanceId, sharedBy: 'all' } as const)
  const [topics, target] = [sinkTopics(schemas.topics), clickhouseTarget(analytics)]
  return new SinkRunner({ log, topics, target, group, restMs: REST_MS })
}
