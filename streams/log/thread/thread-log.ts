import type { MessagePort } from 'node:worker_threads'
import { StreamsError } from '../../errors.ts'
import { entriesOf, type FetchedEntries } from '../entry-reader.ts'
import type {
  FetchedPartition,
  FetchRequest,
  GroupDescription,
  GroupMember,
  JoinGroupOptions,
  Log,
  LogCapabilities,
  Position,
  ProducerRecord,
  TopicPartition,
  TopicSpec,
  TransactionalProducer,
} from '../log.ts'
import { CallPort } from './call-port.ts'
import type { LogCalls, MemberCalls } from './log-calls.ts'
import { packPositions, unpackFetch } from './packed-fetch.ts'
import { packTransaction, unpackReceipt } from './packed-transaction.ts'
import { PartitionTable } from './partition-table.ts'
import { plainEpoch, plainPartition, plainPosition, plainSpec } from './plain.ts'
import { ThreadMembers } from './thread-members.ts'

/**
 * Opens a log that another thread has and shares by `shareLog`, over the other end of its port. It has every rule of
 * that log; what it asks for takes a message there and one back. Closing it leaves its groups, and not the log.
 * @throws StreamsError THREAD_ENDED
 */
export async function openThreadLog(port: MessagePort): Promise<Log> {
  const members = new ThreadMembers()
  const calls = new CallPort<LogCalls, MemberCalls>(port, members.handlers())
  const { capabilities, topics } = await calls.call('describe', null)
  return new ThreadLog(calls, members, capabilities, topics)
}

class ThreadLog implements Log {
  readonly capabilities: LogCapabilities
  private readonly calls: CallPort<LogCalls, MemberCalls>
  private readonly members: ThreadMembers
  /** As of the last time that this thread asked. */
  private partitionCounts: ReadonlyMap<string, number> = new Map()
  private lastProducer = 0
  private isClosed = false
  private readonly table = new PartitionTable()
  private readonly fetches = new Set<Promise<unknown>>()

  constructor(
    calls: CallPort<LogCalls, MemberCalls>,
    members: ThreadMembers,
    capabilities: LogCapabilities,
    topics: readonly TopicSpec[],
  ) {
    this.calls = calls
    this.members = members
    this.capabilities = capabilities
    this.know(topics)
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.know(await this.ask('createTopics', specs.map(plainSpec)))
  }

  async topics(): Promise<readonly TopicSpec[]> {
    const topics = await this.ask('topics', null)
    this.know(topics)
    return topics
  }

  partitionCount(topic: string): number {
    const count = this.partitionCounts.get(topic)
    if (count !== undefined) return count
    throw new StreamsError('LOG_UNKNOWN_TOPIC', `There is no topic ${topic}. Make it with createTopics before its use.`)
  }

  async append(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    return await this.ask('append', packTransaction(records, [], this.table))
  }

  async producer(transactionalId: string): Promise<TransactionalProducer> {
    const ref = ++this.lastProducer
    await this.ask('openProducer', { ref, transactionalId })
    return {
      commit: async ({ records, consumed }) => {
        const packed = packTransaction(records, consumed?.positions ?? [], this.table)
        const epoch = consumed === null ? null : plainEpoch(consumed.epoch)
        return unpackReceipt(await this.ask('commit', { ...packed, ref, epoch }), this.table)
      },
      close: async () => {
        await this.ask('closeProducer', ref)
      },
    }
  }

  async fetch({ positions, maxBytes, maxWaitMs, signal }: FetchRequest): Promise<readonly FetchedPartition[]> {
    const fetching = this.ask('fetch', { ...packPositions(positions, this.table), maxBytes, maxWaitMs }, signal)
    this.fetches.add(fetching)
    try {
      return unpackFetch(await fetching, positions)
    } finally {
      this.fetches.delete(fetching)
    }
  }

  async fetchEntries(request: FetchRequest): Promise<readonly FetchedEntries[]> {
    // Nothing is used again: the bytes are this thread's own, and go when nobody has them any more.
    const release = () => undefined
    const fetched = await this.fetch(request)
    return fetched.map(({ records, ...part }) => ({ ...part, entries: entriesOf(records), release }))
  }

  beginningOffsets(partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    return this.ask('beginningOffsets', partitions.map(plainPartition))
  }

  endOffsets(
    partitions: readonly TopicPartition[],
    { pending }: { readonly pending: 'await' | 'ignore' } = { pending: 'await' },
  ): Promise<readonly Position[]> {
    return this.ask('endOffsets', { partitions: partitions.map(plainPartition), pending })
  }

  offsetsForTime(partitions: readonly TopicPartition[], timestampMs: number): Promise<readonly Position[]> {
    return this.ask('offsetsForTime', { partitions: partitions.map(plainPartition), timestampMs })
  }

  joinGroup(options: JoinGroupOptions): Promise<GroupMember> {
    return this.members.join(options, {
      join: (order) => this.ask('joinGroup', order),
      rejoin: (ref, reason) => this.ask('rejoin', { ref, reason }),
      leave: (ref, keepsPlace) => this.ask('leave', { ref, keepsPlace }),
    })
  }

  groups(): Promise<readonly GroupDescription[]> {
    return this.ask('groups', null)
  }

  committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    return this.ask('committed', { group, partitions: partitions.map(plainPartition) })
  }

  async resetPositions(group: string, positions: readonly Position[]): Promise<void> {
    await this.ask('resetPositions', { group, positions: positions.map(plainPosition) })
  }

  async maintain(nowMs: number): Promise<void> {
    await this.ask('maintain', nowMs)
  }

  async close(): Promise<void> {
    this.isClosed = true
    // Those who wait for records get what there is, as on every log.
    this.calls.cancelAll()
    await Promise.allSettled(this.fetches)
    this.calls.close()
  }

  private ask<K extends keyof LogCalls>(name: K, input: LogCalls[K][0], signal?: AbortSignal) {
    if (!this.isClosed) return this.calls.call(name, input, signal)
    return Promise.reject(new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.'))
  }

  private know(topics: readonly TopicSpec[]): void {
    this.partitionCounts = new Map(topics.map(({ name, partitions }) => [name, partitions]))
  }
}
