import type { Schemas } from '#schemas'
import type { Log } from '#streams'
import { SinkRunner } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import type { Analytics } from './analytics.ts'
import { clickhouseTarget } from './clickhouse-target.ts'

/** Options of `clickhouseSink`. */
export type ClickhouseSinkOptions = { readonly log: Log; readonly schemas: Schemas; readonly analytics: Analytics }

/** Nobody waits for analytics, and ClickHouse likes few big inserts. */
const REST_MS = 1_000

/** Copies every event topic into ClickHouse, exactly once by effect. ClickHouse stays open after `stop()`. */
export function clickhouseSink({ log, schemas, analytics }: ClickhouseSinkOptions): SinkRunner {
  const topics = sinkTopics(schemas.topics)
  return new SinkRunner({ log, topics, target: clickhouseTarget(analytics), restMs: REST_MS })
}
