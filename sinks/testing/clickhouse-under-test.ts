import type { Analytics } from '../clickhouse/analytics.ts'
import { clickhouseTarget } from '../clickhouse/clickhouse-target.ts'
import { EVENTS, UNREADABLE } from '../clickhouse/tables.ts'
import type { SinkUnderTest } from './sink-suite.ts'

/** A ClickHouse for the suite of sinks. */
export function clickhouseUnderTest(analytics: Analytics): SinkUnderTest {
  return {
    sharedBy: 'all',
    target: () => clickhouseTarget(analytics),
    rows: () =>
      analytics.query(`SELECT * FROM ${EVENTS} WHERE type != '${UNREADABLE}' ORDER BY topic, partition, log_offset`),
    unreadable: async () => (await analytics.query(`SELECT 1 FROM ${EVENTS} WHERE type = '${UNREADABLE}'`)).length,
    // Not TRUNCATE: tokens of the last inserts would be remembered, and the same events dropped as repeats.
    clear: () => analytics.command(`DROP TABLE IF EXISTS ${EVENTS} SYNC`),
    close: () => analytics.close(),
  }
}
