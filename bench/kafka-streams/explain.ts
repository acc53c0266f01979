import { KAFKA_VERSION } from '#streams/testing/kafka-broker'
import { platformFlags } from '../node-flags.ts'
import { KAFKA_STREAMS_VERSION } from './java-worker.ts'
import { SESSION_TIMEOUT_MS, type Sizes, WARM_UP_MS } from './measure.ts'

/** What is compared, and how each figure is taken: printed before the figures. */
export function explain(sizes: Sizes, runs: number, jvmFlags: readonly string[]): string {
  const { records, keys, partitions, pacedSeconds, restoredRecords } = sizes
  const n = (value: number) => value.toLocaleString('en-US')
  const jvm = jvmFlags.length === 0 ? 'a JVM without flags' : `java ${jvmFlags.join(' ')}`
  return `Kafka Streams ${KAFKA_STREAMS_VERSION} (EOS v2, its defaults, ${jvm})
and ours (its defaults, node ${platformFlags().join(' ')}),
on one broker of Kafka ${KAFKA_VERSION}; runs of each, in turns: ${runs}.
Topology: get and put 120 B of state in RocksDB with a changelog, forward 150 B.
  throughput  ${n(records)} records that are there from the start (${n(keys)} keys, ${partitions} partitions):
              from when the worker says that it runs until its group has committed the end.
              Starting the process and the JVM is in neither figure.
  CPU         user and system time of the whole process in that span, a record (/proc/<pid>/stat).
  memory      the most the process held until then (VmHWM).
  latency     at 200 and at 1,000 records a second for ${pacedSeconds} s, in the same process, after
              ${WARM_UP_MS / 1_000} s that do not count: from when a record was due until a third process has read its
              output as committed.
  restore     ${n(restoredRecords)} changelog records of as many keys into an empty folder: from when
              restoring begins until the worker says that it runs.
  failover    two instances at 200 records a second, kill -9 of one: until every partition has
              given an output of a later record. Both without standbys and with a session of
              ${n(SESSION_TIMEOUT_MS)} ms, which Kafka Streams has at 45 s by default.
`
}
