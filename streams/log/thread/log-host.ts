import type { MessagePort } from 'node:worker_threads'
import type { ShareableLog } from '../local/local-log.ts'
import type { GroupMember, TransactionalProducer } from '../log.ts'
import { type CallHandlers, CallPort } from './call-port.ts'
import { asBuffer, type JoinedMember, type JoinOrder, type LogCalls, type MemberCalls, type Ref } from './log-calls.ts'
import { packFetch, unpackPositions } from './packed-fetch.ts'
import { packReceipt, unpackTransaction } from './packed-transaction.ts'
import { PartitionTable } from './partition-table.ts'
import { plainSpec } from './plain.ts'

/** A log that another thread uses, too. */
export type SharedLog = {
  /** Resolves when the other thread has let go of the log, or has ended, and its members have left their groups. */
  readonly released: Promise<void>
  /** Takes the log away from the other thread. The log itself stays open. */
  close(): Promise<void>
}

/** Lets whoever has the other end of the port use a log of this thread, by `openThreadLog`. */
export function shareLog(log: ShareableLog, port: MessagePort): SharedLog {
  const host = new LogHost(log, port)
  return { released: host.released, close: () => host.close() }
}

class LogHost {
  readonly released: Promise<void>
  private readonly log: ShareableLog
  private readonly calls: CallPort<MemberCalls, LogCalls>
  /** The numbers that the other thread gives. */
  private readonly table = new PartitionTable()
  private readonly producers = new Map<Ref, TransactionalProducer>()
  private readonly members = new Map<Ref, GroupMember>()
  private hasLetGo = false

  constructor(log: ShareableLog, port: MessagePort) {
    this.log = log
    this.calls = new CallPort<MemberCalls, LogCalls>(port, this.handlers())
    this.released = this.calls.closed.then(() => this.letGo())
  }

  async close(): Promise<void> {
    this.calls.close()
    await this.released
  }

  private handlers(): CallHandlers<LogCalls> {
    const { log } = this
    const done = async (step: Promise<unknown> | undefined) => {
      await step
      return null
    }
    const topics = async () => (await log.topics()).map(plainSpec)
    return {
      describe: async () => ({ capabilities: log.capabilities, topics: await topics() }),
      createTopics: async (specs) => {
        await log.createTopics(specs)
        return await topics()
      },
      topics,
      append: (packed) => log.append(unpackTransaction(packed, this.table).records),
      openProducer: async ({ ref, transactionalId }) => {
        this.producers.set(ref, await log.producer(transactionalId))
        return null
      },
      commit: async ({ ref, epoch, ...packed }) => {
        const { records, positions } = unpackTransaction(packed, this.table)
        const consumed = epoch === null ? null : { epoch, positions }
        return packReceipt(await this.producerOf(ref).commit({ records, consumed }), this.table)
      },
      closeProducer: (ref) => {
        const producer = this.producerOf(ref)
        this.producers.delete(ref)
        return done(producer.close())
      },
      fetch: async ({ maxBytes, maxWaitMs, ...packed }, signal) => {
        const positions = unpackPositions(packed, this.table)
        return packFetch(await log.fetch({ positions, maxBytes, maxWaitMs, signal }))
      },
      beginningOffsets: (partitions) => log.beginningOffsets(partitions),
      endOffsets: ({ partitions, pending }) => log.endOffsets(partitions, { pending }),
      offsetsForTime: ({ partitions, timestampMs }) => log.offsetsForTime(partitions, timestampMs),
      joinGroup: (order) => this.join(order),
      rejoin: ({ ref, reason }) => done(this.members.get(ref)?.rejoin(reason)),
      leave: ({ ref, keepsPlace }) => done(this.members.get(ref)?.leave({ keepsPlace })),
      groups: () => log.groups(),
      committed: ({ group, partitions }) => log.committed(group, partitions),
      resetPositions: ({ group, positions }) => done(log.resetPositions(group, positions)),
      maintain: (nowMs) => done(log.maintain(nowMs)),
    }
  }

  private async join({ ref, assignorName, hasUserData, instanceId, ...order }: JoinOrder): Promise<JoinedMember> {
    const { calls } = this
    const member = await this.log.joinGroup({
      ...order,
      ...(instanceId === undefined ? {} : { instanceId }),
      assignor: {
        name: assignorName,
        assign: async (members, partitions) => {
          const plan = await calls.call('assign', { ref, members, partitions })
          return new Map([...plan].map(([id, given]) => [id, { ...given, userData: asBuffer(given.userData) }]))
        },
      },
      ...(hasUserData ? { userData: async () => Buffer.from(await calls.call('userData', ref)) } : {}),
      onAssigned: async (partitions, epoch, userData) => {
        await calls.call('assigned', { ref, partitions, epoch, userData })
      },
      onRevoked: async (partitions) => {
        await calls.call('revoked', { ref, partitions })
      },
      onLost: async (partitions) => {
        await calls.call('lost', { ref, partitions })
      },
    })
    this.members.set(ref, member)
    // It may have gone while it joined: then nobody else gives its place up.
    if (this.hasLetGo) await member.leave().catch(() => undefined)
    return { memberId: member.memberId, epoch: member.epoch(), assigned: member.assigned() }
  }

  private producerOf(ref: Ref): TransactionalProducer {
    const producer = this.producers.get(ref)
    if (producer === undefined) throw new TypeError(`There is no producer ${ref} of that thread.`)
    return producer
  }

  /** What it had is free again; what it thinks of that can no longer be asked. */
  private async letGo(): Promise<void> {
    this.hasLetGo = true
    await Promise.allSettled([...this.members.values()].map((member) => member.leave()))
    await Promise.allSettled([...this.producers.values()].map((producer) => producer.close()))
  }
}
