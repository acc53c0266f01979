export { type TaskAssignorOptions, taskAssignor } from './assignor/assignor.ts'
export { oneOwnerAssignor } from './assignor/one-owner-assignor.ts'
export type { TaskGroup } from './assignor/task-slots.ts'
export type { Clock } from './dsl/clock.ts'
export type { DecideStreamOptions } from './dsl/decide.ts'
export type { GlobalKTable } from './dsl/global-ktable.ts'
export type { GroupedStream } from './dsl/grouped-stream.ts'
export type { KStream } from './dsl/kstream.ts'
export type { KTable } from './dsl/ktable.ts'
export { StreamsBuilder } from './dsl/streams-builder.ts'
export { isStreamsError, StreamsError } from './errors.ts'
export { type EmbeddedLogOptions, openEmbeddedLog } from './log/embedded/embedded-log.ts'
export { KeptMembership, type KeptMembershipOptions } from './log/kept-membership.ts'
export type * from './log/log.ts'
export { LogGaps } from './log/log-gaps.ts'
export { type CommitFault, type LogFaults, nextCommits } from './log/memory/log-faults.ts'
export { type MemoryLog, type MemoryLogOptions, memoryLog } from './log/memory/memory-log.ts'
export { murmur2, partitionFor } from './log/partitioner.ts'
export type { AnswersOptions, BesideOptions } from './processor/decide-options.ts'
export type { Decider } from './processor/decider.ts'
export type {
  Processor,
  ProcessorContext,
  ProcessorRecord,
  ValueProcessor,
  ValueProcessorContext,
} from './processor/processor.ts'
export type { KeyValueStore, RangeOptions, ReadOnlyTable, StoreEntry, StoreHandle } from './processor/store-handle.ts'
export { openQueryServer, QueryServer, type QueryServerOptions } from './remote/query-server.ts'
export { StreamsApp } from './runtime/app.ts'
export type { AppHooks, CommitEvent, StreamsAppHooks } from './runtime/app-hooks.ts'
export type { BufferLimits, CommitLimits, StreamsAppOptions } from './runtime/app-options.ts'
export type { AppState } from './runtime/app-state.ts'
export type { RebuildReason } from './runtime/changelog-cursors.ts'
export type { DeadLetterCause } from './runtime/dead-letter.ts'
export { causeOf, DEAD_LETTER_HEADERS, deadLetterRecord } from './runtime/dead-letter.ts'
export { decodeWhenReady } from './runtime/decode-when-ready.ts'
export type { DeadLetterEvent, StreamsHooks } from './runtime/hooks.ts'
export { Interleaver } from './runtime/interleaver.ts'
export { decodeJournal, type JournalEntry, type JournalRun } from './runtime/journal.ts'
export { type Pace, type Rest, restMs } from './runtime/pace.ts'
export type { ControlCommand, ParkedRecord } from './runtime/parked-keys.ts'
export type { DeadLetter, ParkedKey } from './runtime/quarantine.ts'
export type {
  GetOptions,
  ScanStoreOptions,
  StaleEntries,
  Staleness,
  StaleValue,
  StoreQuery,
  WaitOptions,
} from './runtime/queries.ts'
export { RateMeter, type Rates } from './runtime/rate-meter.ts'
export { type ReplayOptions, replayTask } from './runtime/replay.ts'
export { type ResetOptions, type ResetReport, resetApplication } from './runtime/reset.ts'
export type { RestoreProgress } from './runtime/restore-pace.ts'
export type { StandbyProgress } from './runtime/standby-task.ts'
export type { AppStatus, InputStatus, StandbyStatus, StatusTotals, StoreStatus, TaskStatus } from './runtime/status.ts'
export type { TaskState } from './runtime/task-host.ts'
export type { ReadFrom } from './runtime/task-read.ts'
export { Wakeup } from './runtime/wakeup.ts'
export { bytesSerde, jsonSerde, type Serde, SerdeNotReady, stringSerde } from './serde/serde.ts'
export { MemoryBackend } from './store/memory-backend.ts'
export { openRocksDbBackend, type RocksDbBackendOptions } from './store/rocksdb-backend.ts'
export type { Entry, KeyRange, ScanOptions, StoreBackend, WriteBatch } from './store/store.ts'
export type { TopologyDescription } from './topology/describe.ts'
export { changelogTopic, deadLetterTopic, journalTopic } from './topology/internal-topics.ts'
export type { DecodePolicy, FailurePolicies, ProcessPolicy } from './topology/policies.ts'
export type { Subtopology } from './topology/subtopology.ts'
export type { Topic } from './topology/topic.ts'
export { Topology } from './topology/topology.ts'
