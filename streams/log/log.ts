/**
 * The partitioned-log port: what the runtime needs of Apache Kafka, and no more. Adapters: `memory`, `embedded`
 * (and `kafka`). All pass `testing/log-suite.ts`; a topology cannot tell which one it runs on.
 *
 * Invariants every adapter keeps:
 * - Offsets of a partition rise and are never used twice; there may be gaps between them.
 * - A reader sees committed records only, in offset order, and never one after an undecided one.
 * - A transaction is all or nothing over all its topics, partitions and consumed offsets.
 * - A transaction that carries consumed offsets is refused with LOG_FENCED when its group epoch is not the
 *   current one: a zombie cannot commit.
 */

import type { FetchedEntries } from './entry-reader.ts'

/** A partition of a topic. */
export type TopicPartition = { readonly topic: string; readonly partition: number }

/** What a topic is made with. */
export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** `delete` drops what is older than `retentionMs`; `compact` keeps the newest record of each key. */
  readonly cleanup: 'delete' | 'compact'
  /** Milliseconds; -1 keeps records for ever. Only for `delete`. */
  readonly retentionMs: number
}

/** Names and values beside a record; a name can stand more than once. */
export type Headers = readonly (readonly [name: string, value: Buffer])[]

/** A record as it stands in the log. A null value is a tombstone. */
export type LogRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch, as the producer gave it. */
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

/** A record to be written. `partition` is explicit; `partitionFor` in `partitioner.ts` chooses it by key. */
export type ProducerRecord = {
  readonly topic: string
  readonly partition: number
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Headers
}

/** Which incarnation of a group's membership speaks. The log refuses an old one (KIP-447). */
export type GroupEpoch = { readonly group: string; readonly memberId: string; readonly generation: number }

/** A position in a partition: the offset of the next record to read. */
export type Position = TopicPartition & { readonly offset: number }

/** One atomic step: records, and the positions up to which its input is consumed. */
export type Transaction = {
  readonly records: readonly ProducerRecord[]
  readonly consumed: { readonly epoch: GroupEpoch; readonly positions: readonly Position[] } | null
}

/** Where a commit landed: for each partition written, the offset after its last record. */
export type CommitReceipt = { readonly positions: readonly Position[] }

/**
 * Writes transactions, one at a time: the caller awaits `commit` before the next.
 * Errors of `commit`: LOG_FENCED (nothing was written. Another owner has taken over: give up. Or the group has moved
 * on: then this producer takes the same transaction under the epoch that the member has by now), LOG_ABORTED
 * (certainly not committed: the same transaction may be tried again), LOG_OUTCOME_UNKNOWN (perhaps committed: open a
 * new producer, read the committed positions again and go on from there), LOG_UNKNOWN_TOPIC, LOG_RECORD_TOO_LARGE,
 * LOG_STORAGE_FULL.
 */
export interface TransactionalProducer {
  commit(transaction: Transaction): Promise<CommitReceipt>
  close(): Promise<void>
}

/**
 * What one partition gave to a fetch. Every position asked is answered, in the order asked, also where there is
 * nothing to read.
 */
export type FetchedPartition = TopicPartition & {
  readonly records: readonly LogRecord[]
  /** Where to read on. It can pass the last record's offset + 1 where the log has gaps. */
  readonly nextOffset: number
  /** The first offset a reader cannot see yet (the last stable offset). */
  readonly endOffset: number
}

/** What to read, from where, and how long to wait for it. */
export type FetchRequest = {
  readonly positions: readonly Position[]
  /** Stop adding records near this many bytes; one record is always given. */
  readonly maxBytes: number
  /** Wait this long for a first record; 0 answers at once. */
  readonly maxWaitMs: number
  /** Ends the wait early with what there is. */
  readonly signal?: AbortSignal
}

/** A member as the assignor sees it. */
export type AssignorMember = {
  readonly memberId: string
  /** The name it keeps over restarts; null where it has none. */
  readonly instanceId: string | null
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  /** Whatever the member wants its assignor to know: stores held, lag. */
  readonly userData: Buffer | null
}

/** What an assignor gives a member. */
export type MemberAssignment = {
  readonly partitions: readonly TopicPartition[]
  /** Whatever the assignor wants the member to know beside them: standbys to keep, who has what. */
  readonly userData: Buffer | null
}

/** Decides who reads what. Pure: the same input gives the same answer on every member. */
export interface Assignor {
  readonly name: string
  /** Answers by member id. `partitions` has the partition count of every topic that a member asked for. */
  assign(
    members: readonly AssignorMember[],
    partitions: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, MemberAssignment>
}

/** How a member joins, and what it wants to be told. A hand-over awaits each callback. */
export type JoinGroupOptions = {
  readonly group: string
  readonly topics: readonly string[]
  readonly assignor: Assignor
  /**
   * The name of the member over restarts (Kafka's group.instance.id). Whoever joins under a name that the group has
   * already takes the older member's place: that one is fenced and told by `onLost`, and what it had is handed over
   * to nobody else first.
   */
  readonly instanceId?: string
  /**
   * What the assignor is to know of the member. Read anew each time the assignor is about to be asked (on Kafka: each
   * time JoinGroup is sent), since what a member holds changes. Where it rejects, the member is out of the group.
   */
  readonly userData?: () => Promise<Buffer>
  /**
   * All partitions that are ours now, under this epoch, with what the assignor says beside them. Called again with the
   * new epoch whenever it changes. The next hand-over waits for it: work that takes long is started in it, and not
   * awaited.
   */
  readonly onAssigned: (
    assigned: readonly TopicPartition[],
    epoch: GroupEpoch,
    userData: Buffer | null,
  ) => Promise<void>
  /** These partitions are about to leave: drain, commit and release them before the promise resolves. */
  readonly onRevoked: (revoked: readonly TopicPartition[]) => Promise<void>
  /** Membership was lost without a hand-over (fenced): drop everything uncommitted and join again. */
  readonly onLost: (lost: readonly TopicPartition[]) => Promise<void>
}

/** A place in a group. */
export interface GroupMember {
  readonly memberId: string
  epoch(): GroupEpoch
  assigned(): readonly TopicPartition[]
  /**
   * Asks for a new assignment, since what the member says of itself has changed (Kafka: a JoinGroup by a stable
   * member). What comes of it is told by the callbacks, in none of which this may be awaited. Does nothing where the
   * membership is over. The reason is for logs.
   */
  rejoin(reason: string): Promise<void>
  /**
   * Gives the partitions up and leaves for good, also under an `instanceId`. Does nothing where it is over. With
   * `keepsPlace` a member with an `instanceId` stays known where the log can do that (Kafka): nobody gets its
   * partitions until its session ends, and who joins under its name before that has them back without a rebalance.
   */
  leave(options?: { readonly keepsPlace: boolean }): Promise<void>
}

/** A group as it stands; without members its generation says nothing. */
export type GroupDescription = {
  readonly group: string
  readonly generation: number
  readonly members: readonly { readonly memberId: string; readonly assigned: readonly TopicPartition[] }[]
}

/** Tells adapters apart without asking for their names. */
export type LogCapabilities = {
  readonly persistent: boolean
  readonly crossProcess: boolean
  /**
   * True where compaction moves the beginning of a partition to the first record that is kept. Where it does not, a
   * compacted partition that begins after 0 has lost records that nothing newer stands for.
   */
  readonly compactionMovesBegin: boolean
}

/** A log of topics, each a fixed number of partitions. */
export interface Log {
  readonly capabilities: LogCapabilities

  /**
   * Makes the topics that are missing; one that is there must have the same partition count.
   * @throws StreamsError LOG_PARTITIONS_DIFFER naming the topic and both counts.
   */
  createTopics(specs: readonly TopicSpec[]): Promise<void>
  /** All topics, by name. */
  topics(): Promise<readonly TopicSpec[]>
  /** @throws StreamsError LOG_UNKNOWN_TOPIC */
  partitionCount(topic: string): number

  /** Writes outside of a consumer, atomically, and answers with the offset of each record in order. */
  append(records: readonly ProducerRecord[]): Promise<readonly number[]>
  /** A producer whose id fences any earlier holder of the same id. */
  producer(transactionalId: string): Promise<TransactionalProducer>

  /**
   * Reads committed records.
   * @throws StreamsError LOG_OFFSET_OUT_OF_RANGE below the first record still kept, and past the end.
   */
  fetch(request: FetchRequest): Promise<readonly FetchedPartition[]>
  /** As `fetch`, for whoever brings stores up to a log: what was read is gone through once, and not kept. */
  fetchEntries(request: FetchRequest): Promise<readonly FetchedEntries[]>
  /** The offset of the first record still kept. */
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<readonly Position[]>
  /**
   * The end of what is committed: a reader that has come so far has seen all that was committed before the call. Where
   * a transaction is pending on a partition this waits until it is decided, as long as a crashed producer's takes to
   * time out; `pending: 'ignore'` answers at once with what can be seen now (the last stable offset), for gauges.
   */
  endOffsets(
    partitions: readonly TopicPartition[],
    options?: { readonly pending: 'await' | 'ignore' },
  ): Promise<readonly Position[]>
  /** For each partition the first offset whose timestamp is at or after the time, or its end. */
  offsetsForTime(partitions: readonly TopicPartition[], timestampMs: number): Promise<readonly Position[]>

  joinGroup(options: JoinGroupOptions): Promise<GroupMember>
  groups(): Promise<readonly GroupDescription[]>
  /** The committed position of each partition that has one (and only when no transaction on it is pending). */
  committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]>
  /** Moves a group that has no members. @throws StreamsError LOG_GROUP_ACTIVE */
  resetPositions(group: string, positions: readonly Position[]): Promise<void>

  /** Drops what retention and compaction let go of now. Adapters with a broker of their own do nothing. */
  maintain(nowMs: number): Promise<void>
  close(): Promise<void>
}
